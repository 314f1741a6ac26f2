import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.inquiries.queries import PAGE_SIZE
from tests.support import cast
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiries, make_inquiry
from tests.support.pages import Page, page_of, text_of


def shown(page: Page) -> list[str]:
    return [text_of(link) for link in page.with_class("queue__reference")]


def followed(client: FlaskClient, page: Page, words: str) -> Page:
    link = next(link for link in page.all("a") if words in text_of(link))
    return page_of(client.get(link.get("href", "")))


def test_an_empty_queue_says_so(coordinator: FlaskClient) -> None:
    page = page_of(coordinator.get("/desk"))

    assert "There are no inquiries here." in page.text
    assert page.all("table") == []
    assert page.with_class("pagination") == []


def test_the_queue_shows_who_asks_and_since_when(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    page = page_of(coordinator.get("/desk"))

    (row,) = page.all("tbody")
    assert shown(page) == [reference]
    for part in (cast.PATIENT_NAME, "Spain", "the injured person", "T10", "Incomplete", "New", "min"):
        assert part in text_of(row)


def test_the_queue_can_be_paged_both_ways(app: Flask, coordinator: FlaskClient) -> None:
    made = make_inquiries(app, 2 * PAGE_SIZE + 3)

    first = page_of(coordinator.get("/desk"))
    second = followed(coordinator, first, "Older")
    third = followed(coordinator, second, "Older")
    assert [*shown(first), *shown(second), *shown(third)] == made
    assert "Newer" not in text_of(first.with_class("pagination")[0])
    assert "Older" not in text_of(third.with_class("pagination")[0])

    back = followed(coordinator, third, "Newer")
    assert shown(back) == shown(second)
    assert shown(followed(coordinator, back, "Newer")) == shown(first)


@ON_SQLITE
@pytest.mark.parametrize(
    "query", ["older_than=x", "newer_than=x", "older_than=%00&newer_than=%ff", "page=2", "older_than="]
)
def test_a_place_that_does_not_exist_shows_the_first_page(
    app: Flask, coordinator: FlaskClient, query: str
) -> None:
    made = make_inquiries(app, 2)

    assert shown(page_of(coordinator.get(f"/desk?{query}"))) == made


def test_an_inquiry_is_found_without_a_name_in_any_address(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    make_inquiries(app, 2)
    page = page_of(coordinator.get("/desk"))

    answer = coordinator.post("/desk/search", data={**page.values("/desk/search"), "sought": "canaryname"})

    found = page_of(answer)
    assert answer.status_code == 200
    assert shown(found) == [reference]
    assert page.form("/desk/search").get("method") == "post"
    assert found.values("/desk/search")["sought"] == ["canaryname"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("sought", "status", "told"),
    [
        ("", 422, "Write what to look for."),
        ("nobody", 200, "Nothing was found."),
        ("a" * 255, 422, "This is 1 character too long. Shorten it to 254."),
        ("<script>alert(1)</script>", 200, "Nothing was found."),
        ("a\x00b", 422, "We took out characters that cannot be shown."),
    ],
)
def test_a_search_that_finds_nothing_says_what_to_do(
    app: Flask, coordinator: FlaskClient, sought: str, status: int, told: str
) -> None:
    make_inquiry(app)
    fields = page_of(coordinator.get("/desk")).values("/desk/search")

    answer = coordinator.post("/desk/search", data={**fields, "sought": sought})

    assert answer.status_code == status
    assert told in page_of(answer).text
    assert "<script>alert" not in answer.text


@ON_SQLITE
def test_a_search_without_its_token_gives_the_words_back(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)

    answer = coordinator.post("/desk/search", data={"sought": "canaryname"})

    assert answer.status_code in {400, 422}
    assert shown(page_of(answer)) == []
