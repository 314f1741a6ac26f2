"""Staff of every role, and browsers that they are signed in with."""

from functools import cache
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from app.accounts import keeping, spelling
from app.core.database import db
from tests.support.cast import PASSWORD, STAFF
from tests.support.pages import page_of

SIGN_IN = "/desk/sign-in"


def add_staff(app: Flask, role: str) -> UUID:
    """Make the account of the cast's member with this role; ``second_`` before it is another one's."""
    name, email = STAFF[role]
    with app.app_context():
        user = keeping.add_user(
            name=name, email=email, hashed=hashed_password(), roles=[role.removeprefix("second_")]
        )
        db.session.commit()
        return user.id


@cache
def hashed_password() -> str:
    """Return the hash of the cast's password: slow to make, and the same for all."""
    return str(hash_password(spelling.normal_password(PASSWORD)))


def signed_in(app: Flask, role: str = "coordinator") -> FlaskClient:
    """Make an account and return a browser in which its owner has signed in."""
    add_staff(app, role)
    client = app.test_client()
    sign_in(client, role)
    return client


def sign_in(client: FlaskClient, role: str) -> None:
    """Sign in through the page for it."""
    fields = page_of(client.get(SIGN_IN)).values(SIGN_IN)
    answer = client.post(SIGN_IN, data={**fields, "email": STAFF[role][1], "password": PASSWORD})
    assert answer.status_code in {302, 303}, page_of(answer).text
