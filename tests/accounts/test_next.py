"""Sign-in leads to pages of the desk, whatever it is told to lead to, and wherever it is told so."""

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.people import EMAIL, PASSWORD, add_staff, code_of, send, set_up, sign_in
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of

NOON = 1_800_000_000  # the start of a time step
ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/desk\\@evil.example",
    "/\t/evil.example",
    "/desk\t//evil.example",
    "\t//evil.example",
    " //evil.example",
    "http:/desk",
    "http:desk",
    "https://evil.example/desk",
    "javascript:alert(1)",
    "/deskevil.com",
    "/desk.evil.com",
    "desk",
    "/",
    "security.logout",
)


@ON_SQLITE
@pytest.mark.parametrize("target", ELSEWHERE)
def test_neither_address_nor_form_leads_from_sign_in_to_elsewhere(app: Flask, target: str) -> None:
    add_staff(app)
    for in_address, in_form in ((target, None), (None, target), (target, target), (target, "/desk")):
        browser = app.test_client()
        fields = page_of(browser.get("/desk/sign-in")).values("/desk/sign-in")
        answers = {**fields, "email": EMAIL, "password": PASSWORD, "next": in_form}
        answer = browser.post(
            "/desk/sign-in",
            query_string={"next": in_address} if in_address else None,
            data={name: value for name, value in answers.items() if value is not None},
        )
        assert answer.location == "/desk", (in_address, in_form)


@ON_SQLITE
def test_no_page_that_is_asked_for_first_leads_to_elsewhere(
    strict_app: Flask, strict_client: FlaskClient
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        add_staff(strict_app)
        sign_in(strict_client)
        key = set_up(strict_client)
        for target in ELSEWHERE:
            clock.shift(30)
            browser = strict_app.test_client()
            assert sign_in(browser).location == "/desk/second-factor?next=/desk"
            page = page_of(browser.get("/desk/second-factor", query_string={"next": target}))
            assert "/desk/second-factor?next=/desk" in {form.get("action") for form in page.all("form")}
            token = page.values("/desk/second-factor?next=/desk")
            answer = browser.post(
                "/desk/second-factor", query_string={"next": target}, data={**token, "code": code_of(key)}
            )
            assert answer.location == "/desk", target
            page = page_of(browser.get("/desk/confirm-password"))
            answer = browser.post(
                "/desk/confirm-password",
                query_string={"next": target},
                data={**page.values("/desk/confirm-password"), "password": PASSWORD, "next": target},
            )
            assert answer.location == "/desk", target


@ON_SQLITE
def test_pages_of_the_desk_are_led_to_by_address_and_by_form(app: Flask) -> None:
    add_staff(app)
    for target in ("/desk", "/desk?older_than=x", "/desk/inquiries/SCI-2345-6789"):
        browser = app.test_client()
        page = page_of(browser.get("/desk/sign-in", query_string={"next": target}))
        answer = send(browser, page, "/desk/sign-in", email=EMAIL, password=PASSWORD)
        assert answer.location == target
