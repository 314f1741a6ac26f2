from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts.models import User
from app.core import clock, days
from app.core.database import db
from app.desk.filters import LABELS
from app.inquiries.models import Inquiry, InquiryLook
from app.inquiries.queue_rows import PAGE_SIZE
from tests.site.odd_strings import EVERY
from tests.support import cast
from tests.support.changing import set_values
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.environment import FIELD_KEY, OLDER_FIELD_KEY
from tests.support.making import make_inquiries, make_inquiry
from tests.support.pages import Page, page_of, text_of
from tests.support.staff import sign_in, signed_in

NEWEST = "/desk?view=all"


def shown(page: Page) -> list[str]:
    return [text_of(link) for link in page.with_class("queue__reference")]


def followed(client: FlaskClient, page: Page, words: str) -> Page:
    link = next(link for link in page.all("a") if words in text_of(link))
    return page_of(client.get(link.get("href", "")))


def counts(page: Page) -> dict[str, str]:
    """Return each view's name and count."""
    return dict(text_of(link).rsplit(" ", 1) for link in page.with_class("queue-views__view"))


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("waiting", "Nobody waits for us now."),
        ("new", "There are no new inquiries."),
        ("mine", "You have no open inquiries."),
        ("follow_up", "There is nothing to follow up today."),
        ("closed", "No inquiry is closed yet."),
    ],
)
@ON_SQLITE
def test_an_empty_view_says_what_would_be_here(coordinator: FlaskClient, view: str, words: str) -> None:
    page = page_of(coordinator.get(f"/desk?view={view}"))

    assert words in page.text
    assert page.all("table") == []
    assert page.with_class("pagination") == []


def test_the_queue_shows_who_asks_and_since_when(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)

    page = page_of(coordinator.get("/desk"))

    (row,) = page.all("tbody")
    assert shown(page) == [reference]
    for part in (
        cast.PATIENT_NAME,
        "Spain · English · the injured person",
        "T10",
        "Incomplete",
        "New",
        "working minute",
        "nobody",
        "Due in",
        "New to you",
    ):
        assert part in text_of(row)


@ON_SQLITE
def test_who_waits_longest_comes_first(app: Flask, coordinator: FlaskClient) -> None:
    made = make_inquiries(app, 3)
    now = clock.now()
    for number, reference in enumerate(made):
        set_values(app, reference, waiting_since=now - timedelta(hours=number))
    set_values(app, made[1], waiting_since=None)

    page = page_of(coordinator.get("/desk"))

    assert page.heading == "Waiting longest for an answer"
    assert shown(page) == [made[2], made[0]]


def test_the_queue_can_be_paged_both_ways(app: Flask, coordinator: FlaskClient) -> None:
    made = make_inquiries(app, 2 * PAGE_SIZE + 3)

    first = page_of(coordinator.get(NEWEST))
    second = followed(coordinator, first, "Next page")
    third = followed(coordinator, second, "Next page")
    assert [*shown(first), *shown(second), *shown(third)] == made
    assert "Page before" not in text_of(first.with_class("pagination")[0])
    assert "Next page" not in text_of(third.with_class("pagination")[0])

    back = followed(coordinator, third, "Page before")
    assert shown(back) == shown(second)
    assert shown(followed(coordinator, back, "Page before")) == shown(first)


@ON_SQLITE
@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "before=x",
        "after=%00&before=%ff",
        "after=SCI-2222-2222.20260101",
        "after=SCI-2222-2222.none",
        "status=nothing",
        "owner=%00",
        "country=XX&language=%27",
        "from=yesterday",
        "until=9999-12-31",
        "from=0001-01-01",
        "sort=size",
        "injury=C99&age=&hint=%F0%9F%98%80",
    ],
)
def test_what_an_address_names_that_is_not_there_is_left_out(
    app: Flask, coordinator: FlaskClient, query: str
) -> None:
    made = make_inquiries(app, 2)

    page = page_of(coordinator.get(f"{NEWEST}&{query}"))

    assert shown(page) == made
    assert "Part of this page’s address names nothing" in page.text


@ON_SQLITE
def test_an_unknown_view_shows_the_first(app: Flask, coordinator: FlaskClient) -> None:
    page = page_of(coordinator.get("/desk?view=nothing"))

    assert page.heading == "Waiting longest for an answer"
    assert "names nothing that is here" in page.text


