"""Staff as the tests need them, and what they do in a browser."""

import base64
import hmac
import struct
import time
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy.orm import selectinload
from werkzeug.test import TestResponse

from app.accounts import keeping
from app.accounts.models import User
from app.audit.models import AuditEntry
from app.core.database import db
from tests.support.pages import Page, page_of, text_of
from tests.support.stored import SINCE_THE_START

EMAIL = "iris.coordinator@clinic.example"
PASSWORD = "seven quiet herons"
STEP = 30


def add_staff(
    app: Flask, email: str = EMAIL, roles: tuple[str, ...] = ("coordinator",), *, active: bool = True
) -> UUID:
    """Make an account without a second factor, and return its id."""
    with app.app_context():
        user = keeping.add_user(name="Iris", email=email, hashed=hash_password(PASSWORD), roles=roles)
        user.active = active
        db.session.commit()
        return user.id


def staff(app: Flask, email: str = EMAIL) -> User:
    """Return an account as it is kept now."""
    with app.app_context():
        whole = sa.select(User).options(selectinload(User.passkeys))
        return db.session.scalars(whole.where(User.email == email)).one()


def acts(app: Flask) -> list[tuple[str, str, UUID | None]]:
    """Return what the audit record holds: who, what, to which object."""
    with app.app_context():
        acts = sa.select(AuditEntry).where(SINCE_THE_START).order_by(AuditEntry.at, AuditEntry.action)
        rows = db.session.scalars(acts)
        return [(row.actor, row.action, row.object_id) for row in rows]


def send(client: FlaskClient, page: Page, action: str, **answers: str) -> TestResponse:
    """Fill in a form as it stands on a page, and send it."""
    return client.post(action, data={**page.values(action), **answers})


def action_of(page: Page) -> str:
    """Return the address that a page's only form goes to; one that script alone shows is none."""
    (form,) = (form for form in page.all("form") if form.get("hidden") is None)
    return form.get("action", "")


def fill_in(client: FlaskClient, address: str, **answers: str) -> TestResponse:
    """Open a page, fill in its only form and send it."""
    page = page_of(client.get(address))
    return send(client, page, action_of(page), **answers)


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    """Open the sign-in page and send it."""
    return fill_in(client, "/desk/sign-in", email=email, password=password)


def start_set_up(client: FlaskClient) -> tuple[Page, str]:
    """Ask for the picture to scan; return the page, and the key that it shows as text."""
    page = page_of(fill_in(client, "/desk/second-factor/set-up"))
    (shown,) = page.with_class("key")
    return page, text_of(shown).replace("-", "")


def set_up(client: FlaskClient) -> str:
    """Set up an authenticator app, and return its key."""
    page, key = start_set_up(client)
    response = send(client, page, "/desk/second-factor", code=code_of(key))
    assert response.location == "/desk/recovery-codes", response.text
    return key


def code_of(key: str, steps: int = 0) -> str:
    """Return the code of a key now, or some steps later (RFC 6238, RFC 4226 5.3)."""
    counter = int(time.time()) // STEP + steps
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    mac = hmac.digest(secret, struct.pack(">Q", counter), "sha1")
    start = mac[-1] & 0xF
    return str((struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF) % 10**6).zfill(6)


def work_on(client: FlaskClient, clock: time_machine.Traveller, minutes: int) -> None:
    """Let time go by in which the desk is used every ten minutes."""
    for _ in range(minutes // 10):
        clock.shift(600)
        assert is_at_desk(client)


def is_at_desk(client: FlaskClient) -> bool:
    """Return whether the desk opens to who is signed in, whatever they may do there."""
    return client.get("/desk/account").status_code == 200


def next_of(response: TestResponse) -> str:
    """Return the ``next`` in the address that an answer leads to."""
    (found,) = parse_qs(urlsplit(response.location or "").query)["next"]
    return found
