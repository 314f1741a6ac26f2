from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.core import clock
from app.core.crypto import keyring
from app.core.database import db, new_id
from app.inquiries import queue, queue_pages
from app.inquiries.models import Inquiry, InquiryLookup
from app.inquiries.queue import SORTS, VIEWS, Reader
from app.inquiries.queue_filters import AGES, Filters, matching
from app.inquiries.queue_orders import Place
from app.inquiries.queue_pages import Page, queue_page
from app.inquiries.queue_rows import PAGE_SIZE
from tests.support import cast
from tests.support.changing import set_values
from tests.support.counting import statements
from tests.support.engines import ON_SQLITE
from tests.support.finding import found
from tests.support.making import FIRST_DAY, make_inquiries, make_inquiry

TODAY = date(2026, 7, 15)
READER = Reader(None, datetime(2026, 7, 15, 12, tzinfo=UTC), TODAY)


def references(page: Page) -> list[str]:
    return [inquiry.reference for inquiry in page.rows]


def pages_forward(view: str, sort: str) -> Iterator[Page]:
    """Go from the first page to the last."""
    page = queue_page(view, sort, [], READER)
    yield page
    while page.after:
        page = queue_page(view, sort, [], READER, page.after)
        yield page


def pages_back(view: str, sort: str, place: Place | None) -> Iterator[Page]:
    """Go back from a page to the first."""
    while place:
        page = queue_page(view, sort, [], READER, place, backwards=True)
        yield page
        place = page.before


def found_with(**filters: Any) -> set[str]:
    """Return what filters leave of all inquiries."""
    return set(references(queue_page("all", "newest", matching(Filters(**filters), TODAY), READER)))


