"""What visitors see of cases, accounts, studies and recent patients, and for how long."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.content.queries import PAGE_SIZE
from tests.support.counting import statements
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, StrictClient, page_of, text_of
from tests.support.publishing import CASE as EXAMPLE_CASE
from tests.support.publishing import (
    NAME,
    add_study_file,
    captions,
    change,
    drawing,
    publish,
    publish_cases,
    publish_recent,
    publish_story,
    sound,
    unpublish,
    withdraw,
)

ONE_PERSON = "A patient’s account shows what happened to one person. It cannot show what will happen to you."


def titles(page: Page) -> list[str]:
    """Return the titles of the tiles, in order."""
    return [text_of(title) for title in page.with_class("tile__title")]


@pytest.fixture
def other(app: Flask, environ: dict[str, str]) -> Any:
    """A browser that another process of the same site answers."""
    another = create_app(environ)
    another.test_client_class = StrictClient
    yield another.test_client()
    close(another)


def test_a_case_shows_the_patient_the_treatment_and_what_was_recorded(
    app: Flask, client: FlaskClient
) -> None:
    slug = publish(app, "case", EXAMPLE_CASE)

    page = page_of(client.get(f"/cases/{slug}"))

    assert page.heading == "Example case"
    rows = [text_of(row) for row in page.with_class("summary__row")]
    assert rows == [
        "Level of the injury T10",
        "Region of the injury Upper or middle back (T1 to T12)",
        "Completeness Incomplete",
        "When it happened April 2019",
        "Age at treatment 31 years old",
        "Country Spain",
    ]
    (table,) = page.all("table")
    assert [text_of(row) for row in table.iter("tr")] == [
        "Measure Before After",
        "ASIA motor score 50 52",
        "Ashworth scale 3 3",
        "Bladder Not recorded No change told",
    ]
    assert {head.get("scope") for head in table.iter("th")} == {"col", "row"}
    assert text_of(page.all("caption")[0]) == "What was recorded before and after treatment"
    for words in ("four packets each", "by an example doctor", "a headache for two days"):
        assert words in page.text
    assert (
        "Source: An invented source. Not a controlled trial. Recorded here on 23 November 2026." in page.text
    )


def test_the_caveat_stands_beside_the_case_and_its_table(app: Flask, client: FlaskClient) -> None:
    slug = publish(app, "case", EXAMPLE_CASE)

    page = page_of(client.get(f"/cases/{slug}"))

    assert [text_of(found) for found in page.with_class("one-person")] == [ONE_PERSON] * 2
    (frame,) = page.with_class("outcome")
    assert ONE_PERSON in text_of(frame)


def test_a_case_of_which_nothing_was_recorded_has_no_table(app: Flask, client: FlaskClient) -> None:
    slug = publish(app, "case", EXAMPLE_CASE)
    change(app, "case", slug, outcome={}, measured="", notes="", picture=EXAMPLE_CASE.picture)

    page = page_of(client.get(f"/cases/{slug}"))

    assert page.all("table") == []
    assert "What else was seen" not in page.text


def test_a_story_has_three_parts_and_says_who_wrote_it(app: Flask, client: FlaskClient) -> None:
    files = {"recording": sound(), "captions": captions(), "picture": drawing()}
    slug = publish_story(
        app, files=files, transcript="Said in the recording", interview_url="https://interviews.example/1"
    )

    page = page_of(client.get(f"/stories/{slug}"))

    headings = [text_of(heading) for heading in page.all("h2")]
    assert headings == ["Before treatment", "Protocols received", "After treatment", "The recording"]
    assert text_of(page.with_class("tag")[0]) == "Edited together from recorded interviews"
    assert ONE_PERSON in page.text
    assert "Said in the recording" in text_of(page.all("details")[0])
    (player,) = page.all("audio")
    assert (player.get("preload"), player.find("track").get("srclang")) == ("metadata", "en")  # type: ignore[union-attr]
    assert "https://interviews.example/1" in [link.get("href") for link in page.all("a")]
    for element in (*page.all("source"), *page.all("track"), *page.all("img")):
        assert client.get(element.get("src") or element.get("srcset", "").split()[0]).status_code == 200


def test_a_study_is_read_in_the_browser_or_saved_and_tells_its_size(app: Flask, client: FlaskClient) -> None:
    before = page_of(client.get("/studies/asia-2008"))
    assert "Awaiting the file" in before.text
    assert client.get("/studies/asia-2008/study.pdf").status_code == 404

    add_study_file(app, pages=34)

    page = page_of(client.get("/studies/asia-2008"))
    assert "PDF, 34 pages, " in page.text
    assert "Awaiting the file" not in page.text
    read = client.get("/studies/asia-2008/study.pdf")
    assert (read.status_code, read.mimetype, read.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert read.headers["Content-Disposition"].startswith("inline")
    saved = client.get("/studies/asia-2008/study.pdf?save=1")
    assert saved.headers["Content-Disposition"].startswith('attachment; filename="asia-2008.pdf"')
    assert page_of(client.get("/")).with_class("document__picture") != []


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (None, "PDF"),
        (500, "PDF, 1 kB"),
        (940_000, "PDF, 940 kB"),
        (1_240_000, "PDF, 1.2 MB"),
        (40_000_000, "PDF, 40 MB"),
    ],
)
def test_a_large_file_says_that_it_may_take_minutes(
    app: Flask, client: FlaskClient, size: int | None, words: str
) -> None:
    add_study_file(app)
    change(app, "study", "asia-2008", size=size, pages=None)

    text = page_of(client.get("/studies/asia-2008")).text

    assert f" {words} " in text
    assert ("may take minutes" in text) == (size == 40_000_000)


def test_a_gallery_shows_each_case_with_its_injury_in_words(app: Flask, client: FlaskClient) -> None:
    publish_cases(app, 2, pictured=True)

    for path in ("/", "/cases"):
        page = page_of(client.get(path))
        tile, _second = page.with_class("tile")
        assert [text_of(line) for line in tile.iter("p")] == [
            "C5, complete",
            "Neck (C1 to C8)",
            "20 years old, Spain",
        ]
        (image,) = tile.iter("img")
        assert (image.get("alt"), image.get("width"), image.get("height")) == (
            "An example picture",
            "1400",
            "1050",
        )
        assert image.get("loading") == "lazy"
        types = [source.get("type") for source in tile.iter("source")]
        assert types == ["image/avif", "image/webp"]
        for source in (*tile.iter("source"), image):
            for part in source.get("srcset", "").split(", "):
                answer = client.get(part.split()[0])
                assert (answer.status_code, answer.mimetype) == (200, source.get("type", "image/jpeg"))


def test_the_start_page_shows_a_dozen_cases_and_leads_to_the_others(app: Flask, client: FlaskClient) -> None:
    publish_cases(app, 12)
    assert "All case studies" not in page_of(client.get("/")).text

    publish_cases(app, 1)

    page = page_of(client.get("/"))
    assert len(titles(page)) == 12
    assert "All case studies" in page.text


def test_the_gallery_is_filtered_by_region_and_completeness_in_the_address(
    app: Flask, client: FlaskClient
) -> None:
    publish_cases(app, 6)

    def shown(query: str) -> list[str]:
        return [
            title.removeprefix("Example case ") for title in titles(page_of(client.get(f"/cases{query}")))
        ]

    assert shown("") == ["1", "2", "3", "4", "5", "6"]
    assert shown("?region=cervical") == ["1", "5"]
    assert shown("?completeness=complete") == ["1", "4"]
    assert shown("?region=cervical&completeness=complete") == ["1"]
    assert shown("?region=the-moon&completeness=half&unknown=1") == ["1", "2", "3", "4", "5", "6"]


def test_each_answer_of_a_filter_is_a_link_that_keeps_the_other(app: Flask, client: FlaskClient) -> None:
    publish_cases(app, 1)

    page = page_of(client.get("/cases?region=lumbar&completeness=complete"))

    answers = {text_of(link): link for link in page.with_class("filters__answer")}
    assert answers["Incomplete"].get("href") == "/cases?region=lumbar&completeness=incomplete"
    assert [text_of(link) for link in answers.values() if link.get("aria-current")] == [
        "Lower back (L1 to L5)",
        "Complete",
    ]
    assert page.title.startswith("Case studies: Lower back (L1 to L5), Complete")
    assert "There is no case study like this here yet." in page.text
    assert "Show all case studies" in page.text


def test_a_long_gallery_goes_on_by_addresses_and_loses_and_repeats_nothing(
    app: Flask, client: FlaskClient
) -> None:
    publish_cases(app, PAGE_SIZE + 2)
    first = page_of(client.get("/cases?completeness=incomplete"))
    whole = page_of(client.get("/cases"))
    (link,) = [link for link in whole.all("a") if "More case studies" in text_of(link)]

    rest = page_of(client.get(link.get("href", "")))

    assert len(titles(first)) == (PAGE_SIZE + 2) // 2
    assert titles(whole) + titles(rest) == [f"Example case {n + 1}" for n in range(PAGE_SIZE + 2)]
    assert "More case studies" not in rest.text
    assert [link.get("href") for link in rest.all("a") if "Back to the first" in text_of(link)] == ["/cases"]


@pytest.mark.parametrize("after", ["nowhere", "%00", "%F0%9F%92%A9", "a" * 5000, "' OR 1=1 --"])
def test_an_address_that_goes_on_from_nowhere_offers_the_first_page(client: FlaskClient, after: str) -> None:
    response = client.get(f"/cases?after={after}")

    assert response.status_code == 200
    assert "Show all case studies" in page_of(response).text


def test_the_lists_say_that_nothing_is_there_yet(client: FlaskClient) -> None:
    assert "Awaiting the first case" in page_of(client.get("/cases")).text
    assert "Awaiting the first story" in page_of(client.get("/stories")).text


@pytest.mark.parametrize("place", ["cases", "stories", "studies"])
@pytest.mark.parametrize("slug", ["none", "%00", "..%2f..", "a" * 50, "é"])
def test_an_address_of_nothing_gives_the_page_that_helps(client: FlaskClient, place: str, slug: str) -> None:
    for path in (f"/{place}/{slug}", f"/{place}/{slug}/study.pdf"):
        response = client.get(path)
        assert response.status_code == 404
        page = page_of(response)
        assert "may have been taken down by the person it tells of" in page.text
        links = {link.get("href") for link in page.all("main")[0].iter("a")}
        assert {"/", "/cases", "/stories", "/#inquiry"} <= links


def test_files_that_an_entry_does_not_name_are_not_there(app: Flask, client: FlaskClient) -> None:
    (slug,) = publish_cases(app, 1, pictured=True)

    assert client.get(f"/cases/{slug}/picture-320.webp").status_code == 200
    for path in (f"/cases/{slug}/picture-1.webp", f"/cases/{slug}/study.pdf", f"/stories/{slug}/recording"):
        assert client.get(path).status_code == 404


def test_what_was_withdrawn_is_gone_from_every_process_at_the_next_request(
    app: Flask, client: FlaskClient, other: FlaskClient
) -> None:
    (case,) = publish_cases(app, 1, pictured=True)
    story = publish_story(app)
    publish_recent(app, story=story)
    paths = [f"/cases/{case}", f"/cases/{case}/picture-320.jpg", f"/stories/{story}"]
    lists = ["/", "/cases", "/stories", "/feed", "/sitemap.xml"]
    for visitor in (client, other):
        assert [visitor.get(path).status_code for path in paths] == [200, 200, 200]
        assert f"/cases/{case}" in visitor.get("/").text
        assert f"/stories/{story}" in visitor.get("/").text

    withdraw(app, "case", case)
    withdraw(app, "story", story)

    for visitor in (client, other):
        assert [visitor.get(path).status_code for path in paths] == [404, 404, 404]
        for path in lists:
            assert case not in visitor.get(path).text
            assert story not in visitor.get(path).text
    assert "Awaiting the page" in page_of(client.get("/")).text


def test_a_permission_that_ends_is_over_on_the_day_after_its_last(app: Flask, client: FlaskClient) -> None:
    last = date(2030, 3, 4)
    noon = datetime(2030, 3, 4, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        slug = publish(app, "case", EXAMPLE_CASE, ends_on=last)
        assert f"/cases/{slug}" in client.get("/").text

    with time_machine.travel(noon + timedelta(hours=12), tick=False):
        assert f"/cases/{slug}" not in client.get("/").text
        assert client.get(f"/cases/{slug}").status_code == 404


def test_a_changed_page_is_seen_by_every_process_at_the_next_request(
    app: Flask, client: FlaskClient, other: FlaskClient
) -> None:
    assert other.get("/").status_code == 200

    change(app, "treatment", "en", lead="An example lead, changed")

    assert "An example lead, changed" in page_of(other.get("/")).text
    assert page_of(client.get("/")).values("/inquiries")["treatment_version"] == ["en-2"]


def test_a_name_is_shown_only_as_it_was_agreed(app: Flask, client: FlaskClient) -> None:
    named = publish_story(app)
    publish_recent(app)
    covers = ("text", "picture", "recording")
    unnamed = publish(app, "case", EXAMPLE_CASE, covers=covers)

    assert NAME in page_of(client.get(f"/stories/{named}")).text
    assert f"{NAME}, Portugal" in page_of(client.get("/")).text
    assert NAME not in client.get(f"/cases/{unnamed}").text
    for path in ("/sitemap.xml", "/feed", "/cases", "/stories"):
        text = client.get(path).text
        assert NAME.lower().replace(" ", "-") not in text.lower()


def test_no_address_tells_anything_of_a_person(app: Flask, client: FlaskClient) -> None:
    publish_cases(app, 3, pictured=True)
    publish_story(app)
    page = page_of(client.get("/"))

    addresses = [
        element.get(name, "") for element in page.root.iter() for name in ("href", "src", "srcset", "action")
    ]
    # Letters and digits that were drawn by lot can make a level too: it tells something as a word of its own.
    for word in ("example", "person", r"\bc5\b", r"\bt10\b", "spain", "portugal", "cervical"):
        told = [found for found in addresses if re.search(word, found.lower().replace("_", "-"))]
        assert [found for found in told if "portal.example" not in found] == []


def test_without_a_treatment_page_the_start_page_says_so_and_keeps_form_and_emergency(
    app: Flask, client: FlaskClient
) -> None:
    unpublish(app, "treatment", "en")

    response = client.get("/")

    page = page_of(response)
    assert response.status_code == 200
    assert "is not on this page just now" in page.text
    assert "Autonomic dysreflexia" in text_of(page.by_id("emergency"))
    assert page.values("/inquiries")["treatment_version"] == [""]
    assert [meta.get("content") for meta in page.all("meta") if meta.get("name") == "robots"] == ["noindex"]


def test_the_start_page_costs_one_statement_however_much_stands_on_it(
    app: Flask, client: FlaskClient
) -> None:
    publish_cases(app, 12)
    publish_recent(app, story=publish_story(app))
    client.get("/")
    with statements(app) as asked:
        assert client.get("/").status_code == 200

    assert len(asked) == 1, asked


@pytest.mark.parametrize("path", ["/cases", "/stories", "/cases/{case}", "/stories/{story}"])
def test_a_page_of_content_costs_one_statement(app: Flask, client: FlaskClient, path: str) -> None:
    (case,) = publish_cases(app, 1)
    story = publish_story(app)
    with statements(app) as asked:
        assert client.get(path.format(case=case, story=story)).status_code == 200

    assert len(asked) == 1, asked


def test_no_more_than_a_few_pages_are_kept(app: Flask, client: FlaskClient) -> None:
    for number in range(40):
        change(app, "treatment", "en", lead=f"Example {number}")
        client.get("/")

    assert len(app.extensions["kept_pages"]) <= 32


def test_templates_hold_no_words_of_the_pages_that_editors_keep() -> None:
    templates = Path(__file__).parents[2] / "templates"
    for path in (*(templates / "content").glob("*.html"), *(templates / "site").glob("*.html")):
        assert "1,850" not in path.read_text(encoding="utf-8"), path.name


NAMELESS = {"covers": ("text",), "shown_name": ""}


@ON_SQLITE
@pytest.mark.parametrize(
    ("of_story", "of_recent", "is_led_to"),
    [({}, {}, True), (NAMELESS, {}, False), (NAMELESS, NAMELESS, True), ({}, NAMELESS, True)],
    ids=["both names", "name in the list alone", "no name", "name in the story alone"],
)
def test_a_name_never_leads_to_an_account_that_shows_none(
    app: Flask, client: FlaskClient, of_story: dict[str, Any], of_recent: dict[str, Any], is_led_to: bool
) -> None:
    slug = publish_story(app, of_story)
    publish_recent(app, of_recent, story=slug)

    places = page_of(client.get("/")).with_class("patient-list")
    links = [link.get("href") for place in places for link in place.iter("a")]
    assert (f"/stories/{slug}" in links) == is_led_to
