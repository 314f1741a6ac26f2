"""Nothing of an inquiry is shown or changed at the desk without an audit entry that names it and the reader.

Who adds a route adds it here: to ``ASKED`` if it shows or changes an inquiry, else to ``OF_NO_INQUIRY``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.core.database import db
from app.inquiries.models import Inquiry
from tests.support import cast
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import page_of
from tests.support.staff import add_staff, signed_in

pytestmark = ON_SQLITE

SHOW = "desk.show_inquiry"


@dataclass(frozen=True)
class Asked:
    """How a route is asked for, and the act that has to be recorded."""

    action: str
    fields: Mapping[str, object] = field(default_factory=dict)
    """What is filled in besides what the form holds."""
    form_on: str = SHOW
    """The page that the form stands on."""
    parts: Mapping[str, object] = field(default_factory=dict)
    """Parts of the address besides the reference."""
    is_shown_when_empty: bool = True
    """Whether a form that was not filled in comes back with more of the inquiry than was typed into it."""


CLOSING = {"target": "closed"}
ASKED = {
    "desk.add_note": Asked("inquiry.noted", {"text": cast.NOTE}),
    "desk.ask_reason": Asked("inquiry.read", parts=CLOSING),
    "desk.complete_answers": Asked(
        "inquiry.changed", cast.EXAMPLE_ONE, "desk.show_answers", is_shown_when_empty=False
    ),
    "desk.hand_over": Asked("inquiry.assigned", {"owner": "Example Second"}),
    "desk.key_in": Asked("inquiry.sent", cast.EXAMPLE_ONE, "desk.new_inquiry", is_shown_when_empty=False),
    "desk.log_contact": Asked(
        "inquiry.contact_logged",
        {"channel": "phone", "outcome": "reached", "note": cast.NOTE},
        "desk.new_contact",
    ),
    "desk.move_inquiry": Asked("inquiry.moved", {"target": "in_contact"}, is_shown_when_empty=False),
    "desk.move_with_reason": Asked(
        "inquiry.moved", {"reason": "not_reached"}, "desk.ask_reason", CLOSING, is_shown_when_empty=False
    ),
    "desk.new_contact": Asked("inquiry.read"),
    "desk.queue": Asked("inquiries.listed"),
    "desk.search": Asked(
        "inquiries.listed", {"sought": "canaryname"}, "desk.queue", is_shown_when_empty=False
    ),
    "desk.send_mail_again": Asked("mail.sent_again", parts={"number": 1}, is_shown_when_empty=False),
    "desk.send_reply": Asked(
        "inquiry.answered", {"text": "Thank you for writing.", "action": "send_as_is"}, "desk.write_reply"
    ),
    "desk.set_follow_up": Asked("inquiry.follow_up_set", {"in_days": "7"}),
    "desk.show_answers": Asked("inquiry.read"),
    "desk.show_inquiry": Asked("inquiry.read"),
    "desk.take": Asked("inquiry.assigned", is_shown_when_empty=False),
    "desk.write_reply": Asked("inquiry.read"),
}
OF_NO_INQUIRY = {
    "desk.arrivals",  # how many came, and none of them
    "desk.ask_before_removing_reply_template",
    "desk.audit_record",  # has tests of its own
    "desk.create_reply_template",
    "desk.edit_reply_template",
    "desk.new_inquiry",
    "desk.new_reply_template",
    "desk.remove_reply_template",
    "desk.reply_templates",
    "desk.save_reply_template",
}


def test_every_route_of_the_desk_stands_in_one_of_these_tables(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("desk.")}

    assert routes == set(ASKED) | OF_NO_INQUIRY
    assert not set(ASKED) & OF_NO_INQUIRY


@pytest.mark.parametrize("endpoint", sorted(ASKED))
def test_who_asks_for_it_is_recorded_with_the_inquiry(app: Flask, endpoint: str) -> None:
    reference, client = prepared(app)

    answer, recorded = asked(app, client, endpoint, reference)

    assert answer.status_code in {200, 303}, page_of(answer).text
    assert is_named(app, recorded, ASKED[endpoint].action, reference, is_new=endpoint == "desk.key_in")


@pytest.mark.parametrize(
    "endpoint", sorted(name for name, route in ASKED.items() if route.fields and route.is_shown_when_empty)
)
def test_a_form_that_comes_back_shows_the_inquiry_and_is_recorded_as_reading(
    app: Flask, endpoint: str
) -> None:
    reference, client = prepared(app)

    answer, recorded = asked(app, client, endpoint, reference, is_empty=True)

    assert answer.status_code == 422
    assert is_named(app, recorded, "inquiry.read", reference)


def prepared(app: Flask) -> tuple[str, FlaskClient]:
    """Make an inquiry whose first mail failed, a second coordinator, and a browser of the first."""
    reference = make_inquiry(app)
    client = signed_in(app, "coordinator")
    second = add_staff(app, "admin")
    with app.app_context():
        db.session.execute(sa.text("UPDATE outbox_mails SET state = 'failed'"))
        db.session.commit()
    make_coordinator(app, second)
    return reference, client


def make_coordinator(app: Flask, user_id: UUID) -> None:
    """Give an account the role and the name of a second coordinator."""
    with app.app_context():
        user = db.session.get_one(User, user_id)
        first = db.session.scalars(sa.select(User).where(User.email == cast.STAFF["coordinator"][1])).one()
        user.name, user.roles = "Example Second", list(first.roles)
        db.session.commit()


def asked(
    app: Flask, client: FlaskClient, endpoint: str, reference: str, *, is_empty: bool = False
) -> tuple[TestResponse, list[AuditEntry]]:
    """Ask for a route as its page does; return the answer and what was recorded of it."""
    route = ASKED[endpoint]
    address, method = address_of(app, endpoint, reference, route)
    fields: dict[str, object] = {}
    if method == "POST":
        page = page_of(client.get(address_of(app, route.form_on, reference, route)[0]))
        fields = dict(page.values(address))
        fields = {**fields, **(dict.fromkeys(route.fields, "") if is_empty else route.fields)}
    before = entries(app)
    answer = client.open(address, method=method, data=fields if method == "POST" else None)
    return answer, entries(app)[len(before) :]


def entries(app: Flask) -> list[AuditEntry]:
    """Return the record, in the order in which it was written."""
    with app.app_context():
        found = db.session.scalars(sa.select(AuditEntry).order_by(sa.literal_column("rowid")))
        return list(found)


def address_of(app: Flask, endpoint: str, reference: str, route: Asked) -> tuple[str, str]:
    """Return a route's address and method."""
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    parts = {name: {"reference": reference, **route.parts}[name] for name in rule.arguments}
    return app.url_map.bind("localhost").build(endpoint, parts, method=method), method


def is_named(
    app: Flask, recorded: list[AuditEntry], action: str, reference: str, *, is_new: bool = False
) -> bool:
    """Return whether an entry tells of the act, the inquiry (or the new one) and the member of staff."""
    with app.app_context():
        staff = db.session.scalars(sa.select(User).where(User.email == cast.STAFF["coordinator"][1])).one()
        inquiry = db.session.scalars(
            sa.select(Inquiry).where((Inquiry.reference != reference) == sa.literal(is_new))
        ).one()
    return any(
        (entry.action, entry.staff_id) == (action, staff.id)
        and (entry.object_id == inquiry.id or inquiry.reference in entry.details.get("references", []))
        for entry in recorded
    )