def in_moments_and_gaps(app: Flask, count: int) -> list[str]:
    """Make inquiries of which several have one moment, or none, of everything that they are sorted by."""
    made = make_inquiries(app, count)
    with app.app_context():
        for number, inquiry in enumerate(db.session.scalars(sa.select(Inquiry).order_by(Inquiry.id))):
            inquiry.sent_at = FIRST_DAY + timedelta(hours=number // 7)
            inquiry.waiting_since = None if number % 3 else FIRST_DAY + timedelta(days=number % 5)
            inquiry.follow_up_on = None if number % 4 else TODAY + timedelta(days=number % 2)
            inquiry.status = ("new", "in_contact", "closed")[number % 3]
        db.session.commit()
    return made


def in_order(rows: Sequence[Inquiry], sort: str) -> list[str]:
    """Return the references in an order, worked out apart from the database."""
    column, is_descending = SORTS[sort].column.key, SORTS[sort].is_descending
    told = sorted(
        (row for row in rows if getattr(row, column) is not None),
        key=lambda row: (getattr(row, column), row.id),
        reverse=is_descending,
    )
    untold = sorted((row for row in rows if getattr(row, column) is None), key=lambda row: row.id)
    return [row.reference for row in (*told, *untold)]


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_shows_each_inquiry_once_in_both_directions(app: Flask, sort: str) -> None:
    in_moments_and_gaps(app, 2 * PAGE_SIZE + 20)
    with app.app_context():
        expected = in_order(db.session.scalars(sa.select(Inquiry)).all(), sort)
        forward = list(pages_forward("all", sort))
        back = list(pages_back("all", sort, forward[-1].before))

    assert [reference for page in forward for reference in references(page)] == expected
    assert [len(page.rows) for page in forward] == [PAGE_SIZE, PAGE_SIZE, 20]
    assert (forward[0].before, forward[-1].after) == (None, None)
    assert [references(page) for page in back] == [references(page) for page in forward[-2::-1]]


@pytest.mark.parametrize("sort", SORTS)
def test_a_view_of_several_statuses_is_one_list(app: Flask, sort: str) -> None:
    in_moments_and_gaps(app, 90)
    with app.app_context():
        free = db.session.scalars(sa.select(Inquiry).where(Inquiry.status != "closed")).all()
        forward = list(pages_forward("unassigned", sort))

        shown = [reference for page in forward for reference in references(page)]
        assert shown == in_order(free, sort)


@ON_SQLITE
@pytest.mark.parametrize("count", [0, 1, PAGE_SIZE])
def test_what_fits_on_one_page_has_no_neighbours(app: Flask, count: int) -> None:
    made = make_inquiries(app, count)
    with app.app_context():
        page = queue_page("all", "newest", [], READER)

    assert (references(page), page.before, page.after) == (made, None, None)


def test_the_next_page_is_found_although_the_inquiry_it_goes_on_from_has_moved(app: Flask) -> None:
    make_inquiries(app, PAGE_SIZE + 10)
    with app.app_context():
        first, second = pages_forward("waiting", "waiting")
        assert first.after is not None
    set_values(app, first.after.reference, waiting_since=None, sent_at=clock.now())
    with app.app_context():
        assert references(queue_page("waiting", "waiting", [], READER, first.after)) == references(second)


def test_the_next_page_is_found_although_the_inquiry_it_goes_on_from_is_gone(app: Flask) -> None:
    make_inquiries(app, PAGE_SIZE + 10)
    with app.app_context():
        first, second = pages_forward("all", "newest")
        assert first.after is not None
        db.session.execute(sa.delete(Inquiry).where(Inquiry.reference == first.after.reference))
        db.session.commit()
        assert references(queue_page("all", "newest", [], READER, first.after)) == references(second)


@pytest.mark.parametrize("sort", SORTS)
def test_a_page_that_few_fit_ends_after_a_while_and_the_next_one_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(queue_pages, "MOST_LISTED", 3)
    monkeypatch.setattr(queue_pages, "MOST_LOOKED_THROUGH", 25)
    in_moments_and_gaps(app, 90)
    wanted = matching(Filters(completeness="complete"), TODAY)
    with app.app_context():
        fit = db.session.scalars(sa.select(Inquiry).order_by(Inquiry.id)).all()[::13]
        for row in fit:
            row.completeness = "complete"
        db.session.commit()
        pages = [queue_page("all", sort, wanted, READER)]
        while place := pages[-1].after:
            pages.append(queue_page("all", sort, wanted, READER, place))
        assert all(page.before for page in pages[1:])  # one without rows leads back too
        later = next(page for page in pages[1:] if page.rows)
        back = queue_page("all", sort, wanted, READER, later.before, backwards=True)
        expected = in_order(fit, sort)

    assert [reference for page in pages for reference in references(page)] == expected
    assert [page.is_cut for page in pages] == [True] * (len(pages) - 1) + [False]
    assert len(pages) > 2
    assert references(back)[-1] == expected[expected.index(references(later)[0]) - 1]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("view", ["all", "unassigned", "waiting", "closed"])
def test_a_page_shows_the_same_however_it_is_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch, view: str, sort: str
) -> None:
    in_moments_and_gaps(app, 70)
    wanted = matching(Filters(completeness="incomplete", country="ES"), TODAY)
    with app.app_context():
        plain = references(queue_page(view, sort, [], READER))
        of_few = references(queue_page(view, sort, wanted, READER))
        monkeypatch.setattr(queue_pages, "MOST_LISTED", -1)
        looked_through = references(queue_page(view, sort, wanted, READER))

    assert plain == of_few == looked_through
    assert plain


@ON_SQLITE
def test_counting_what_fits_a_filter_reads_an_index_and_no_inquiry(app: Flask) -> None:
    wanted = matching(Filters(injury="C5", language="de", country="ES", answered=False), TODAY)
    with app.app_context():
        with statements(app) as asked:
            queue.counted([each for each in wanted if each.ids is not None], 9)
        (statement,) = asked
        plan = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?")
        )
        steps = [step for *_ids, step in plan if " inquiries " in step]

    assert len(steps) == 4
    assert all("USING COVERING INDEX" in step for step in steps)


@ON_SQLITE
def test_an_inquiry_that_comes_meanwhile_does_not_move_the_next_page(app: Flask) -> None:
    made = make_inquiries(app, PAGE_SIZE + 10)
    with app.app_context():
        first = queue_page("all", "newest", [], READER)
    newest = make_inquiry(app)
    with app.app_context():
        after = queue_page("all", "newest", [], READER, first.after)
        assert references(after) == made[PAGE_SIZE:]
        assert references(queue_page("all", "newest", [], READER))[0] == newest


