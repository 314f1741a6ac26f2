"""Filling in the inquiry form and sending it, as a browser does."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.cast import EXAMPLE_ONE
from tests.support.pages import Page, page_of

ACTION = "/inquiries"
CARRIED = {"csrf_token", "form_key", "opened", "proof", "email_asked", "lang", "words_read"}
"""What a form holds that nobody typed."""

Fields = dict[str, Any]


def opened_form(client: FlaskClient) -> Fields:
    """Open the start page and return what its form holds."""
    return dict(page_of(client.get("/")).values(ACTION))


def filled(client: FlaskClient, answers: Fields = EXAMPLE_ONE, **changes: Any) -> Fields:
    """Open the form and fill it in; None takes an answer out.

    It does not tell when it was opened: that it was a moment ago would speak for a machine.
    """
    fields = {**opened_form(client), "opened": None, **answers, **changes}
    return {name: value for name, value in fields.items() if value is not None}


def post(client: FlaskClient, fields: Fields) -> TestResponse:
    """Send a form as it is."""
    return client.post(ACTION, data=fields)


def send(client: FlaskClient, answers: Fields = EXAMPLE_ONE, **changes: Any) -> TestResponse:
    """Open the form, fill it in and send it."""
    return post(client, filled(client, answers, **changes))


def sent_reference(client: FlaskClient, answers: Fields = EXAMPLE_ONE, **changes: Any) -> str:
    """Send an inquiry that is taken, and return the reference that the next page shows."""
    response = send(client, answers, **changes)
    assert response.status_code == 303, page_of(response).errors
    page = page_of(client.get(response.location))
    return "".join(page.with_class("reference")[0].itertext())


def lost(page: Page, fields: Fields) -> dict[str, tuple[Any, Any]]:
    """Return each answer that the page lost or changed: what was sent, and what stands there."""
    there = page.values(ACTION)
    changed = {}
    for name in fields.keys() - CARRIED:
        value = fields[name]
        sent = [text for text in (value if isinstance(value, list) else [value]) if text]
        stands = [text for text in there.get(name, []) if text]
        if stands != sent:
            changed[name] = (sent, stands)
    return changed
