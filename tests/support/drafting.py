"""Saving a form to finish it later, and coming back to it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.database import db
from app.inquiries.models import Draft
from tests.support.pages import Page, page_of
from tests.support.sending import Fields, filled, post

SAVED = "/inquiries/saved"
CONTINUE = "/inquiries/continue"
DISCARDED = "/inquiries/discarded"
WHOLE = "/inquiries"


def saved(client: FlaskClient, answers: Fields, **changes: Any) -> Page:
    """Fill in the one-page form, save it, and return the page with the way back."""
    response = post(client, {**filled(client, answers, **changes), "action": "save"})
    assert (response.status_code, response.location) == (303, SAVED)
    return page_of(client.get(SAVED))


def code_on(page: Page) -> str:
    """Return the code that the page shows."""
    return "".join(page.with_class("saved__code")[0].itertext())


def link_on(page: Page) -> str:
    """Return the address that the page shows, without the site's."""
    address = page.with_class("saved__address")[0].get("href", "")
    assert address.startswith("https://portal.example/")
    return address.removeprefix("https://portal.example")


def go_on(client: FlaskClient, code: str) -> TestResponse:
    """Type a code on the page that asks for it."""
    fields = page_of(client.get(CONTINUE)).values(CONTINUE)
    return client.post(CONTINUE, data={**fields, "code": code})


def mail_link(client: FlaskClient, email: str) -> TestResponse:
    """Have the link to what this browser has saved mailed."""
    fields = page_of(client.get(SAVED)).values(SAVED)
    return client.post(SAVED, data={**fields, "email": email})


def rows(app: Flask) -> list[dict[str, Any]]:
    """Return every draft as it lies in the database."""
    with app.app_context():
        table = sa.inspect(Draft).local_table
        return [dict(row) for row in db.session.execute(sa.select(table)).mappings()]


def last_day(app: Flask) -> datetime:
    """Return when the one draft that there is will be deleted."""
    (row,) = rows(app)
    ends_at: datetime = row["ends_at"]
    return ends_at


def everything(app: Flask) -> list[list[bytes]]:
    """Return every cell of every table as bytes, row by row."""
    with app.app_context():
        return [
            [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
            for table in sa.inspect(db.engine).get_table_names()
            for row in db.session.execute(sa.text(f'SELECT * FROM "{table}"'))
        ]
