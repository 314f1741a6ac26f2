"""How pages are found and shared, and that nothing else is."""

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import Page, page_of
from tests.support.publishing import (
    CASE,
    EVERYTHING,
    change,
    drawing,
    publish,
    publish_cases,
    publish_story,
    withdraw,
)

pytestmark = ON_SQLITE

ROOT = "https://portal.example"
HOMES = (f"{ROOT}/", f"{ROOT}/?lang=ar", f"{ROOT}/?lang=es")
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def metas(page: Page) -> dict[str, str]:
    """Return what the page's meta elements say, by their name or property."""
    return {
        meta.get("name") or meta.get("property") or "": meta.get("content", "") for meta in page.all("meta")
    }


def links(page: Page, rel: str) -> list[str]:
    return [link.get("href", "") for link in page.all("link") if link.get("rel") == rel]


def linked_data(page: Page) -> list[dict[str, Any]]:
    return [
        json.loads("".join(script.itertext()))
        for script in page.all("script")
        if script.get("type") == "application/ld+json"
    ]


def test_the_start_page_says_what_it_is_and_nothing_more(client: FlaskClient) -> None:
    with time_machine.travel(datetime(2026, 11, 24, tzinfo=UTC), tick=False):
        page = page_of(client.get("/", headers={"Host": "elsewhere.example"}))

    description = (
        "What partner hospitals report about stem cell therapy for spinal cord injury, what it may not do "
        "for you, and how to ask about it."
    )
    assert links(page, "canonical") == [f"{ROOT}/"]
    assert links(page, "alternate") == [*HOMES, HOMES[0], "/feed"]
    found = metas(page)
    assert found["description"] == found["og:description"] == description
    assert {name: text for name, text in found.items() if name.startswith("og:")} == {
        "og:site_name": "Example Treatment Inquiries",
        "og:type": "website",
        "og:title": "Stem cell therapy for spinal cord injury (SCI)",
        "og:description": description,
        "og:url": f"{ROOT}/",
    }
    assert "robots" not in found
    (data,) = linked_data(page)
    assert data.pop("dateModified")[:4].isdecimal()
    assert data == {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": "Stem cell therapy for spinal cord injury (SCI)",
        "description": description,
        "url": f"{ROOT}/",
        "inLanguage": "en",
        "audience": {"@type": "Patient"},
        "about": {"@type": "MedicalCondition", "name": "Spinal cord injury"},
    }


def test_a_shared_case_shows_its_picture_if_the_person_lets_it(app: Flask, client: FlaskClient) -> None:
    slug = publish(app, "case", CASE, files={"picture": drawing()})
    bare = publish(app, "case", CASE, covers=[part for part in EVERYTHING if part != "picture"])

    found = metas(page_of(client.get(f"/cases/{slug}")))

    assert found["og:type"] == "article"
    assert found["og:image"] == f"{ROOT}/cases/{slug}/picture-1280.jpg"
    assert found["og:image:alt"] == "An example picture"
    assert client.get(found["og:image"].removeprefix(ROOT)).status_code == 200
    assert "og:image" not in metas(page_of(client.get(f"/cases/{bare}")))


def test_a_story_is_told_to_machines_as_a_page_on_the_injury_without_praise(
    app: Flask, client: FlaskClient
) -> None:
    slug = publish_story(app)

    page = page_of(client.get(f"/stories/{slug}"))

    (data,) = linked_data(page)
    assert data["@type"] == "MedicalWebPage"
    assert data["url"] == links(page, "canonical")[0] == f"{ROOT}/stories/{slug}"
    assert not {"review", "aggregateRating", "mainEntity", "specialty", "lastReviewed"} & set(data)


