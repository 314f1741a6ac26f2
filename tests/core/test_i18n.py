from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core.i18n import page_language, shown_time
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of

pytestmark = ON_SQLITE


@pytest.mark.parametrize(
    "wanted", ["en", "en-GB,en;q=0.8", "ar, zh;q=0.9", "", "*", ";;;q=", "x" * 5000, "en;q=abc"]
)
def test_a_page_comes_in_a_language_of_the_site_whatever_the_browser_asks_for(
    client: FlaskClient, wanted: str
) -> None:
    response = client.get("/", headers={"Accept-Language": wanted})

    (html,) = page_of(response).all("html")
    assert response.status_code == 200
    assert (html.get("lang"), html.get("dir")) == ("en", "ltr")


def test_the_language_can_be_asked_for_outside_a_request(app: Flask) -> None:
    with app.app_context():
        assert page_language() == "en"


def test_a_time_is_shown_with_its_zone(app: Flask, environ: dict[str, str]) -> None:
    moment = datetime(2026, 7, 1, 9, 5, tzinfo=UTC)
    with app.app_context():
        assert shown_time(moment) == "1 Jul 2026, 09:05 UTC"

    elsewhere = create_app({**environ, "SITE_TIMEZONE": "Europe/Madrid"})
    with elsewhere.app_context():
        assert shown_time(moment).startswith("1 Jul 2026, 11:05 ")
    close(elsewhere)
