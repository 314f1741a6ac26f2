import re

import pytest
import sqlalchemy as sa
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app import create_app
from app.core.database import db
from app.core.http import client_address
from tests.support.databases import close
from tests.support.pages import page_of
from tests.support.planting import plant

EXPECTED = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'nonce-NONCE'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; media-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
OF_THE_ANSWER_ITSELF = {"Content-Type", "Content-Length", "Vary", "Set-Cookie", "Location", "Allow"}
DATA_BLOCK = {"type": "application/ld+json"}
NONCE = re.compile(r"'nonce-([A-Za-z0-9_-]{22})'")


def headers_of(client: FlaskClient, path: str) -> dict[str, str]:
    headers = {
        name: value for name, value in client.get(path).headers.items() if name not in OF_THE_ANSWER_ITSELF
    }
    policy = headers["Content-Security-Policy"]
    return {**headers, "Content-Security-Policy": NONCE.sub("'nonce-NONCE'", policy)}


@pytest.mark.parametrize("path", ["/", "/inquiries/sent", "/desk", "/desk/sign-in", "/healthz", "/none"])
def test_every_answer_carries_exactly_these_headers(client: FlaskClient, path: str) -> None:
    assert headers_of(client, path) == EXPECTED


def test_only_production_tells_browsers_to_keep_to_https(
    environ: dict[str, str], client: FlaskClient
) -> None:
    production = create_app({**environ, "PORTAL_ENV": "production"})

    headers = headers_of(production.test_client(), "/healthz")

    assert headers.pop("Strict-Transport-Security") == "max-age=63072000; includeSubDomains"
    assert headers == EXPECTED == headers_of(client, "/healthz")
    close(production)


def test_only_scripts_with_this_answers_own_nonce_run(client: FlaskClient) -> None:
    nonces = set()
    for _ in range(3):
        response = client.get("/")
        (nonce,) = NONCE.findall(response.headers["Content-Security-Policy"])
        nonces.add(nonce)
        # A data block is read, never run; it names no file and needs no nonce.
        scripts = [script for script in page_of(response).all("script") if script.attrib != DATA_BLOCK]
        assert scripts
        assert all(script.get("nonce") == nonce and script.get("src") for script in scripts)

    assert len(nonces) == 3


def test_no_page_has_a_style_or_script_in_it(client: FlaskClient) -> None:
    for path in ("/", "/none", "/desk/sign-in"):
        page = page_of(client.get(path))
        for element in page.root.iter():
            inline = [name for name in element.attrib if name == "style" or name.startswith("on")]
            assert inline == [], f"{path}: {element.tag} {inline}"
        assert page.all("style") == []


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (400, "We could not read that"),
        (401, "Sign in first"),
        (403, "This page is not for your account"),
        (404, "We could not find that page"),
        (405, "That does not work from here"),
        (409, "Someone else changed this while you were looking at it"),
        (413, "That is more than we can take at once"),
        (415, "This site takes forms only"),
        (429, "Too many tries"),
        (500, "Something went wrong on our side"),
        (502, "Something went wrong on our side"),
        (503, "We cannot answer just now"),
    ],
)
def test_an_error_page_says_what_to_do_in_the_sites_own_look(app: Flask, status: int, heading: str) -> None:
    address = plant(app, lambda: abort(status))

    response = app.test_client().get(address)

    page = page_of(response)
    assert response.status_code == status
    assert page.heading == heading
    assert page.title.startswith(f"{heading} – Example Treatment Inquiries")
    assert f"Error {status}" in page.text
    assert [link.get("href") for link in page.with_class("site-header__name")] == ["/"]


def test_a_failure_of_ours_shows_nothing_of_what_happened(app: Flask) -> None:
    def fail() -> None:
        raise RuntimeError("canary-of-a-failure")

    response = app.test_client().get(plant(app, fail))

    assert response.status_code == 500
    assert "canary-of-a-failure" not in response.text
    assert "Traceback" not in response.text


def test_a_database_that_is_away_is_told_as_something_that_passes(app: Flask) -> None:
    def ask() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    response = app.test_client().get(plant(app, ask))

    assert response.status_code == 503
    assert page_of(response).heading == "We cannot answer just now"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/desk/nothing",
        "/inquiries/sent/",
        "/%00",
        "/<script>alert(1)</script>",
        "/..%2f..",
        "/%ff",
    ],
)
def test_an_address_that_is_none_is_not_repeated_on_the_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert "alert(1)" not in response.text


def test_a_method_that_a_page_does_not_take_is_answered_with_a_page(client: FlaskClient) -> None:
    response = client.delete("/")

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_body_larger_than_any_form_is_answered_with_a_page(client: FlaskClient) -> None:
    response = client.post("/inquiries", data={"message": "a" * 11_000_000})

    assert response.status_code == 413
    assert page_of(response).heading == "That is more than we can take at once"


def test_the_error_page_needs_no_database(app: Flask) -> None:
    with app.app_context():
        db.session.execute(sa.text("DROP TABLE inquiry_lookups"))
        db.session.commit()

    assert app.test_client().get("/nothing").status_code == 404


@pytest.mark.parametrize(("hops", "address"), [("0", "127.0.0.1"), ("1", "203.0.113.9")])
def test_a_proxys_word_counts_only_where_a_proxy_is_configured(
    environ: dict[str, str], hops: str, address: str
) -> None:
    app = create_app({**environ, "TRUSTED_PROXIES": hops})
    seen: list[str | None] = []
    planted = plant(app, lambda: seen.append(client_address()))

    app.test_client().get(planted, headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    assert seen == [address]
    close(app)


def test_a_form_with_a_token_of_another_session_shows_what_was_typed(coordinator: FlaskClient) -> None:
    sent = {"csrf_token": "of another session", "sought": "Example Sought", "password": "kept to itself"}

    response = coordinator.post("/desk/search", data=sent)

    assert response.status_code == 400
    assert "Example Sought" in response.text
    assert "kept to itself" not in response.text
