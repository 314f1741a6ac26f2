"""Filling in the inquiry form step by step, as a browser does."""

from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.pages import Page, page_of
from tests.support.sending import Fields

FIRST = "/inquiries/steps/"
CHECK = "/inquiries/check"
OURS = {"Sec-Fetch-Site": "same-origin"}
"""What browsers say of a form that a page of the same site sends: W3C Fetch Metadata."""

ASKED = {
    "who": ("filling_in",),
    "helper": ("helper_name", "helper_relationship", "helper_authority", "patient_aware"),
    "person": ("patient_name", "birth_year", "country"),
    "reach": ("email", "phone", "contact_by", "language"),
    "injury": ("injury_region", "injury_level", "completeness"),
    "time": ("injury_month", "injury_year"),
    "hopes": ("hopes", "message"),
    "agreement": ("consent_processing", "understands_limits"),
}
"""What each step asks."""


def address(step: str) -> str:
    """Return where a step is shown and sent to."""
    return f"{FIRST}{step}"


def step_in(location: str) -> str:
    """Return the step that an address names."""
    return urlsplit(location).path.removeprefix(FIRST)


def step_page(client: FlaskClient, step: str, **query: str) -> Page:
    """Open a step."""
    return page_of(client.get(address(step), query_string=query))


def filled_step(page: Page, step: str, answers: Fields, **changes: Any) -> Fields:
    """Return what a browser sends of a step that is filled in with its part of ``answers``."""
    own = {name: answers[name] for name in ASKED[step] if name in answers}
    return {**page.values(address(step)), **own, **changes}


def answer(client: FlaskClient, step: str, answers: Fields, **changes: Any) -> TestResponse:
    """Open a step, fill it in and go on."""
    return client.post(address(step), data=filled_step(step_page(client, step), step, answers, **changes))


def go_through(client: FlaskClient, answers: Fields, *, up_to: str = "") -> list[str]:
    """Go from the first step to where the answers are checked, or to ``up_to``; return the steps seen."""
    seen: list[str] = []
    location = client.get(FIRST).location
    while urlsplit(location).path != CHECK and step_in(location) != up_to:
        step = step_in(location)
        assert step not in seen, f"led back to {step} after {seen}"
        page = page_of(client.get(location))
        response = client.post(address(step), data=filled_step(page, step, answers))
        assert response.status_code == 303, page_of(response).errors
        seen.append(step)
        location = response.location
    return seen


def send_checked(client: FlaskClient, **changes: Any) -> TestResponse:
    """Open the page that shows all answers, and send them from there.

    It does not tell when it was opened: that it was a moment ago would speak for a machine.
    """
    fields = page_of(client.get(CHECK)).values(CHECK)
    return client.post(CHECK, data={**fields, "opened": "", **changes})