def test_views_hold_what_they_say(app: Flask) -> None:
    made = make_inquiries(app, 8)
    staff_id = new_id()
    now, hour = READER.now, timedelta(hours=1)
    with app.app_context():
        db.session.add(User(id=staff_id, email="one@staff.example.com", name="One", fs_uniquifier="one"))
        db.session.commit()
    later = {"answer_due_at": now + hour}
    set_values(app, made[0], waiting_since=now, answer_due_at=now - hour)
    set_values(app, made[1], status="in_contact", owner_id=staff_id, waiting_since=now - hour, **later)
    set_values(app, made[2], status="waiting_for_patient", waiting_since=None, follow_up_on=TODAY, **later)
    set_values(app, made[3], status="medical_review", waiting_since=None, suspicious=True, **later)
    set_values(app, made[4], status="closed", waiting_since=None, owner_id=staff_id, suspicious=True)
    set_values(app, made[5], status="declined", waiting_since=None, answer_due_at=now - hour)
    set_values(app, made[6], status="withdrawn", waiting_since=None, follow_up_on=TODAY + timedelta(days=1))
    set_values(app, made[7], status="offered", waiting_since=None, owner_id=staff_id)
    expected = {
        "waiting": [1, 0],
        "new": [0],
        "mine": [1, 7],
        "unassigned": [0, 3, 2],
        "follow_up": [2],
        "overdue": [0],
        "waiting_for_patient": [2],
        "review": [3],
        "suspicious": [3],
        "closed": [4, 5, 6],
        "all": [0, 1, 2, 3, 4, 5, 6, 7],
    }
    reader = Reader(staff_id, now, TODAY)
    with app.app_context():
        shown = {view: references(queue_page(view, VIEWS[view].sort, [], reader)) for view in VIEWS}
        counted = queue.counts(reader)

    assert shown == {view: [made[number] for number in numbers] for view, numbers in expected.items()}
    assert counted == {view: len(numbers) for view, numbers in expected.items()}


@ON_SQLITE
def test_counts_stop_where_nobody_would_count_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_COUNTED", 3)
    monkeypatch.setattr(queue, "MOST_ARRIVALS", 2)
    make_inquiries(app, 6)
    with app.app_context():
        assert queue.counts(READER)["all"] == 4
        assert queue.arrivals("all", [], READER, FIRST_DAY) == 3


def test_each_filter_leaves_what_it_asks_for(app: Flask) -> None:
    one = make_inquiry(app, country="PE", language="es", injury_region="cervical", injury_level="C5")
    two = make_inquiry(app, completeness="complete", injury_level="T4", injury_year=None, injury_month=None)
    called = make_inquiry(app, injury_region="", injury_level="", completeness="", language="")
    staff_id = new_id()
    with app.app_context():
        db.session.add(User(id=staff_id, email="one@staff.example.com", name="One", fs_uniquifier="one"))
        db.session.commit()
    set_values(app, one, owner_id=staff_id, suspicious=True, first_answered_at=READER.now)
    set_values(app, two, status="closed", sent_at=FIRST_DAY)
    expected: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {one, two, called}),
        ({"status": "closed"}, {two}),
        ({"owner_id": staff_id}, {one}),
        ({"without_owner": True}, {two, called}),
        ({"country": "PE"}, {one}),
        ({"country": "PE", "status": "closed"}, set()),
        ({"language": "es"}, {one}),
        ({"injury": "cervical"}, {one}),
        ({"injury": "T4"}, {two}),
        ({"injury": "unknown"}, set()),
        ({"completeness": "complete"}, {two}),
        ({"hint": "second_protocol"}, {one, two, called}),
        ({"hint": "high_level"}, {one, two}),
        ({"hint": "recent"}, set()),
        ({"suspicious": True}, {one}),
        ({"suspicious": False}, {two, called}),
        ({"wants_call": True}, {called}),
        ({"wants_call": False}, {one, two}),
        ({"answered": True}, {one}),
        ({"answered": False}, {two, called}),
        ({"sent_from": FIRST_DAY + timedelta(seconds=1)}, {one, called}),
        ({"sent_before": FIRST_DAY + timedelta(seconds=1)}, {two}),
        ({"age": "unknown"}, {two}),
        ({"age": "over_5_years", "country": "PE"}, {one}),
    ]
    with app.app_context():
        assert [(asked, found_with(**asked)) for asked, _ in expected] == expected


@pytest.mark.parametrize(
    ("year", "month", "ages"),
    [
        (2026, 7, {"under_3_months", "under_1_year"}),
        (2026, 4, {"under_3_months", "under_1_year"}),
        (2026, 3, {"under_1_year"}),
        (2025, 7, {"under_1_year"}),
        (2025, None, {"under_1_year"}),
        (2026, None, {"under_3_months", "under_1_year"}),
        (2025, 6, {"1_to_5_years"}),
        (2021, 7, {"1_to_5_years"}),
        (2021, None, {"1_to_5_years"}),
        (2021, 6, {"over_5_years"}),
        (1950, None, {"over_5_years"}),
        (None, None, {"unknown"}),
    ],
)
@ON_SQLITE
def test_an_injury_is_as_old_as_it_is_at_least(
    app: Flask, year: int | None, month: int | None, ages: set[str]
) -> None:
    reference = make_inquiry(app, injury_year=year, injury_month=month)
    with app.app_context():
        assert {age for age in AGES if reference in found_with(age=age)} == ages


