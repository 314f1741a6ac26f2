"""Every route against every role. Who adds a route adds it here."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts.roles import HELD_BY, ROLES
from app.core.access import declared_permission
from tests.content.making import make_case
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import page_of
from tests.support.publishing import given
from tests.support.staff import signed_in

PERMISSIONS = {
    "accounts.accept_invitation": "public",
    "accounts.account": "signed-in",
    "accounts.add_passkey": "signed-in",
    "accounts.ask_for_passkey": "public",
    "accounts.ask_for_reset": "public",
    "accounts.change_password": "signed-in",
    "accounts.change_roles": "staff.keep",
    "accounts.check_passkey": "public",
    "accounts.choose_mails": "signed-in",
    "accounts.choose_shortcuts": "signed-in",
    "accounts.end_own_sessions": "signed-in",
    "accounts.end_user_sessions": "staff.keep",
    "accounts.find_users": "staff.keep",
    "accounts.forgotten": "public",
    "accounts.invite": "staff.keep",
    "accounts.invite_again": "staff.keep",
    "accounts.keep_session": "signed-in",
    "accounts.passkeys": "signed-in",
    "accounts.remove_passkey": "signed-in",
    "accounts.rename": "signed-in",
    "accounts.reset_asked": "public",
    "accounts.reset_password": "public",
    "accounts.reset_second_factor": "staff.keep",
    "accounts.save_password": "signed-in",
    "accounts.session_left": "signed-in",
    "accounts.set_up_passkey": "public",
    "accounts.show_reset": "public",
    "accounts.show_welcome": "public",
    "accounts.sign_in_by_passkey": "public",
    "accounts.switch_off": "staff.keep",
    "accounts.switch_on": "staff.keep",
    "accounts.user": "staff.keep",
    "accounts.users": "staff.keep",
    "accounts.withdraw_invitation": "staff.keep",
    "content.case": "public",
    "content.cases": "public",
    "content.feed": "public",
    "content.file": "public",
    "content.read_study": "public",
    "content.robots": "public",
    "content.sitemap": "public",
    "content.stories": "public",
    "content.story": "public",
    "content.study": "public",
    "desk.add_note": "inquiries.work",
    "desk.arrivals": "inquiries.read",
    "desk.ask_before_removing_reply_template": "replies.keep",
    "desk.audit_record": "audit.read",
    "desk.complete_answers": "inquiries.work",
    "desk.create_reply_template": "replies.keep",
    "desk.edit_reply_template": "replies.keep",
    "desk.key_in": "inquiries.work",
    "desk.log_contact": "inquiries.work",
    "desk.move_inquiry": "inquiries.work",
    "desk.new_contact": "inquiries.work",
    "desk.new_inquiry": "inquiries.work",
    "desk.new_reply_template": "replies.keep",
    "desk.ask_reason": "inquiries.work",
    "desk.hand_over": "inquiries.work",
    "desk.move_with_reason": "inquiries.work",
    "desk.set_follow_up": "inquiries.work",
    "desk.take": "inquiries.work",
    "desk.queue": "inquiries.read",
    "desk.remove_reply_template": "replies.keep",
    "desk.reply_templates": "replies.keep",
    "desk.save_reply_template": "replies.keep",
    "desk.search": "inquiries.read",
    "desk.send_mail_again": "inquiries.work",
    "desk.send_reply": "inquiries.work",
    "desk.show_answers": "inquiries.work",
    "desk.show_inquiry": "inquiries.read",
    "desk.write_reply": "inquiries.work",
    "editing.ask_before_erasing": "content.edit",
    "editing.bring_back": "content.edit",
    "editing.compare": "content.edit",
    "editing.create_item": "content.edit",
    "editing.edit": "content.edit",
    "editing.edit_section": "content.edit",
    "editing.erase": "content.edit",
    "editing.item": "content.edit",
    "editing.keep_upload": "content.edit",
    "editing.links": "content.edit",
    "editing.move": "content.edit",
    "editing.move_section": "content.edit",
    "editing.new_item": "content.edit",
    "editing.overview": "content.edit",
    "editing.permission": "content.edit",
    "editing.permission_document": "content.edit",
    "editing.preview": "content.edit",
    "editing.preview_section": "content.edit",
    "editing.publish": "content.edit",
    "editing.record_permission": "content.edit",
    "editing.remove_section": "content.edit",
    "editing.save": "content.edit",
    "editing.save_section": "content.edit",
    "editing.unpublish": "content.edit",
    "editing.upload": "content.edit",
    "editing.version": "content.edit",
    "editing.version_file": "content.edit",
    "editing.withdraw_permission": "content.edit",
    "editing.version_as_sent": "content.versions",
    "health.healthz": "public",
    "health.readyz": "public",
    "security.check_code": "public",
    "security.login": "public",
    "security.logout": "signed-in",
    "security.mf_recovery": "public",
    "security.mf_recovery_codes": "signed-in",
    "security.two_factor_rescue": "public",
    "security.two_factor_setup": "public",
    "security.two_factor_token_validation": "public",
    "security.verify": "signed-in",
    "site.challenge": "public",
    "site.answer_step": "public",
    "site.ask_for_call": "public",
    "site.check_answers": "public",
    "site.continue_draft": "public",
    "site.discard": "public",
    "site.first_step": "public",
    "site.go_on": "public",
    "site.home": "public",
    "site.mail_link": "public",
    "site.open_draft": "public",
    "site.receive_form": "public",
    "site.request_call": "public",
    "site.saved": "public",
    "site.send_checked": "public",
    "site.sent": "public",
    "site.show_step": "public",
    "site.whole_form": "public",
}
HOLDERS = {
    "audit.read": {"admin"},
    "content.edit": {"editor"},
    "content.versions": {"coordinator", "doctor", "editor"},
    "inquiries.read": {"coordinator", "doctor"},
    "inquiries.work": {"coordinator"},
    "replies.keep": {"admin"},
    "staff.keep": {"admin"},
    "signed-in": {"coordinator", "doctor", "editor", "admin"},
}
EVERYONE = ("visitor", "coordinator", "doctor", "editor", "admin")
ENDS_THE_SESSION = "security.logout"
FIRST_PAGES = {"editor": "/desk/content", "admin": "/desk/users"}
"""Where those who have no queue to look at begin."""


@ON_SQLITE
def test_every_route_declares_who_may_use_it_and_stands_in_this_table(app: Flask) -> None:
    declared = {rule.endpoint: declared_permission(app, rule.endpoint) for rule in app.url_map.iter_rules()}

    assert declared == PERMISSIONS


def test_the_roles_hold_what_this_table_says() -> None:
    assert set(ROLES) == set(EVERYONE) - {"visitor"}
    assert {name: held for name, held in HOLDERS.items() if name != "signed-in"} == HELD_BY


@ON_SQLITE
@pytest.mark.parametrize("role", EVERYONE)
def test_every_route_answers_each_role_as_the_table_says(app: Flask, role: str) -> None:
    reference = make_inquiry(app)
    client = app.test_client() if role == "visitor" else signed_in(app, role)
    (token,) = page_of(client.get("/")).values("/inquiries")["csrf_token"]
    parts = {"reference": reference, "token": "A" * 43, "code": "A", "step": "who", **content_parts(app)}
    parts["template"] = "0" * 16
    parts["handle"] = "0" * 16  # nobody's: each role is told of its own right, and nothing is done to anyone
    wrong = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint == ENDS_THE_SESSION):
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            answer = ask(app, client, rule, method, **parts, csrf_token=token)
            expected = expected_answer(PERMISSIONS[rule.endpoint], role)
            if rule.endpoint == "desk.queue" and role in FIRST_PAGES:
                expected = {"led elsewhere"}
            if rule.endpoint == ENDS_THE_SESSION and role != "visitor":
                expected = {"asked to sign in"}  # where signing out leads to
            if kind_of(answer) not in expected:
                wrong.append(f"{method} {rule.rule}: {answer.status}, not {expected}")

    assert wrong == []


def content_parts(app: Flask) -> dict[str, str]:
    """Return what the addresses of content name, for a case that is not published."""
    with app.app_context():
        slug = make_case(permission=given()).slug
    others = {
        "anchor": "change",
        "direction": "up",
        "target": "closed",
        "what": "picture",
        "name": "picture-320.webp",
    }
    return {"kind": "case", "kinds": "cases", "slug": slug, "number": "1", "place": "0", **others}


def ask(app: Flask, client: FlaskClient, rule: Rule, method: str, **parts: str) -> TestResponse:
    """Ask for a route as the site's own pages do."""
    token = parts.pop("csrf_token")
    if "/treatment/" in rule.rule:
        parts["slug"] = "en"
    with app.test_request_context():
        address = app.url_map.bind("localhost").build(
            rule.endpoint, {name: parts[name] for name in rule.arguments}, method=method
        )
    return client.open(address, method=method, data={"csrf_token": token} if method != "GET" else None)


