"""The page of the audit record: who read, changed or was refused what, when and from where."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.handles import handle_of, user_of_handle
from app.accounts.models import User
from app.audit.log import SYSTEM, Actor, record
from app.audit.models import AuditEntry
from app.audit.queries import PAGE_SIZE
from app.core.clock import now
from app.core.database import db
from app.desk.audit_words import KIND_OF, KINDS, WORDS
from tests.support import cast
from tests.support.counting import statements
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiries, make_inquiry
from tests.support.pages import Page, page_of, text_of
from tests.support.staff import signed_in

RECORD = "/desk/audit"
APP = Path(__file__).parents[2] / "app"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """The browser of an administrator who is signed in."""
    return signed_in(app, "admin")


def rows(page: Page) -> list[str]:
    """Return the text of each entry on a page."""
    return [text_of(row) for body in page.all("tbody") for row in body.iter("tr")]


def asked(client: FlaskClient, **filters: str) -> Page:
    """Return the record by these filters."""
    answer = client.get(RECORD, query_string=filters)
    assert answer.status_code == 200
    return page_of(answer)


def handle(app: Flask, role: str) -> str:
    """Return the handle of the cast's member with this role."""
    with app.app_context():
        return handle_of(db.session.scalars(sa.select(User).where(User.email == cast.STAFF[role][1])).one())


def test_the_record_shows_who_did_what_to_what_and_from_where(app: Flask, admin: FlaskClient) -> None:
    reference = make_inquiry(app)
    signed_in(app, "coordinator").get(f"/desk/inquiries/{reference}")

    newest = rows(asked(admin))[0]

    for part in (cast.STAFF["coordinator"][0], "from 127.0.0.1", "Read an inquiry", reference):
        assert part in newest