@pytest.mark.parametrize(
    "typed",
    [
        "canary.one@mail.example.com",
        " CANARY.ONE@mail.example.com ",
        "+34600123457",
        "+34 600 123 457",
        "0034 600-123-457",
        "canaryname",
        "Canary",
        "can exa on",
        "Example ONE",
        "CANARYNAME EXAMPLE-ONE",
        "one canáryname",
    ],
)
def test_an_inquiry_is_found_by_address_phone_words_of_the_name_and_their_beginnings(
    app: Flask, typed: str
) -> None:
    reference = make_inquiry(app, patient_name="Canaryname Example-One Onwards")
    make_inquiry(app, patient_name="Other Person", email="other@mail.example.com", phone="+61293744000")
    with app.app_context():
        expected = [] if typed.endswith(" on") else [reference]  # two letters are too few
        assert [inquiry.reference for inquiry in found(typed)] == expected


@ON_SQLITE
def test_a_long_word_is_found_by_its_first_letters(app: Flask) -> None:
    reference = make_inquiry(app, patient_name="Papadopoulopoulos")
    with app.app_context():
        for typed in ("pap", "papadopoulop", "Papadopoulopo", "papadopoulopoulos"):
            assert [inquiry.reference for inquiry in found(typed)] == [reference]
        assert found("papadopaulos") == []


@ON_SQLITE
def test_an_inquiry_is_found_by_its_reference_however_it_is_typed(app: Flask) -> None:
    reference = make_inquiry(app)
    letters = reference.replace("-", "")
    with app.app_context():
        for typed in (reference, reference.lower(), letters, letters.removeprefix("SCI"), f" {reference} "):
            assert [inquiry.reference for inquiry in found(typed)] == [reference]


@ON_SQLITE
def test_a_name_that_could_be_a_reference_is_found_too(app: Flask) -> None:
    reference = make_inquiry(app, patient_name="Ferdnand")
    with app.app_context():
        assert [inquiry.reference for inquiry in found("ferdnand")] == [reference]


@ON_SQLITE
@pytest.mark.parametrize(
    "typed",
    ["ca", "anary", "mail.example.com", "600", "Nobody", "%", "*", "'", "", "\x00", "+", "SCI-2222-2222"],
)
def test_what_is_no_beginning_finds_nothing(app: Flask, typed: str) -> None:
    make_inquiry(app)
    with app.app_context():
        assert found(typed) == []


@ON_SQLITE
def test_a_helper_is_found_too(app: Flask) -> None:
    reference = make_inquiry(app, filling_in="relative", helper_name=cast.HELPER_NAME)
    with app.app_context():
        assert [inquiry.reference for inquiry in found("canaryhelp")] == [reference]


@ON_SQLITE
def test_whole_words_find_inquiries_from_before_beginnings_were_kept(app: Flask) -> None:
    reference = make_inquiry(app)
    with app.app_context():
        db.session.execute(sa.delete(InquiryLookup).where(InquiryLookup.kind == "name_start"))
        db.session.commit()

        assert [inquiry.reference for inquiry in found("canaryname one")] == [reference]
        assert found("canary") == []


@ON_SQLITE
def test_no_beginning_stands_in_the_clear(app: Flask) -> None:
    make_inquiry(app)
    with app.app_context():
        rows = db.session.scalars(sa.select(InquiryLookup).where(InquiryLookup.kind == "name_start")).all()

        assert len(rows) == len("canaryname") - 2 + len("example") - 2 + len("one") - 2
        assert keyring().blind_index("name_start", "can") in {row.index for row in rows}
        assert all(len(row.index) == 16 for row in rows)


@ON_SQLITE
def test_a_place_tells_no_row(app: Flask) -> None:
    make_inquiries(app, PAGE_SIZE + 1)
    with app.app_context():
        page = queue_page("all", "newest", [], READER)

    assert page.after == Place(page.rows[-1].reference, page.rows[-1].sent_at)
    assert not isinstance(page.after.value, UUID)
