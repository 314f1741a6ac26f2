import time
from statistics import median
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from app.accounts import keeping, signing_in, spelling
from app.accounts.models import User
from app.core.database import db
from tests.accounts.people import (
    EMAIL,
    PASSWORD,
    acts,
    add_staff,
    fill_in,
    is_at_desk,
    next_of,
    sign_in,
    staff,
    work_on,
)
from tests.support.pages import page_of


def test_the_right_password_opens_the_desk(app: Flask, client: FlaskClient) -> None:
    user_id = add_staff(app)
    response = sign_in(client)
    assert response.location == "/desk"
    assert is_at_desk(client)
    assert acts(app) == [("staff", "user.signed_in", user_id)]


def test_the_address_may_be_typed_in_capitals_with_spaces_around(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    assert sign_in(client, f"  {EMAIL.upper()} ").location == "/desk"


def test_a_password_works_however_its_letters_are_composed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        hashed = hash_password(spelling.normal_password("caf\u00e9 in the morning"))
        keeping.add_user(name="Iris", email=EMAIL, hashed=hashed, roles=["coordinator"])
        db.session.commit()
    assert sign_in(client, password="cafe\u0301 in the morning").location == "/desk"


@pytest.mark.usefixtures("real_passwords")
def test_passwords_are_kept_as_argon2id(app: Flask) -> None:
    add_staff(app)
    assert (staff(app).password or "").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_wrong_password_an_unknown_address_and_a_switched_off_account_look_alike(
    app: Flask, client: FlaskClient
) -> None:
    known = add_staff(app)
    off = add_staff(app, "gone@clinic.example", active=False)
    answers = [
        sign_in(client, EMAIL, "not the password"),
        sign_in(client, "nobody@clinic.example", "not the password"),
        sign_in(client, "gone@clinic.example", PASSWORD),
    ]
    pages = [page_of(answer) for answer in answers]
    assert {answer.status_code for answer in answers} == {422}
    assert len({page.text for page in pages}) == 1
    assert "do not belong together" in pages[0].text
    assert [act[2] for act in acts(app)] == [known, None, off]
    assert {act[:2] for act in acts(app)} == {("visitor", "user.sign_in_failed")}
    assert not is_at_desk(client)


@pytest.mark.usefixtures("real_passwords")
def test_an_unknown_address_takes_as_long(app: Flask) -> None:
    add_staff(app)
    times: dict[str, list[float]] = {EMAIL: [], "nobody@clinic.example": []}
    with app.app_context():
        for turn in range(15):
            for email, found in times.items():
                start = time.perf_counter()
                signing_in.find_by_password(email, "not the password", f"192.0.2.{turn}")
                found.append(time.perf_counter() - start)
    known, unknown = (median(found) for found in times.values())
    # Wide, because the machine is shared: without the wasted hash it would be a tenth.
    assert 0.6 < unknown / known < 1.67


@pytest.mark.parametrize("odd", ["", " ", "\0", "x" * 100_000, "\ufdfa" * 5000, "ñ\u0301" * 9, "'; --"])
def test_odd_input_gets_the_page_again(client: FlaskClient, odd: str) -> None:
    assert sign_in(client, odd, odd or " ").status_code == 422
    assert sign_in(client, EMAIL, odd).status_code == 422


def test_an_empty_form_says_what_is_missing(client: FlaskClient) -> None:
    page = page_of(sign_in(client, "", ""))
    assert page.errors == {"email": "Write your e-mail address.", "password": "Write your password."}
    assert page.title.startswith("Error: ")


def test_password_managers_know_the_fields_and_no_password_comes_back(client: FlaskClient) -> None:
    page = page_of(sign_in(client, EMAIL, PASSWORD))
    assert page.by_id("email").get("autocomplete") == "username"
    assert page.by_id("email").get("value") == EMAIL
    assert page.by_id("password").get("autocomplete") == "current-password"
    assert not page.by_id("password").get("value")
    assert not page.all("style")


def test_a_visitor_is_led_to_sign_in_and_back(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    response = client.get("/desk?older_than=x")
    assert response.status_code == 303
    assert next_of(response) == "/desk?older_than=x"
    assert fill_in(client, response.location or "", email=EMAIL, password=PASSWORD).location == (
        "/desk?older_than=x"
    )


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "/desk\\@evil.example", "/deskx"]
)
def test_sign_in_leads_nowhere_else(app: Flask, client: FlaskClient, target: str) -> None:
    add_staff(app)
    page = page_of(client.get("/desk/sign-in", query_string={"next": target}))
    assert page.values("/desk/sign-in")["next"] == ["/desk"]
    fields = {**page.values("/desk/sign-in"), "email": EMAIL, "password": PASSWORD, "next": target}
    landed = urlsplit(client.post("/desk/sign-in", data=fields).location or "")
    assert not landed.scheme
    assert not landed.netloc


