"""Every route that names something of another person's, as every role: nothing of theirs is touched."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts import handles, invitations
from app.accounts.models import Passkey, StaffSession, User
from app.accounts.pages.handles import form_handle
from app.audit.log import SYSTEM
from app.core.database import Base, db, new_id
from app.inquiries import replies
from app.inquiries.models import Inquiry
from app.outbox.models import OutboxMail
from tests.support.cast import STAFF
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import page_of
from tests.support.staff import add_staff, sign_in, signed_in
from tests.test_access import (
    ENDS_THE_SESSION,
    EVERYONE,
    HOLDERS,
    PERMISSIONS,
    content_parts,
    expected_answer,
    kind_of,
)

OTHER = "second_coordinator"
THEIR_KEY = "Their phone"
ADDED_TO = {"audit_entries", "audit_links"}
"""Tables to which refusals are added."""


@ON_SQLITE
@pytest.mark.parametrize("role", EVERYONE)
def test_a_route_that_a_role_may_not_use_does_nothing_to_what_is_there(app: Flask, role: str) -> None:
    things = things_of_another(app)
    client = app.test_client() if role == "visitor" else signed_in(app, role)
    sent = {**things, "csrf_token": csrf_token(client)}
    before = contents(app)
    wrong, count = [], 0
    for rule in app.url_map.iter_rules():
        permission = PERMISSIONS[rule.endpoint]
        if permission == "public" or role in HOLDERS[permission]:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = ask(app, client, rule, method, things, **sent)
            count += 1
            if kind_of(answer) not in {*expected_answer(permission, role), "led elsewhere"}:
                wrong.append(f"{method} {rule.rule}: {answer.status}")
            if contents(app) != before:
                wrong.append(f"{method} {rule.rule} changed something")
                before = contents(app)

    assert wrong == []
    assert count > 20


@ON_SQLITE
@pytest.mark.parametrize("role", [role for role in EVERYONE if role != "visitor"])
def test_a_page_of_ones_own_does_nothing_to_what_is_anothers(app: Flask, role: str) -> None:
    things = things_of_another(app)
    client = signed_in(app, role)
    sent = {**things, "csrf_token": csrf_token(client)}
    before = theirs(app)
    own: dict[str, dict[str, str]] = {
        name: {} for name, needed in PERMISSIONS.items() if needed == "signed-in"
    }
    own.pop(ENDS_THE_SESSION)
    if role == "admin":  # by way of the administrator's own page
        own["accounts.end_user_sessions"] = {"handle": handle_of(app, role)}
    for endpoint, named in own.items():
        for rule in app.url_map.iter_rules(endpoint):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                answer = ask(app, client, rule, method, named, **sent)
                assert kind_of(answer) == "answered", f"{method} {rule.rule}: {answer.status}"
                assert theirs(app) == before, f"{method} {rule.rule}"


def things_of_another(app: Flask) -> dict[str, str]:
    """Make what another person has, and return how addresses and forms name it."""
    person_id = add_staff(app, OTHER)
    browser = app.test_client()
    sign_in(browser, OTHER)
    reference = make_inquiry(app)
    with app.app_context():
        person = db.session.get_one(User, person_id)
        key = {"name": THEIR_KEY, "credential_id": b"theirs", "public_key": b"key", "sign_count": 0}
        db.session.add(Passkey(id=new_id(), staff_id=person_id, **key))
        db.session.scalars(sa.select(Inquiry)).one().owner_id = person_id
        db.session.execute(sa.update(OutboxMail).values(state="failed"))
        invitation = invitations.invite("invited@clinic.example", ["editor"])
        template = replies.create_template(replies.Template("Theirs", "", "en", "Hello."), SYSTEM)
        return {
            "action": "take",
            "code": "A",
            "email": "crossing@clinic.example",
            "handle": handles.handle_of(person),
            "invitation": form_handle(invitation),
            "name": "picture-320.webp",
            "passkey": THEIR_KEY,
            "reference": reference,
            "roles": "admin",
            "session": form_handle(db.session.scalars(sa.select(StaffSession)).one()),
            "step": "who",
            "template": template,
            "token": "A" * 43,
            "version": "1",
            **content_parts(app),
        }


def ask(
    app: Flask, client: FlaskClient, rule: Rule, method: str, parts: dict[str, str], **data: str
) -> TestResponse:
    """Ask for a route whose address is made of ``parts``; ``data`` is sent by POST."""
    if "/treatment/" in rule.rule:
        parts = {**parts, "slug": "en"}
    with app.test_request_context():
        address = app.url_map.bind("localhost").build(
            rule.endpoint, {name: parts[name] for name in rule.arguments}, method=method
        )
    return client.open(address, method=method, data=data if method == "POST" else None)


def csrf_token(client: FlaskClient) -> str:
    """Return the token of this browser's forms."""
    (token,) = page_of(client.get("/")).values("/inquiries")["csrf_token"]
    return str(token)


def handle_of(app: Flask, role: str) -> str:
    """Return the handle of a member of the cast."""
    with app.app_context():
        return handles.handle_of(
            db.session.scalars(sa.select(User).where(User.email == STAFF[role][1])).one()
        )


def contents(app: Flask) -> dict[str, list[str]]:
    """Return every row there is, but for the record, to which refusals are added."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in ADDED_TO]
    return rows_of(app, {table: sa.true() for table in tables})


def theirs(app: Flask) -> dict[str, list[str]]:
    """Return the account of the other person, and what belongs to it."""
    with app.app_context():
        person_id = db.session.scalars(sa.select(User.id).where(User.email == STAFF[OTHER][1])).one()
    owned = [
        table for table in Base.metadata.sorted_tables if "staff_id" in table.c and table.name not in ADDED_TO
    ]
    return rows_of(
        app,
        {User.__table__: User.id == person_id, **{table: table.c.staff_id == person_id for table in owned}},
    )


def rows_of(app: Flask, tables: dict[Any, sa.ColumnElement[bool]]) -> dict[str, list[str]]:
    """Return the rows of tables that meet a condition."""
    with app.app_context():
        return {
            table.name: sorted(map(str, db.session.execute(sa.select(table).where(condition))))
            for table, condition in tables.items()
        }