def test_words_that_look_like_the_end_of_a_script_stay_words(app: Flask, client: FlaskClient) -> None:
    nasty = 'Example </script><script>alert(1)</script> & "quoted" \u2028'
    slug = publish_story(app, title=nasty, summary=nasty)

    response = client.get(f"/stories/{slug}")

    page = page_of(response)
    assert linked_data(page)[0]["name"] == nasty
    assert "<script>alert" not in response.text
    assert metas(page)["og:title"] == nasty


@pytest.mark.parametrize(
    "path", ["/none", "/inquiries/sent", "/desk/sign-in", "/cases/none", "/desk/content"]
)
def test_what_is_not_for_everyone_is_not_to_be_found(app: Flask, client: FlaskClient, path: str) -> None:
    make_inquiry(app)

    page = page_of(client.get(path, follow_redirects=True))

    assert metas(page)["robots"] == "noindex"
    assert links(page, "canonical") == []
    assert linked_data(page) == []


@pytest.mark.parametrize("path", ["/cases", "/stories", "/studies/asia-2008", "/cases?region=lumbar"])
def test_lists_and_studies_have_one_address_and_a_description(client: FlaskClient, path: str) -> None:
    page = page_of(client.get(path))

    assert links(page, "canonical") == [f"{ROOT}{path}"]
    assert metas(page)["description"]
    assert "robots" not in metas(page)


def test_the_sitemap_lists_what_visitors_may_see(app: Flask, client: FlaskClient) -> None:
    first, second = publish_cases(app, 2)
    story = publish_story(app)
    withdraw(app, "case", first)

    response = client.get("/sitemap.xml")

    assert response.mimetype == "application/xml"
    addresses = [found.text for found in ElementTree.fromstring(response.data).iter(f"{SITEMAP}loc")]
    own = [f"{ROOT}/cases/{second}", f"{ROOT}/stories/{story}", f"{ROOT}/studies/asia-2008"]
    assert addresses == [*HOMES, f"{ROOT}/cases", f"{ROOT}/stories", *own]


def test_robots_are_asked_to_keep_out_of_what_is_personal(client: FlaskClient) -> None:
    response = client.get("/robots.txt")

    assert response.mimetype == "text/plain"
    assert response.text == (
        "User-agent: *\nDisallow: /desk\nDisallow: /open\nDisallow: /my\nDisallow: /inquiries\n"
        f"\nSitemap: {ROOT}/sitemap.xml\n"
    )


def test_the_feed_tells_of_new_stories_under_lasting_ids(app: Flask, client: FlaskClient) -> None:
    slug = publish_story(app, title="Example & more")
    (before,) = entries(client)

    change(app, "story", slug, title="Example changed")

    (after,) = entries(client)
    assert before["id"] == after["id"] == f"{ROOT}/stories/{slug}"
    assert (before["title"], after["title"]) == ("Example & more", "Example changed")
    assert before["published"] == after["published"]
    assert before["updated"] < after["updated"]
    # What a reader fetched stays there, whatever becomes of the permission.
    assert "summary" not in after
    assert "An invented account" not in client.get("/feed").text
    withdraw(app, "story", slug)
    assert entries(client) == []


def test_the_feed_has_all_that_a_reader_needs(app: Flask, client: FlaskClient) -> None:
    publish_story(app)

    response = client.get("/feed")

    assert response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(response.data)
    assert feed.findtext(f"{ATOM}id") == f"{ROOT}/feed"
    assert feed.findtext(f"{ATOM}title")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Example Treatment Inquiries"
    updated = datetime.fromisoformat(feed.findtext(f"{ATOM}updated") or "")
    assert updated.tzinfo is not None
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")] == ["self", "alternate"]
    assert "Invented for a test: after" not in response.text


def entries(client: FlaskClient) -> list[dict[str, str]]:
    """Return the feed's entries, each name with its text."""
    feed = ElementTree.fromstring(client.get("/feed").data)
    return [
        {part.tag.removeprefix(ATOM): part.text or "" for part in entry}
        for entry in feed.iter(f"{ATOM}entry")
    ]