def test_the_record_is_shown_newest_first_and_can_be_paged_both_ways(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        for number in range(2 * PAGE_SIZE + 3):
            record(SYSTEM, "example.done", "example", None, number=f"number-{number:03}")
            db.session.commit()

    first = asked(admin)
    second = followed(admin, first, "Older acts")
    assert "number-102" in rows(first)[0]
    assert len(rows(first)) == len(rows(second)) == PAGE_SIZE
    assert not set(rows(first)) & set(rows(second))
    assert not any("Newer acts" in text_of(link) for link in first.all("a"))

    back = followed(admin, second, "Newer acts")
    # What was read meanwhile is recorded, too, and stands before it.
    assert set(rows(first)[1:]) <= {*rows(back), *rows(first)}
    assert rows(back)[-1] == rows(first)[-1]


def followed(client: FlaskClient, page: Page, words: str) -> Page:
    """Follow the link with these words."""
    link = next(link for link in page.all("a") if words in text_of(link))
    return page_of(client.get(link.get("href", "")))


def test_filters_go_along_to_the_next_page(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        for _ in range(PAGE_SIZE + 1):
            record(SYSTEM, "content.saved", "content", None)
        db.session.commit()

    page = asked(admin, kind="changed")
    (older,) = [link.get("href", "") for link in page.all("a") if "Older acts" in text_of(link)]

    assert parse_qs(urlsplit(older).query)["kind"] == ["changed"]
    assert len(rows(page_of(admin.get(older)))) >= 1


def test_no_address_of_the_record_holds_an_id_or_an_address_of_staff(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        for _ in range(PAGE_SIZE + 1):
            record(SYSTEM, "example.done", "example", None)
        db.session.commit()
        ids = [str(entry_id) for entry_id in db.session.scalars(sa.select(AuditEntry.id))]

    page = asked(admin, member=handle(app, "admin"))
    html = admin.get(RECORD).text

    assert not any(entry_id in html or UUID(entry_id).hex in html for entry_id in ids)
    addresses = [link.get("href", "") for link in [*page.all("a"), *page_of(admin.get(RECORD)).all("a")]]
    assert not any("staff.example.com" in address for address in addresses)


@ON_SQLITE
@pytest.mark.parametrize("place", ["x", "", "A" * 66, "%00", "é", "=" * 50])
def test_a_place_that_does_not_exist_shows_the_first_page(app: Flask, admin: FlaskClient, place: str) -> None:
    assert rows(asked(admin, older_than=place))
    assert rows(asked(admin, newer_than=place))


def test_the_record_can_be_filtered_by_a_member_of_staff(app: Flask, admin: FlaskClient) -> None:
    reference = make_inquiry(app)
    signed_in(app, "coordinator").get(f"/desk/inquiries/{reference}")
    signed_in(app, "doctor").get(f"/desk/inquiries/{reference}")
    with app.app_context():
        doctor = db.session.scalars(sa.select(User).where(User.email == cast.STAFF["doctor"][1])).one()
        record(Actor("visitor"), "user.sign_in_failed", "user", doctor.id)
        db.session.commit()

    shown = rows(asked(admin, member=handle(app, "doctor")))

    assert shown
    assert all(cast.STAFF["doctor"][0] in row for row in shown)
    assert "A sign-in that failed" in shown[0]


def test_the_record_can_be_filtered_by_an_inquiry_with_the_lists_that_showed_it(
    app: Flask, admin: FlaskClient
) -> None:
    (wanted,) = make_inquiries(app, 1)
    coordinator = signed_in(app, "coordinator")
    coordinator.get("/desk")
    make_inquiries(app, 1)
    coordinator.get(f"/desk/inquiries/{wanted}")

    page = asked(admin, reference=wanted.lower().replace("-", " "))

    shown = "\n".join(rows(page))
    for part in ("Read an inquiry", "Sent an inquiry", "Saw inquiries in a list", "1 inquiry"):
        assert part in shown
    assert len(rows(page)) == 3
    assert wanted in text_of(page.all("details")[-1])


def test_the_record_can_be_filtered_by_what_kind_of_act_it_was(app: Flask, admin: FlaskClient) -> None:
    make_inquiry(app)
    coordinator = signed_in(app, "coordinator")
    coordinator.get("/desk")
    assert coordinator.get(RECORD).status_code == 403

    assert "Sent an inquiry" in rows(asked(admin, kind="changed"))[0]
    refused = rows(asked(admin, kind="refused"))
    assert len(refused) == 1
    assert "Was refused a page or an act" in refused[0]
    assert "Page: desk.audit_record" in refused[0]
    assert all("Signed" in row for row in rows(asked(admin, kind="signed")))
    assert any("Saw inquiries in a list" in row for row in rows(asked(admin, kind="read")))
    assert rows(asked(admin, kind="exported")) == []


def test_the_record_can_be_filtered_by_days(app: Flask, admin: FlaskClient) -> None:
    with time_machine.travel(now() - timedelta(days=3)), app.app_context():
        record(SYSTEM, "example.done", "example", None, number="long-ago")
        db.session.commit()
        then = f"{now():%Y-%m-%d}"

    assert any("long-ago" in row for row in rows(asked(admin, since=then, until=then)))
    after = f"{now() - timedelta(days=1):%Y-%m-%d}"
    assert not any("long-ago" in row for row in rows(asked(admin, since=after)))
    assert rows(asked(admin, until="1960-01-01")) == []
    assert rows(asked(admin, since="0001-01-01", until="9999-12-31"))


@ON_SQLITE
@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"since": "yesterday"}, "Write the day as year-month-day"),
        ({"since": "2026-02-30"}, "Write the day as year-month-day"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "This day is before the first day."),
        ({"reference": "SCI-2222-2222"}, "There is no inquiry with this reference."),
        ({"reference": "x" * 300}, "Shorten it to 40."),
        ({"kind": "x"}, "Choose one of the answers."),
        ({"member": "admin@staff.example.com"}, "Choose one of the answers."),
        ({"member": "a\x00b"}, "Choose one of the answers."),
    ],
)
def test_a_filter_that_cannot_be_used_says_what_to_do(
    app: Flask, admin: FlaskClient, filters: dict[str, str], told: str
) -> None:
    answer = admin.get(RECORD, query_string={**filters, "until": filters.get("until", "")})

    assert answer.status_code == 422
    page = page_of(answer)
    assert told in page.text
    assert rows(page) == []
    for name in ("since", "reference"):
        if name in filters:
            assert page.values(RECORD)[name] == [filters[name]]


