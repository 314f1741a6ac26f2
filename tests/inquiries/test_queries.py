from datetime import timedelta

import pytest
from flask import Flask

from app.inquiries import queries
from app.inquiries.queries import PAGE_SIZE, queue_page
from tests.support import cast
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiries, make_inquiry


def references(page: queries.Page) -> list[str]:
    return [inquiry.reference for inquiry in page.rows]


@pytest.mark.parametrize("apart", [timedelta(hours=1), timedelta(0)], ids=["spread", "at one moment"])
def test_paging_shows_every_inquiry_once_in_both_directions(app: Flask, apart: timedelta) -> None:
    made = make_inquiries(app, 2 * PAGE_SIZE + 20, apart=apart)
    with app.app_context():
        first = queue_page()
        second = queue_page(older_than=first.older_than)
        third = queue_page(older_than=second.older_than)
        assert [*references(first), *references(second), *references(third)] == made
        assert (first.newer_than, third.older_than) == (None, None)

        back = queue_page(newer_than=third.newer_than)
        assert references(back) == references(second)
        newest = queue_page(newer_than=back.newer_than)
        assert references(newest) == references(first)
        assert newest.newer_than is None


def test_a_page_that_is_exactly_full_has_no_older_one(app: Flask) -> None:
    made = make_inquiries(app, PAGE_SIZE)
    with app.app_context():
        page = queue_page()

        assert references(page) == made
        assert (page.older_than, page.newer_than) == (None, None)


def test_an_empty_queue_has_no_pages(app: Flask) -> None:
    with app.app_context():
        page = queue_page()

    assert (list(page.rows), page.older_than, page.newer_than) == ([], None, None)


@pytest.mark.parametrize("unknown", ["SCI-2222-2222", "", "nonsense", "'; --", "\x00", "😀" * 100])
def test_a_place_that_does_not_exist_gives_the_first_page(app: Flask, unknown: str) -> None:
    made = make_inquiries(app, 3)
    with app.app_context():
        assert references(queue_page(older_than=unknown)) == made
        assert references(queue_page(newer_than=unknown)) == made


def test_an_inquiry_that_comes_meanwhile_does_not_move_the_next_page(app: Flask) -> None:
    made = make_inquiries(app, PAGE_SIZE + 10)
    with app.app_context():
        first = queue_page()
    newest = make_inquiry(app)
    with app.app_context():
        assert references(queue_page(older_than=first.older_than)) == made[PAGE_SIZE:]
        assert references(queue_page())[0] == newest


@pytest.mark.parametrize(
    "typed",
    [
        "canary.one@mail.example.com",
        " CANARY.ONE@mail.example.com ",
        "+34600123457",
        "+34 600 123 457",
        "0034 600-123-457",
        "canaryname",
        "Example ONE",
        "CANARYNAME EXAMPLE-ONE",
        "one canáryname",
    ],
)
def test_an_inquiry_is_found_by_address_phone_or_whole_words_of_the_name(app: Flask, typed: str) -> None:
    reference = make_inquiry(app)
    make_inquiry(app, patient_name="Other Person", email="other@mail.example.com", phone="+61293744000")
    with app.app_context():
        assert [inquiry.reference for inquiry in queries.search(typed)] == [reference]


@ON_SQLITE
def test_an_inquiry_is_found_by_its_reference_however_it_is_typed(app: Flask) -> None:
    reference = make_inquiry(app)
    letters = reference.replace("-", "")
    with app.app_context():
        for typed in (reference, reference.lower(), letters, letters.removeprefix("SCI"), f" {reference} "):
            assert [inquiry.reference for inquiry in queries.search(typed)] == [reference]


@ON_SQLITE
@pytest.mark.parametrize(
    "typed", ["Canary", "mail.example.com", "600", "Nobody", "%", "*", "'", "", "\x00", "+"]
)
def test_parts_of_words_and_other_things_find_nothing(app: Flask, typed: str) -> None:
    make_inquiry(app)
    with app.app_context():
        assert list(queries.search(typed)) == []


@ON_SQLITE
def test_a_helper_is_found_too(app: Flask) -> None:
    reference = make_inquiry(app, filling_in="relative", helper_name=cast.HELPER_NAME)
    with app.app_context():
        assert [inquiry.reference for inquiry in queries.search("canaryhelper")] == [reference]
