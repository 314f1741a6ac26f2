"""The page of an inquiry with 200 lines in its timeline: what it asks of the database, and what it costs.

The lines are notes, contacts, days and moves. The cost is the processor's time for the whole request of a
coordinator, recording that the inquiry is read included, held against Flask answering one word.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.accounts.models import User
from app.audit.log import Actor
from app.core import days
from app.core.database import db
from app.demo import loading
from app.inquiries import services
from app.inquiries.models import Inquiry
from bench.desks import Desk, asking, cost_of
from bench.figures import Cost, Figure, WrongAnswerError, at_most, pairs, processor_seconds, ratios
from bench.references import hello
from bench.sites import site
from tests.support.cast import STAFF
from tests.support.counting import statements
from tests.support.staff import signed_in

LINES = 200
READS = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
TIMES, HELLO_TIMES = 20, 2000
"""Requests of one round."""


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory() as name, site(Path(name), PORTAL_ENV="development") as place:
        tell("making an inquiry's timeline")
        desk = Desk(place.app, signed_in(place.app))
        ask = asking(desk, f"/desk/inquiries/{long_timeline(desk)}")
        page = ask()
        lines = page.count('<li class="timeline__')
        if lines < LINES or "Note 17 of many" not in page:
            raise WrongAnswerError(f"the timeline shows {lines} lines")
        tell("counting queries")
        with statements(place.app) as asked:
            ask()
        reads = [statement for statement in asked if READS.match(statement)]
        told = f"{lines} lines; besides, {len(asked) - len(reads)} statements record that it is read"
        yield at_most("inquiry page: queries", 8, "queries", [len(reads)], told)
        tell("measuring")
        costs = pairs(cost_of(ask, TIMES), hello_cost())
        ours, theirs = (median(cost) * 1000 for cost in zip(*costs, strict=True))
        told = f"{ours:.1f} ms of the processor, {theirs:.3f} ms for hello"
        yield at_most("inquiry page", 12, "× Flask hello", ratios(costs), told)


def long_timeline(desk: Desk) -> str:
    """Make an inquiry with a long timeline and return its reference."""
    with desk.app.app_context():
        loading.load(1, "one", lambda _count: None)
        inquiry = db.session.scalars(sa.select(Inquiry)).one()
        user_id = db.session.scalar(sa.select(User.id).where(User.email == STAFF["coordinator"][1]))
        actor = Actor("staff", user_id)
        for number in range(LINES):
            if number % 4:
                services.add_note(inquiry, f"Note {number} of many", inquiry.version, actor)
            else:
                day = days.today() + timedelta(days=number)
                services.set_follow_up(inquiry, day, inquiry.version, actor)
        return inquiry.reference


def hello_cost() -> Cost:
    """Return what measures Flask answering one word."""
    environ = EnvironBuilder().get_environ()
    return lambda: processor_seconds(lambda: b"".join(run_wsgi_app(hello.app, {**environ})[0]), HELLO_TIMES)