def test_nothing_to_show_says_so(app: Flask, admin: FlaskClient) -> None:
    page = asked(admin, until="2001-01-01")

    assert "Nothing was done that this asks for." in page.text
    assert page.all("table") == []


def test_reading_the_record_is_recorded_with_its_filters(app: Flask, admin: FlaskClient) -> None:
    reference = make_inquiry(app)
    chosen = {"member": handle(app, "admin"), "reference": reference, "kind": "read", "since": "2026-01-02"}
    asked(admin, **chosen)

    with app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "audit.read")).one()
        assert entry.details == {**chosen, "member": str(entry.staff_id)}
        assert entry.actor == "staff"
    shown = rows(asked(admin))[0]
    for part in (
        "Read the audit record",
        f"Member of staff: {cast.STAFF['admin'][0]}",
        f"Reference: {reference}",
    ):
        assert part in shown


def test_a_refusal_is_recorded_without_the_path_and_survives(app: Flask) -> None:
    reference = make_inquiry(app)
    editor = signed_in(app, "editor")
    assert editor.get(f"/desk/inquiries/{reference}").status_code == 403

    with app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "access.refused")).one()
        assert entry.details == {"endpoint": "desk.show_inquiry", "method": "GET"}
        assert entry.address == "127.0.0.1"
        staff = db.session.get_one(User, entry.staff_id)
        assert staff.email == cast.STAFF["editor"][1]


def test_a_visitor_who_is_asked_to_sign_in_is_not_recorded(app: Flask, client: FlaskClient) -> None:
    client.get(RECORD)

    with app.app_context():
        assert (
            db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "access.refused")).all() == []
        )


def test_the_page_costs_the_same_however_much_it_shows(app: Flask, admin: FlaskClient) -> None:
    costs, coordinator = [], signed_in(app, "coordinator")
    for more in (1, 60):
        references = make_inquiries(app, more)
        for reference in references[:20]:
            coordinator.get(f"/desk/inquiries/{reference}")
        with statements(app) as sent:
            asked(admin, reference=references[0], member=handle(app, "admin"))
            asked(admin)
        costs.append(len(sent))

    assert costs[0] == costs[1]


def test_a_handle_names_one_member_of_staff(app: Flask, admin: FlaskClient) -> None:
    given = handle(app, "admin")
    with app.app_context():
        found = user_of_handle(given)
        assert found is not None
        assert found.email == cast.STAFF["admin"][1]
        assert user_of_handle("0" * 16) is None
        assert user_of_handle("é") is None
        assert user_of_handle("") is None


def test_every_act_that_is_recorded_has_words_and_a_kind() -> None:
    recorded = {action for path in APP.rglob("*.py") for action in recorded_in(path)}

    assert len(recorded) > 30
    assert recorded - set(WORDS) == set()
    assert set(KIND_OF.values()) <= set(KINDS)


def recorded_in(path: Path) -> Iterator[str]:
    """Return the actions that a module records: each stands in the call, or in what a name there is."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "record":
            action = node.args[1]
            sources = assigned(tree, action.id) if isinstance(action, ast.Name) else [action]
            found = [text for source in sources for text in texts_in(source) if "." in text]
            assert found, f"{path.name}:{node.lineno}"
            yield from found


def assigned(tree: ast.AST, name: str) -> list[ast.expr]:
    """Return what a module sets a name to."""
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and name in {getattr(target, "id", "") for target in node.targets}
    ]


def texts_in(node: ast.expr) -> Iterator[str]:
    """Return the texts that stand in an expression."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
