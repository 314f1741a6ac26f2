"""The pages that keep staff: who has an account, who is invited, and what is done about both."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import changing, invitations, keeping
from app.accounts.changing import role_names
from app.accounts.handles import handle_of
from app.accounts.models import Invitation, StaffSession, User
from app.accounts.roles import HELD_BY, PERMISSION_WORDS
from app.audit.log import SYSTEM
from app.core.clock import now
from app.core.database import db, new_id
from tests.accounts.people import EMAIL, acts, add_staff, is_at_desk, send, sign_in, staff, work_on
from tests.support.cast import PASSWORD as ADMIN_PASSWORD
from tests.support.cast import STAFF
from tests.support.counting import statements
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, page_of, text_of
from tests.support.staff import signed_in

USERS = "/desk/users"
ADMIN = STAFF["admin"][1]
ADA, EVE = "ada@clinic.example", "eve@clinic.example"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """The browser of the only administrator, who is signed in."""
    return signed_in(app, "admin")


def address(app: Flask, email: str = EMAIL) -> str:
    """Return the address of the page of an account."""
    with app.app_context():
        return f"{USERS}/{handle_of(staff(app, email))}"


def press(client: FlaskClient, path: str, action: str, **answers: object) -> TestResponse:
    """Open a page and send one of its forms."""
    return send(client, page_of(client.get(path)), action, **answers)  # type: ignore[arg-type]


def follow(client: FlaskClient, response: TestResponse) -> Page:
    """Return the page that an answer leads to."""
    assert response.status_code == 303, page_of(response).text
    return page_of(client.get(response.location))


def roles_of(app: Flask, email: str = EMAIL) -> list[str]:
    with app.app_context():
        return role_names(db.session.scalars(sa.select(User).where(User.email == email)).one())


def open_invitation(app: Flask) -> Invitation:
    with app.app_context():
        open_ones = sa.select(Invitation).where(Invitation.ends_at > now())
        return db.session.scalars(open_ones).one()


def only_acts(app: Flask, action: str) -> list[tuple[str, UUID | None]]:
    return [(actor, about) for actor, done, about in acts(app) if done == action]


def test_the_list_tells_who_has_an_account_and_in_which_state(app: Flask, admin: FlaskClient) -> None:
    add_staff(app, ADA, ("doctor", "editor"))
    add_staff(app, EVE, active=False)

    page = page_of(admin.get(USERS))

    rows = [text_of(row) for row in page.all("tr") if row.get("role") == "row"][1:]
    assert len(rows) == 3
    mine, ada, eve = rows
    assert "Example Administrator" in mine
    assert ADMIN in mine
    assert "Not in the last three months" not in mine
    assert ada.startswith(f"Iris {ADA}")
    assert "Doctor, Editor" in ada
    assert "Not set up" in ada
    assert "Active" in ada
    assert "Not in the last three months" in ada
    assert EVE in eve
    assert "Switched off" in eve


def test_no_address_of_the_pages_holds_a_row_id_a_name_or_an_e_mail_address(
    app: Flask, admin: FlaskClient
) -> None:
    user_id = add_staff(app, ADA)
    html = admin.get(USERS).text + admin.get(address(app, ADA)).text

    assert str(user_id) not in html
    assert user_id.hex not in html
    assert not [link for link in page_of(admin.get(USERS)).all("a") if ADA in link.get("href", "")]


@ON_SQLITE
def test_a_handle_is_found_again_after_a_new_key_became_the_newest(app: Flask, admin: FlaskClient) -> None:
    add_staff(app)
    before = address(app)
    keys = app.config["FIELD_KEYS"]
    app.config["FIELD_KEYS"] = [b"n" * 32, *keys]
    from app.core.crypto import init_crypto

    init_crypto(app)

    assert address(app) != before
    assert admin.get(before).status_code == 200


@ON_SQLITE
def test_five_hundred_people_come_in_pages_with_few_queries(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        role = keeping.role_named("coordinator")
        db.session.add_all(
            User(
                id=new_id(),
                name=f"Person {number:03}",
                email=f"person{number:03}@clinic.example",
                fs_uniquifier=f"name-{number}",
                roles=[role],
            )
            for number in range(500)
        )
        db.session.commit()

    with statements(app) as sent:
        first = admin.get(USERS)
    last = page_of(admin.get(f"{USERS}?page=11"))

    assert len(sent) < 20
    assert len(first.data) < 100_000
    assert "Page 1 of 11" in page_of(first).text
    assert "Person 048" in page_of(first).text
    assert "Person 049" not in page_of(first).text
    assert "Person 499" in last.text
    assert "Next page" not in last.text
    for odd in ("0", "-1", "12", "x", "9" * 30):
        assert admin.get(USERS, query_string={"page": odd}).status_code == 200


@ON_SQLITE
def test_long_names_and_names_from_right_to_left_stand_apart_from_their_surroundings(
    app: Flask, admin: FlaskClient
) -> None:
    add_staff(app)
    for name in ("Wolfeschlegelsteinhausen" * 5, "د. ليلى الخطيب"):
        with app.app_context():
            user = db.session.scalars(sa.select(User).where(User.email == EMAIL)).one()
            changing.rename(user, name, SYSTEM)
        for path in (USERS, address(app)):
            assert name in {text_of(bdi) for bdi in page_of(admin.get(path)).all("bdi")}


@ON_SQLITE
@pytest.mark.parametrize("sought", ["zoë", "ZOE", "ada@clinic", "quill zo"])
def test_staff_are_found_by_a_part_of_the_name_or_address(
    app: Flask, admin: FlaskClient, sought: str
) -> None:
    add_staff(app, EVE)
    add_staff(app, ADA)
    with app.app_context():
        changing.rename(
            db.session.scalars(sa.select(User).where(User.email == ADA)).one(), "Zoë Quill", SYSTEM
        )

    response = press(admin, USERS, f"{USERS}/find", sought=sought)

    assert response.status_code == 200
    page = page_of(response)
    assert "1 person was found." in page.text
    assert "Zoë Quill" in page.text
    assert EVE not in page.text


@ON_SQLITE
def test_a_search_for_nothing_is_asked_again_and_one_without_result_says_what_to_write(
    admin: FlaskClient,
) -> None:
    empty = press(admin, USERS, f"{USERS}/find", sought=" ")
    assert empty.status_code == 422
    assert page_of(empty).errors == {"sought": "Write what to look for."}
    assert ADMIN in page_of(empty).text
    nothing = page_of(press(admin, USERS, f"{USERS}/find", sought="nobody at all"))
    assert "0 people were found." in nothing.text
    assert "Write a part of the name" in nothing.text


def test_someone_is_invited_with_a_mail_and_the_administrator_stands_in_the_record(
    app: Flask, admin: FlaskClient
) -> None:
    response = press(
        admin, USERS, f"{USERS}/invitations", email=f" {ADA.upper()}", roles=["doctor", "editor"]
    )

    page = follow(admin, response)
    assert f"{ADA}\u2069 is invited." in page.text
    assert "Doctor, Editor" in page.text
    invitation = open_invitation(app)
    assert (invitation.email, invitation.roles) == (ADA, "doctor,editor")
    assert only_acts(app, "user.invited") == [("staff", invitation.id)]
    with app.app_context():
        from app.outbox.models import OutboxMail

        mails = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.about_id == invitation.id)).all()
        assert [mail.recipient for mail in mails] == [ADA]


@ON_SQLITE
@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"email": "", "roles": ["doctor"]}, {"email": "Write the e-mail address."}),
        ({"email": ADA, "roles": []}, {"roles": "Choose at least one role."}),
        ({"email": ADA, "roles": ["king"]}, {"roles": "Choose only from these answers."}),
        ({"email": ADMIN, "roles": ["doctor"]}, {"email": "There is an account with this address already."}),
    ],
)
def test_an_invitation_that_cannot_be_sent_comes_back_with_what_was_typed(
    app: Flask, admin: FlaskClient, answers: dict[str, object], errors: dict[str, str]
) -> None:
    response = press(admin, USERS, f"{USERS}/invitations", **answers)

    assert response.status_code == 422
    page = page_of(response)
    assert page.errors == errors
    assert page.title.startswith("Error:")
    kept = page.values(f"{USERS}/invitations")
    assert kept["email"] == [answers["email"]]
    if answers["roles"] == ["doctor"]:
        assert kept["roles"] == ["doctor"]
    assert only_acts(app, "user.invited") == []


@ON_SQLITE
def test_a_page_that_was_open_for_days_gives_the_invitation_back(admin: FlaskClient) -> None:
    action = f"{USERS}/invitations"
    response = press(admin, USERS, action, csrf_token="old", email=ADA, roles=["doctor"])

    assert response.status_code == 422
    page = page_of(response)
    assert "Send it once more" in page.text
    kept = page.values(action)
    assert (kept["email"], kept["roles"]) == ([ADA], ["doctor"])
    assert follow(admin, send(admin, page, action))


def test_an_invitation_is_sent_again_and_the_link_before_ends(app: Flask, admin: FlaskClient) -> None:
    press(admin, USERS, f"{USERS}/invitations", email=ADA, roles=["doctor", "coordinator"])
    before = open_invitation(app)

    page = follow(admin, press(admin, USERS, f"{USERS}/invitations/again"))

    assert "The one before does not work any more." in page.text
    after = open_invitation(app)
    assert after.id != before.id
    assert (after.email, set(after.roles.split(","))) == (ADA, {"doctor", "coordinator"})


def test_an_invitation_is_withdrawn_and_its_link_is_over(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        invitation = invitations.invite(ADA, ["doctor"])

    page = follow(admin, press(admin, USERS, f"{USERS}/invitations/withdraw"))

    assert "Nobody is invited at the moment." in page.text
    assert only_acts(app, "user.invitation_withdrawn") == [("staff", invitation.id)]
    with app.app_context():
        kept = db.session.get_one(Invitation, invitation.id)
        assert kept.ends_at <= now()
        invitations.withdraw_invitation(kept, SYSTEM)
    assert len(only_acts(app, "user.invitation_withdrawn")) == 1


@ON_SQLITE
def test_an_invitation_that_is_over_is_not_listed_and_cannot_be_sent_again(
    app: Flask, admin: FlaskClient
) -> None:
    with app.app_context():
        invitations.invite(ADA, ["doctor"])
        invitations.invite(EVE, ["doctor"])
    page = page_of(admin.get(USERS))
    add_staff(app, ADA)
    with app.app_context():
        db.session.execute(
            sa.update(Invitation).where(Invitation.email == EVE).values(ends_at=now() - timedelta(days=1))
        )
        db.session.commit()

    assert "Nobody is invited at the moment." in page_of(admin.get(USERS)).text
    for again in ("again", "withdraw"):
        assert send(admin, page, f"{USERS}/invitations/{again}").status_code == 404


def test_roles_are_changed_and_the_person_is_signed_out(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    user_id = add_staff(app)
    sign_in(client)
    assert is_at_desk(client)

    page = follow(admin, press(admin, address(app), f"{address(app)}/roles", roles=["doctor", "editor"]))

    assert "The roles of \u2068Iris\u2069 are saved." in page.text
    assert roles_of(app) == ["doctor", "editor"]
    assert not is_at_desk(client)
    assert only_acts(app, "user.roles_changed") == [("staff", user_id)]


@ON_SQLITE
def test_saving_the_same_roles_signs_nobody_out(app: Flask, admin: FlaskClient, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)

    follow(admin, press(admin, address(app), f"{address(app)}/roles"))

    assert is_at_desk(client)
    assert only_acts(app, "user.roles_changed") == []


@ON_SQLITE
def test_nobody_is_left_without_a_role_by_this_form(app: Flask, admin: FlaskClient) -> None:
    add_staff(app)
    response = press(admin, address(app), f"{address(app)}/roles", roles=[])
    assert response.status_code == 422
    assert page_of(response).errors == {"roles": "Choose at least one role."}
    assert roles_of(app) == ["coordinator"]


def test_roles_that_someone_changed_meanwhile_are_shown_beside_the_own_choice(
    app: Flask, admin: FlaskClient
) -> None:
    add_staff(app)
    path = address(app)
    page = page_of(admin.get(path))
    with app.app_context():
        changing.set_roles(keeping.account_of(EMAIL), ["editor"], SYSTEM)

    response = send(admin, page, f"{path}/roles", roles="doctor")

    assert response.status_code == 409
    shown = page_of(response)
    assert "The roles are now: Editor. You chose: Doctor." in shown.text
    assert roles_of(app) == ["editor"]
    assert shown.values(f"{path}/roles")["roles"] == ["doctor"]
    follow(admin, send(admin, shown, f"{path}/roles"))
    assert roles_of(app) == ["doctor"]


def test_the_last_active_administrator_keeps_the_role_and_the_account(app: Flask, admin: FlaskClient) -> None:
    add_staff(app, EVE, ("admin",), active=False)
    path = address(app, ADMIN)

    roles = press(admin, path, f"{path}/roles", roles=["editor"], gives_up="y")
    off = press(admin, path, f"{path}/off", sure="y")

    for response in (roles, off):
        assert response.status_code == 409
        assert "Make another person an administrator first" in page_of(response).text
    assert page_of(roles).values(f"{path}/roles")["roles"] == ["editor"]
    assert roles_of(app, ADMIN) == ["admin"]
    assert staff(app, ADMIN).active
    assert admin.get(USERS).status_code == 200


def test_who_takes_the_role_from_themself_says_that_it_is_meant(app: Flask, admin: FlaskClient) -> None:
    add_staff(app, EVE, ("admin",))
    path = address(app, ADMIN)

    first = press(admin, path, f"{path}/roles", roles=["editor"])

    assert first.status_code == 422
    assert page_of(first).errors == {"gives_up": "Tick this box if you mean to take the role from yourself."}
    assert page_of(first).values(f"{path}/roles")["roles"] == ["editor"]
    assert roles_of(app, ADMIN) == ["admin"]
    assert send(admin, page_of(first), f"{path}/roles", gives_up="y").status_code == 303
    assert roles_of(app, ADMIN) == ["editor"]
    assert admin.get(USERS).status_code == 303


@ON_SQLITE
def test_who_gains_a_role_beside_the_administrators_is_not_asked(app: Flask, admin: FlaskClient) -> None:
    path = address(app, ADMIN)
    assert press(admin, path, f"{path}/roles", roles=["admin", "editor"]).status_code == 303
    assert roles_of(app, ADMIN) == ["editor", "admin"]


def test_who_switches_themself_off_says_that_it_is_meant(app: Flask, admin: FlaskClient) -> None:
    add_staff(app, EVE, ("admin",))
    path = address(app, ADMIN)

    first = press(admin, path, f"{path}/off")

    assert first.status_code == 422
    assert page_of(first).errors == {"sure": "Tick this box if you mean to switch your own account off."}
    assert staff(app, ADMIN).active
    assert send(admin, page_of(first), f"{path}/off", sure="y").status_code == 303
    assert not staff(app, ADMIN).active


def test_two_administrators_at_once_do_not_both_give_the_role_up(app: Flask) -> None:
    add_staff(app, ADA, ("admin",))
    add_staff(app, EVE, ("admin",))

    def give_up(email: str) -> bool:
        with app.app_context():
            try:
                changing.set_roles(keeping.account_of(email), ["editor"], SYSTEM)
            except keeping.LastAdministratorError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give_up, (ADA, EVE))) == [False, True]
    assert sorted((roles_of(app, ADA), roles_of(app, EVE))) == [["admin"], ["editor"]]


def test_one_goes_and_another_gives_the_role_up_at_once_and_one_administrator_stays(app: Flask) -> None:
    add_staff(app, ADA, ("admin",))
    add_staff(app, EVE, ("admin",))

    def leave(way: str) -> bool:
        with app.app_context():
            try:
                if way == "off":
                    keeping.switch_off(ADA, SYSTEM)
                else:
                    changing.set_roles(keeping.account_of(EVE), ["editor"], SYSTEM)
            except keeping.LastAdministratorError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, ("off", "roles"))) == [False, True]
    assert staff(app, ADA).active == (roles_of(app, EVE) == ["editor"])


def test_someone_is_switched_off_and_on_again(app: Flask, admin: FlaskClient, client: FlaskClient) -> None:
    user_id = add_staff(app)
    sign_in(client)
    path = address(app)

    page = follow(admin, press(admin, path, f"{path}/off"))

    assert "\u2068Iris\u2069 is signed out and cannot sign in any more." in page.text
    assert "Switched off" in page.text
    assert not is_at_desk(client)
    assert "can sign in again" in follow(admin, press(admin, path, f"{path}/on")).text
    assert staff(app).active
    assert only_acts(app, "user.switched_off") == [("staff", user_id)]
    assert only_acts(app, "user.switched_on") == [("staff", user_id)]


def test_a_second_factor_is_reset_with_a_reminder_to_make_sure_who_asks(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    user_id = add_staff(app)
    sign_in(client)
    path = address(app)
    assert "Make sure who asks" in page_of(admin.get(path)).text

    page = follow(admin, press(admin, path, f"{path}/second-factor"))

    assert "The earlier second factor does not work any more." in page.text
    assert not is_at_desk(client)
    assert only_acts(app, "user.second_factor_reset") == [("staff", user_id)]


@ON_SQLITE
def test_the_own_second_factor_is_not_reset_from_here(app: Flask, admin: FlaskClient) -> None:
    path = address(app, ADMIN)
    page = page_of(admin.get(path))
    assert f"{path}/second-factor" not in {form.get("action") for form in page.all("form")}
    token = page.values(f"{path}/roles")["csrf_token"]

    response = admin.post(f"{path}/second-factor", data={"csrf_token": token})

    assert response.status_code == 409
    assert "This is your own second factor" in page_of(response).text
    assert only_acts(app, "user.second_factor_reset") == []


def test_sessions_are_seen_and_ended_one_by_one_or_all(app: Flask, admin: FlaskClient) -> None:
    add_staff(app)
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser)
    path = address(app)
    page = page_of(admin.get(path))
    named = [
        field.get("value", "")
        for form in page.all("form")
        if form.get("action") == f"{path}/sessions"
        for field in form.iter("input")
        if field.get("name") == "session"
    ]
    assert len(named) == 3
    (token, *_rest) = page.values(f"{path}/roles")["csrf_token"]

    one = admin.post(f"{path}/sessions", data={"csrf_token": token, "session": named[0]})

    assert "The session is ended." in follow(admin, one).text
    assert [is_at_desk(browser) for browser in browsers].count(True) == 2
    every = admin.post(f"{path}/sessions", data={"csrf_token": token})
    assert "signed out everywhere" in follow(admin, every).text
    assert not any(is_at_desk(browser) for browser in browsers)
    assert admin.get(USERS).status_code == 200


@ON_SQLITE
def test_a_session_is_ended_only_through_the_page_of_whose_it_is(app: Flask, admin: FlaskClient) -> None:
    add_staff(app)
    add_staff(app, ADA)
    iris = app.test_client()
    sign_in(iris)
    page = page_of(admin.get(address(app)))
    (handle,) = page.values(f"{address(app)}/sessions")["session"]
    (token, *_rest) = page.values(f"{address(app)}/roles")["csrf_token"]

    other = f"{address(app, ADA)}/sessions"
    assert admin.post(other, data={"csrf_token": token, "session": handle}).status_code == 303

    assert is_at_desk(iris)
    with app.app_context():
        assert not db.session.scalars(sa.select(StaffSession).where(StaffSession.ended_at.is_not(None))).all()


@ON_SQLITE
@pytest.mark.parametrize("handle", ["0" * 16, "x" * 16, "0" * 15, "é" * 16])
def test_a_handle_of_nobody_has_no_page(admin: FlaskClient, handle: str) -> None:
    assert admin.get(f"{USERS}/{handle}").status_code == 404


@ON_SQLITE
def test_the_page_says_in_plain_words_who_may_do_what(admin: FlaskClient) -> None:
    page = page_of(admin.get(USERS))
    rows = {
        text_of(row.findall("th")[0]): text_of(row.findall("td")[0])
        for row in page.with_class("plain-table")[0].iter("tr")
        if row.findall("td")
    }
    assert len(rows) == len(HELD_BY)
    assert rows["Read inquiries"] == "Coordinator, Doctor"
    assert rows["Invite staff and keep their accounts"] == "Administrator"


def test_every_permission_has_words() -> None:
    assert set(PERMISSION_WORDS) == set(HELD_BY)
    assert all(str(words) for words in PERMISSION_WORDS.values())


@ON_SQLITE
def test_the_first_page_is_one_that_its_reader_may_use(app: Flask) -> None:
    for role, first in (("admin", USERS), ("editor", "/desk/content"), ("doctor", None)):
        assert signed_in(app, role).get("/desk").location == first
    add_staff(app, ADA, ("admin", "editor"))
    add_staff(app, EVE, ())
    for email, first in ((ADA, "/desk/content"), (EVE, "/desk/account")):
        browser = app.test_client()
        sign_in(browser, email)
        assert browser.get("/desk").location == first


def test_roles_are_changed_from_the_command_line(app: Flask) -> None:
    user_id = add_staff(app)
    add_staff(app, ADA, ("admin",))

    def run(*arguments: str) -> str:
        return app.test_cli_runner().invoke(args=["users", "roles", *arguments]).output

    assert f"{EMAIL} is now: Doctor, Editor." in run(EMAIL.upper(), "--role", "editor", "--role", "doctor")
    assert roles_of(app) == ["doctor", "editor"]
    assert only_acts(app, "user.roles_changed") == [("system", user_id)]
    assert "the last administrator who is active" in run(ADA, "--role", "editor")
    assert "There is no account with this address." in run("nobody@clinic.example", "--role", "editor")


@ON_SQLITE
def test_an_old_sign_in_shows_the_password_before_someone_is_invited_and_writes_nothing_twice(
    app: Flask, clock: time_machine.Traveller, admin: FlaskClient
) -> None:
    work_on(admin, clock, 20)
    asked = press(admin, USERS, f"{USERS}/invitations", email=EVE, roles=["editor", "doctor"])
    assert asked.status_code == 401
    assert only_acts(app, "user.invited") == []

    wrong = send(admin, page_of(asked), f"{USERS}/invitations", password="not the password")
    assert wrong.status_code == 422
    assert page_of(wrong).errors == {"password": "This is not your password. Check it and try again."}
    assert only_acts(app, "user.invited") == []

    done = send(admin, page_of(wrong), f"{USERS}/invitations", password=ADMIN_PASSWORD)
    assert "The mail is on its way." in follow(admin, done).text
    assert open_invitation(app).roles == "editor,doctor"


@ON_SQLITE
@pytest.mark.parametrize("act", ["roles", "off", "second-factor"])
def test_an_old_sign_in_changes_no_account_before_it_shows_the_password(
    app: Flask, clock: time_machine.Traveller, admin: FlaskClient, act: str
) -> None:
    add_staff(app)
    work_on(admin, clock, 20)
    before = acts(app)
    page = address(app)
    asked = press(admin, page, f"{page}/{act}", **({"roles": ["doctor"]} if act == "roles" else {}))
    assert asked.status_code == 401
    assert acts(app) == before

    assert send(admin, page_of(asked), f"{page}/{act}", password=ADMIN_PASSWORD).location == page
    assert len(acts(app)) == len(before) + 1
    assert press(admin, page, f"{page}/roles", roles=["editor"]).location == page  # and is not asked twice


@ON_SQLITE
def test_a_page_that_was_open_for_days_is_given_back_before_a_password_is_asked_for(
    clock: time_machine.Traveller, admin: FlaskClient
) -> None:
    page = page_of(admin.get(USERS))
    work_on(admin, clock, 20)
    values = {**page.values(f"{USERS}/invitations"), "csrf_token": "old", "email": EVE, "roles": "editor"}
    answer = admin.post(f"{USERS}/invitations", data=values)
    assert answer.status_code == 422
    assert page_of(answer).values(f"{USERS}/invitations")["email"] == [EVE]