def test_the_session_goes_with_the_browser(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    cookies = sign_in(client).headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["portal"]
    assert "Expires" not in cookies[0]
    assert "Max-Age" not in cookies[0]


def test_signing_out_kills_a_copied_cookie(app: Flask, client: FlaskClient) -> None:
    user_id = add_staff(app)
    sign_in(client)
    stolen = client.get_cookie("portal")
    assert stolen
    thief = app.test_client()
    thief.set_cookie("portal", stolen.value)
    assert is_at_desk(thief)
    token = page_of(client.get("/desk/account")).values("/desk/sign-out")
    response = client.post("/desk/sign-out", data=token)
    assert response.location == "/desk/sign-in"
    assert "You are signed out." in page_of(client.get("/desk/sign-in")).text
    assert not is_at_desk(client)
    assert not is_at_desk(thief)
    assert acts(app)[1:] == [("staff", "user.signed_out", user_id)]


def test_another_site_cannot_sign_anyone_out(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    assert client.post("/desk/sign-out").status_code == 400
    assert client.get("/desk/sign-out").status_code == 405
    assert is_at_desk(client)


def test_a_session_ends_after_twelve_hours(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    with time_machine.travel(0, tick=False) as clock:
        sign_in(client)
        work_on(client, clock, 12 * 60)
        clock.shift(1)
        assert not is_at_desk(client)
        assert "Your session has ended." in page_of(client.get("/desk/sign-in")).text


def test_a_switched_off_account_is_out_at_once(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    with app.app_context():
        db.session.scalars(sa.select(User)).one().active = False
        db.session.commit()
    assert not is_at_desk(client)


def test_there_is_no_other_way_in(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    with app.app_context():
        token = str(staff(app).get_auth_token())
    assert client.get("/desk", headers={"Authentication-Token": token}).status_code == 303
    assert client.get(f"/desk?auth_token={token}").status_code == 303
    page = page_of(client.get("/desk/sign-in"))
    csrf = page.values("/desk/sign-in")["csrf_token"][0]
    answer = client.post(
        "/desk/sign-in?include_auth_token",
        json={"email": EMAIL, "password": PASSWORD},
        headers={"X-CSRFToken": csrf, "Accept": "application/json"},
    )
    assert answer.status_code == 415
    sign_in(client)
    answer = client.get("/desk/sign-in?include_auth_token", headers={"Accept": "application/json"})
    assert answer.location == "/desk"


def test_only_the_addresses_of_these_pages_exist(app: Flask, client: FlaskClient) -> None:
    found = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert found == {
        "/desk/sign-in",
        "/desk/sign-out",
        "/desk/confirm-password",
        "/desk/second-factor",
        "/desk/second-factor/help",
        "/desk/second-factor/set-up",
        "/desk/recovery-code",
        "/desk/recovery-codes",
    }
    for address in ("/login", "/logout", "/register", "/reset", "/verify", "/tf-setup", "/fs-static/x.js"):
        assert client.get(address).status_code == 404