@ON_SQLITE
def test_each_view_is_a_link_with_its_count(app: Flask, coordinator: FlaskClient) -> None:
    made = make_inquiries(app, 4)
    set_values(app, made[0], status="closed", waiting_since=None)
    with app.app_context():
        today = days.today()
    set_values(app, made[1], status="medical_review", suspicious=True, follow_up_on=today)

    page = page_of(coordinator.get("/desk"))

    assert counts(page) == {
        "Waiting longest": "3",
        "New": "2",
        "Mine": "0",
        "Unassigned": "3",
        "Follow-up due": "1",
        "Overdue": "0",
        "Waiting for patient": "0",
        "In review": "1",
        "Suspicious": "1",
        "Closed": "1",
        "All": "4",
    }
    assert shown(followed(coordinator, page, "In review")) == [made[1]]
    assert shown(followed(coordinator, page, "Closed")) == [made[0]]


@ON_SQLITE
def test_filters_stand_in_the_address_and_can_be_taken_away(app: Flask, coordinator: FlaskClient) -> None:
    spain = make_inquiry(app)
    peru = make_inquiry(app, country="PE")
    page = page_of(coordinator.get("/desk?view=all&country=PE&completeness=incomplete"))

    assert shown(page) == [peru]
    chosen = [text_of(link) for link in page.with_class("queue-chosen__filter")]
    assert chosen == [
        "Take away the filter: Country: Peru×",
        "Take away the filter: Completeness: Incomplete×",
    ]
    assert shown(followed(coordinator, page, "Country: Peru")) == [peru, spain]
    nothing = page_of(coordinator.get("/desk?view=all&country=PE&status=closed"))
    assert "No inquiry here fits the filters." in nothing.text


