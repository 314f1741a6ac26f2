import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.inquiries.queue_rows import PAGE_SIZE
from tests.desk.test_queue import shown
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiries, make_inquiry
from tests.support.pages import Page, page_of, text_of

SEARCH = "/desk/search"


def search(client: FlaskClient, sought: str, start: str = "/desk") -> TestResponse:
    """Send the search of a page as it stands, with words to find."""
    page = page_of(client.get(start))
    return client.post(SEARCH, data={**page.values(SEARCH), "sought": sought})


def pressed(client: FlaskClient, page: Page, words: str) -> Page:
    """Press a button of a search's page; it is sent with all fields of its form."""
    for form in page.all("form"):
        for button in form.iter("button"):
            if words in text_of(button):
                fields = {
                    field.get("name"): field.get("value")
                    for field in form.iter("input")
                    if field.get("type") == "hidden"
                }
                return page_of(client.post(SEARCH, data={**fields, button.get("name"): button.get("value")}))
    raise AssertionError(f"no button says {words}")


@pytest.mark.parametrize("sought", ["canaryname", "CANáRY", "can exam", "canary.one@mail.example.com"])
def test_an_inquiry_is_found_without_a_name_in_any_address(
    app: Flask, coordinator: FlaskClient, sought: str
) -> None:
    reference = make_inquiry(app)
    make_inquiry(app, patient_name="Other Person", email="other@mail.example.com", phone="+61293744000")

    answer = search(coordinator, sought)

    found = page_of(answer)
    assert answer.status_code == 200
    assert shown(found) == [reference]
    assert found.form(SEARCH).get("method") == "post"
    assert found.values(SEARCH)["sought"] == [sought]
    assert all(sought not in link.get("href", "") for link in found.all("a"))


@ON_SQLITE
@pytest.mark.parametrize(
    ("sought", "status", "told"),
    [
        ("", 422, "Write what to look for."),
        ("nobody", 200, "Nothing was found."),
        ("ca", 200, "Nothing was found."),
        ("a" * 255, 422, "This is 1 character too long. Shorten it to 254."),
        ("<script>alert(1)</script>", 200, "Nothing was found."),
        ("a\x00b", 422, "We took out characters that cannot be shown."),
        ("SCI-2222-2222", 200, "Nothing was found."),
    ],
)
def test_a_search_that_finds_nothing_says_what_to_do(
    app: Flask, coordinator: FlaskClient, sought: str, status: int, told: str
) -> None:
    make_inquiry(app)

    answer = search(coordinator, sought)

    assert answer.status_code == status
    assert told in page_of(answer).text
    assert "<script>alert" not in answer.text


@ON_SQLITE
def test_a_search_without_its_token_gives_the_words_back(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)

    answer = coordinator.post(SEARCH, data={"sought": "canaryname"})

    assert answer.status_code in {400, 422}
    assert shown(page_of(answer)) == []


@ON_SQLITE
def test_a_search_keeps_the_filters_and_lets_go_of_the_view(app: Flask, coordinator: FlaskClient) -> None:
    spain, peru = make_inquiry(app), make_inquiry(app, country="PE")

    found = page_of(search(coordinator, "canary", "/desk?view=closed&country=PE"))

    assert shown(found) == [peru]
    every = pressed(coordinator, found, "Country: Peru")
    assert shown(every) == [peru, spain]
    assert every.values(SEARCH)["sought"] == ["canary"]
    empty = page_of(search(coordinator, "canary", "/desk?country=SE"))
    assert "Only inquiries that fit the filters were looked at." in empty.text


@ON_SQLITE
def test_filters_can_be_set_in_a_search(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    peru = make_inquiry(app, country="PE")
    fields = page_of(search(coordinator, "canary")).values(SEARCH)

    found = page_of(coordinator.post(SEARCH, data={**fields, "sought": "canary", "country": "PE"}))

    assert shown(found) == [peru]


@ON_SQLITE
def test_a_search_can_be_paged_both_ways(app: Flask, coordinator: FlaskClient) -> None:
    made = make_inquiries(app, PAGE_SIZE + 2)

    first = page_of(search(coordinator, "exam"))
    second = pressed(coordinator, first, "Next page")

    assert [*shown(first), *shown(second)] == made
    assert shown(pressed(coordinator, second, "Page before")) == shown(first)
