"""Asking to be called, as a browser does."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import cast
from tests.support.pages import page_of
from tests.support.sending import Fields

CALL = "/inquiries/call"
BEST_TIME = "canary-time: mornings, before her nurse comes"
ASKED_FOR: Fields = {
    "patient_name": cast.PATIENT_NAME,
    "country": "Spain",
    "phone": cast.PATIENT_PHONE,
    "best_time": BEST_TIME,
    "consent_processing": "y",
}


def filled_call(client: FlaskClient, **changes: Any) -> Fields:
    """Open the form and fill it in; it does not tell when it was opened."""
    return {**page_of(client.get(CALL)).values(CALL), **ASKED_FOR, "opened": "", **changes}


def ask_for_call(client: FlaskClient, **changes: Any) -> TestResponse:
    """Open the form, fill it in and send it."""
    return client.post(CALL, data=filled_call(client, **changes))


def called_reference(client: FlaskClient, **changes: Any) -> str:
    """Ask for a call, and return the reference that the next page shows."""
    response = ask_for_call(client, **changes)
    assert response.status_code == 303, page_of(response).errors
    page = page_of(client.get(response.location))
    return "".join(page.with_class("reference")[0].itertext())