@ON_SQLITE
def test_an_address_that_is_kept_names_only_what_is_set(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    page = page_of(coordinator.get("/desk?view=all&country=PE"))
    form = next(form for form in page.all("form") if form.get("action") == "/desk")
    sent = {field.get("name", ""): "" for field in form.iter("select")}

    answer = coordinator.get("/desk", query_string={**sent, "view": "all", "country": "PE", "sort": "oldest"})

    assert answer.status_code == 303
    assert answer.location == "/desk?view=all&sort=oldest&country=PE"


@ON_SQLITE
def test_the_form_of_filters_shows_what_is_set(app: Flask, coordinator: FlaskClient) -> None:
    query = "view=all&injury=T10&suspicious=no&from=2026-01-01&sort=oldest"
    page = page_of(coordinator.get(f"/desk?{query}"))

    chosen = [option.get("value") for option in page.all("option") if option.get("selected") is not None]
    assert {"T10", "no", "oldest"} <= set(chosen)
    assert page.by_id("filter-from").get("value") == "2026-01-01"


def test_the_owner_is_named_by_a_handle_or_by_me_and_nobody(app: Flask, coordinator: FlaskClient) -> None:
    mine, free = make_inquiry(app), make_inquiry(app)
    with app.app_context():
        owner = db.session.scalar(sa.select(User.id))
    set_values(app, mine, owner_id=owner)

    page = page_of(coordinator.get("/desk?view=all"))
    (handle,) = (
        option.get("value")
        for option in page.by_id("filter-owner").iter("option")
        if text_of(option) == cast.STAFF["coordinator"][0]
    )

    assert shown(page_of(coordinator.get("/desk?view=all&owner=me"))) == [mine]
    assert shown(page_of(coordinator.get(f"/desk?view=all&owner={handle}"))) == [mine]
    assert shown(page_of(coordinator.get("/desk?view=all&owner=nobody"))) == [free]
    assert shown(page_of(coordinator.get("/desk?view=mine"))) == [mine]


def test_what_came_since_one_looked_is_marked(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    assert "New to you" in page_of(coordinator.get("/desk")).text

    coordinator.get(f"/desk/inquiries/{reference}")
    seen = page_of(coordinator.get("/desk")).text
    assert "New to you" not in seen
    assert "Changed since you looked" not in seen

    with app.app_context():
        db.session.execute(sa.update(InquiryLook).values(version=0))
        db.session.commit()
    assert "Changed since you looked" in page_of(coordinator.get("/desk")).text


@ON_SQLITE
def test_three_hints_are_shown_and_the_number_of_the_others(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(
        app,
        injury_level="T4",
        completeness="complete",
        birth_year=clock.now().year - 10,
        message="I want to die. I have a fever.",
    )

    page = page_of(coordinator.get("/desk"))

    assert len(page.with_class("hints__hint")) == 3
    assert text_of(page.with_class("hints__more")[0]) == "and 2 more"


@ON_SQLITE
def test_an_answer_that_is_late_is_marked_in_words(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    long_ago = clock.now() - timedelta(weeks=2)
    set_values(app, reference, answer_due_at=long_ago, waiting_since=long_ago - timedelta(weeks=1))

    page = page_of(coordinator.get("/desk?view=overdue"))

    assert shown(page) == [reference]
    row = text_of(page.all("tbody")[0])
    assert "Waiting 15 working days" in row
    assert "Overdue by 10 working days" in row


@ON_SQLITE
def test_names_of_any_script_and_length_stand_for_themselves(app: Flask, coordinator: FlaskClient) -> None:
    names = ["مثال اثنان", "x" * 120, "<b>Bold</b>"]
    for name in names:
        make_inquiry(app, patient_name=name)

    page = page_of(coordinator.get("/desk"))

    isolated = {text_of(bdi) for bdi in page.all("bdi")}
    assert set(names) <= isolated


@ON_SQLITE
def test_a_list_is_recorded_with_what_it_showed(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    coordinator.get("/desk")

    with app.app_context():
        details = db.session.scalars(
            sa.text("SELECT details FROM audit_entries WHERE action = 'inquiries.listed'")
        ).all()
    assert [reference in str(entry) for entry in details] == [True]


@ON_SQLITE
def test_keys_stand_in_the_page_of_whoever_wants_them(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    assert "Go to the next inquiry in the list" in page_of(coordinator.get("/desk")).text

    with app.app_context():
        db.session.execute(sa.text("UPDATE staff SET uses_shortcuts = false"))
        db.session.commit()
    assert page_of(coordinator.get("/desk")).all("dialog") == []


def test_arrivals_are_counted_since_the_page_was_made(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    page = page_of(coordinator.get("/desk?view=new&country=PE"))
    address = next(part.get("data-arrivals", "") for part in page.with_class("queue-arrivals"))
    assert page_of(coordinator.get(address)).with_class("width")
    assert "new inquir" not in text_of(page_of(coordinator.get(address)).all("p")[0])

    make_inquiry(app)
    for _ in range(3):
        newest = make_inquiry(app, country="PE")
    said = page_of(coordinator.get(address))

    assert "3 new inquiries. Show them" in said.text
    assert shown(followed(coordinator, said, "Show them"))[0] == newest


@ON_SQLITE
@pytest.mark.parametrize("since", ["", "x", "99999999T000000000000", "%00"])
def test_arrivals_since_no_moment_are_none(app: Flask, coordinator: FlaskClient, since: str) -> None:
    make_inquiry(app)

    answer = coordinator.get(f"/desk/arrivals?since={since}")

    assert answer.status_code == 200
    assert "Show them" not in answer.text


@ON_SQLITE
def test_the_versions_of_inquiries_do_not_change_by_looking(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    coordinator.get("/desk")
    with app.app_context():
        assert db.session.scalars(sa.select(Inquiry.version)).all() == [1]


@ON_SQLITE
def test_no_address_breaks_the_queue(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    names = ["view", "sort", "after", "before", "without", *LABELS]
    for text in EVERY[::5]:
        query = dict.fromkeys(names, text)
        for place in ("/desk", "/desk/arrivals"):
            assert coordinator.get(place, query_string={**query, "since": text}).status_code == 200
    for name in names:
        assert coordinator.get("/desk", query_string={name: "x" * 2000}).status_code == 200


@ON_SQLITE
def test_an_owner_is_known_by_a_handle_from_before_a_new_key(environ: dict[str, str]) -> None:
    before = create_app({**environ, "FIELD_KEYS": OLDER_FIELD_KEY})
    client = signed_in(before)
    handle = page_of(client.get("/desk")).by_id("filter-owner").findall("option")[-1].get("value")
    rotated = create_app({**environ, "FIELD_KEYS": f"{FIELD_KEY},{OLDER_FIELD_KEY}"})
    later = rotated.test_client()
    sign_in(later, "coordinator")

    page = page_of(later.get(f"/desk?owner={handle}"))

    assert "Owner: Example Coordinator" in page.text
    assert "names nothing that is here" not in page.text
    for app in (before, rotated):
        close(app)
