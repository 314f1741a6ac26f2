"""The pages in other languages: which text a reader is shown, and that each says which language it is in."""

from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.content import queries, services
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, page_of, text_of
from tests.support.publishing import EDITOR, publish_cases, publish_recent, publish_story

pytestmark = ON_SQLITE

ROOT = "https://portal.example"
FOREIGN = ("en", "ltr")


def page_in(client: FlaskClient, language: str, path: str = "/") -> Page:
    return page_of(client.get(path, query_string={"lang": language}))


def marked(element: Element) -> tuple[str | None, str | None]:
    return element.get("lang"), element.get("dir")


def take_off(app: Flask, language: str) -> None:
    """Take the treatment page off the site in a language."""
    with app.app_context():
        item = queries.item_by_slug("treatment", language)
        assert item is not None
        services.unpublish(item, EDITOR)


def alternates(page: Page) -> dict[str, str]:
    links = [link for link in page.all("link") if link.get("hreflang")]
    return {link.get("hreflang", ""): link.get("href", "") for link in links}


def canonical(page: Page) -> list[str | None]:
    return [link.get("href") for link in page.all("link") if link.get("rel") == "canonical"]


def information(page: Page) -> Element:
    """Return what the treatment page stands in: the element around its title."""
    (heading,) = page.all("h1")
    return next(element for element in page.all("div") if heading in list(element))


def test_a_translated_treatment_page_has_an_address_of_its_own(client: FlaskClient) -> None:
    page = page_in(client, "ar")

    assert canonical(page) == [f"{ROOT}/?lang=ar"]
    assert alternates(page) == {
        "en": f"{ROOT}/",
        "ar": f"{ROOT}/?lang=ar",
        "es": f"{ROOT}/?lang=es",
        "x-default": f"{ROOT}/",
    }
    assert marked(information(page)) == (None, None)


def test_where_a_language_has_no_treatment_page_the_english_one_says_that_it_is(
    app: Flask, client: FlaskClient
) -> None:
    take_off(app, "ar")

    page = page_in(client, "ar")

    assert page.heading == "Stem cell therapy for spinal cord injury (SCI)"
    assert marked(information(page)) == FOREIGN
    assert "On this page" in text_of(information(page))
    assert canonical(page) == [f"{ROOT}/"]
    assert alternates(page) == {
        "en": f"{ROOT}/",
        "es": f"{ROOT}/?lang=es",
        "x-default": f"{ROOT}/",
    }


def test_what_is_told_in_one_language_only_is_marked_on_the_pages_of_another(
    app: Flask, client: FlaskClient
) -> None:
    publish_cases(app, 1)
    publish_story(app)
    publish_recent(app)

    page = page_in(client, "ar")

    for link in page.with_class("tile__link"):
        assert marked(link) == FOREIGN
    (study,) = page.with_class("document")
    (title,) = [link for link in study.iter("a") if link.get("href") == "/studies/asia-2008"]
    assert marked(title) == FOREIGN
    (patients,) = page.with_class("patient-list")
    injuries = [span for span in patients.iter("span") if "SCI L-1" in text_of(span)]
    assert [marked(span) for span in injuries] == [FOREIGN]


@pytest.mark.parametrize("kind", ["cases", "stories", "studies"])
def test_an_entrys_own_page_marks_its_words_and_leaves_ours_in_the_pages_language(
    app: Flask, client: FlaskClient, kind: str
) -> None:
    (case,), story = publish_cases(app, 1), publish_story(app)
    slug = {"cases": case, "stories": story, "studies": "asia-2008"}[kind]

    foreign, own = page_in(client, "ar", f"/{kind}/{slug}"), page_in(client, "en", f"/{kind}/{slug}")

    assert [marked(heading) for heading in foreign.all("h1")] == [FOREIGN]
    assert [marked(heading) for heading in foreign.all("h2")] == [(None, None)] * len(foreign.all("h2"))
    (main,) = own.all("main")
    assert [element for element in main.iter() if element.get("lang")] == []


def test_every_language_of_the_site_came_with_a_treatment_page(app: Flask) -> None:
    with app.app_context():
        assert queries.published_languages("treatment") == set(app.config["LANGUAGES"])