def expected_answer(permission: str, role: str) -> set[str]:
    """Return the kinds of answer that the table allows."""
    if permission == "public":
        return {"answered", "asked to sign in"}  # a view may itself want a password first
    if role == "visitor":
        return {"asked to sign in"}
    if role not in HOLDERS[permission]:
        return {"refused"}
    return {"answered"}


def kind_of(answer: TestResponse) -> str:
    if answer.status_code == 403:
        return "refused"
    location = answer.headers.get("Location", "")
    is_led_there = answer.status_code in {302, 303} and location.startswith("/desk/sign-in")
    if is_led_there or answer.status_code == 401:
        return "asked to sign in"
    if answer.request.path == "/desk" and location in FIRST_PAGES.values():
        return "led elsewhere"
    return "failed" if answer.status_code == 500 else "answered"


@ON_SQLITE
def test_a_visitor_who_signs_in_comes_to_the_page_that_was_asked_for(app: Flask) -> None:
    answer = app.test_client().get("/desk?older_than=SCI-2345-6789")

    assert answer.location == "/desk/sign-in?next=/desk?older_than%3DSCI-2345-6789"


@ON_SQLITE
@pytest.mark.parametrize("role", ["doctor", "editor", "admin"])
def test_no_page_shows_a_button_that_its_reader_may_not_press(app: Flask, role: str) -> None:
    reference = make_inquiry(app)
    client = signed_in(app, role)
    content = ("/desk/content", "/desk/content/recent/first", "/desk/content/treatment/en")
    accounts = ("/desk/account", "/desk/users")
    for path in ("/", "/desk", f"/desk/inquiries/{reference}", "/inquiries/sent", *content, *accounts):
        answer = client.get(path)
        if answer.status_code in {303, 403}:
            continue
        for form in page_of(answer).all("form"):
            endpoint, _ = app.url_map.bind("localhost").match(
                str(form.get("action")), method=form.get("method", "get").upper()
            )
            permission = PERMISSIONS[endpoint]
            assert permission == "public" or role in HOLDERS[permission], f"{path}: {endpoint}"
