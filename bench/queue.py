"""The queue with a million inquiries, held against the same page with a thousand.

Every view in every order, every kind of filter with common, rare and absent values, filters that leave next
to nothing only together, and pages deep in an order, in both directions: first each page once, then those
that grow most in turns with the same page at the small desk. What counts is the one that grows most. What a
page shows is checked against a plain SQL query, which looks at every row: each page at the small desk, and
those that are measured at both. Where a page says that more may fit, its neighbours are followed until it is
full.
"""

import html
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa

from app.accounts.models import User
from app.core import clock, days
from app.core.crypto import keyring
from app.core.database import db
from app.inquiries.queue import SORTS, VIEWS
from app.inquiries.queue_rows import PAGE_SIZE
from bench.desks import Ask, Desk, asking, cost_of, desks
from bench.figures import Figure, WrongAnswerError, at_most, pairs, ratios
from tests.support.cast import STAFF

WORST = 8
"""Pages that are measured in turns."""
TIMES = 3
"""Pages of one round."""
DEEP = 0.7
"""How far into an order the deep pages are."""
REFERENCE = re.compile(r'queue__reference"[^>]*>(SCI-\w{4}-\w{4})<')
GOES_ON = "More inquiries may fit."
"""What a page says that is not full because looking ended."""
BESIDE = {
    "after": re.compile(r'href="([^"]+)" rel="next"'),
    "before": re.compile(r'href="([^"]+)" rel="prev"'),
}

OPEN = "status IN ('new', 'in_contact', 'waiting_for_patient', 'medical_review')"
OWNED = "status IN ('new', 'in_contact', 'waiting_for_patient', 'medical_review', 'offered')"
OF_VIEW = {
    "waiting": "waiting_since IS NOT NULL",
    "new": "status = 'new'",
    "mine": f"owner_id = :me AND {OWNED}",
    "unassigned": f"owner_id IS NULL AND {OPEN}",
    "follow_up": "follow_up_on <= :today",
    "overdue": f"{OPEN} AND first_answered_at IS NULL AND answer_due_at < :now",
    "waiting_for_patient": "status = 'waiting_for_patient'",
    "review": "status = 'medical_review'",
    "suspicious": f"suspicious AND {OWNED}",
    "closed": "status IN ('closed', 'declined', 'withdrawn')",
    "all": "true",
}
MONTH = "(injury_year * 12 + coalesce(injury_month, 12))"
HAS_HINT = (
    "EXISTS (SELECT 1 FROM inquiry_lookups WHERE kind = 'hint' AND inquiry_id = inquiries.id"
    ' AND "index" = :hint)'
)
OF_FILTER = {
    "status=new": "status = 'new'",
    "status=closed": "status = 'closed'",
    "status=medical_review": "status = 'medical_review'",
    "owner=me": "owner_id = :me",
    "owner=nobody": "owner_id IS NULL",
    "country=ES": "country = 'ES'",
    "country=DE": "country = 'DE'",
    "country=VA": "country = 'VA'",
    "language=en": "answer_language = 'en'",
    "language=vi": "answer_language = 'vi'",
    "language=sv": "answer_language = 'sv'",
    "injury=cervical": "injury_region = 'cervical'",
    "injury=sacral": "injury_region = 'sacral'",
    "injury=C5": "injury_level = 'C5'",
    "injury=S4-5": "injury_level = 'S4-5'",
    "completeness=complete": "completeness = 'complete'",
    "completeness=incomplete": "completeness = 'incomplete'",
    "completeness=unknown": "completeness = 'unknown'",
    "age=unknown": "injury_year IS NULL",
    "age=under_3_months": f"{MONTH} >= :months - 3",
    "age=under_1_year": f"{MONTH} >= :months - 12",
    "age=over_5_years": f"{MONTH} < :months - 60",
    "hint=second_protocol": HAS_HINT,
    "hint=suicidal": HAS_HINT,
    "suspicious=yes": "suspicious",
    "suspicious=no": "NOT suspicious",
    "call=yes": "injury_region IS NULL",
    "call=no": "injury_region IS NOT NULL",
    "answered=yes": "first_answered_at IS NOT NULL",
    "answered=no": "first_answered_at IS NULL",
    "from=2001-01-01": "true",
    "until=2001-01-01": "false",
}
TOGETHER = (
    ("injury=cervical", "call=yes"),
    ("completeness=complete", "call=yes"),
    ("completeness=incomplete", "age=under_1_year", "hint=second_protocol"),
    ("country=DE", "language=en"),
    ("country=ES", "language=vi"),
    ("status=closed", "answered=no"),
    ("status=new", "answered=yes"),
    ("injury=C5", "completeness=unknown"),
    ("injury=sacral", "age=under_3_months"),
    ("suspicious=yes", "completeness=unknown"),
)
IN_ORDER = {
    "newest": "sent_at DESC, id DESC",
    "oldest": "sent_at, id",
    "waiting": "waiting_since IS NULL, coalesce(waiting_since, sent_at), id",
    "follow_up": "follow_up_on IS NULL, coalesce(follow_up_on, sent_at), id",
}


class Case(NamedTuple):
    """A page of the queue, and what it has to show."""

    view: str
    sort: str
    filters: tuple[str, ...] = ()
    direction: str = ""
    """Of a page deep in an order: whether it comes ``after`` or ``before`` a place there."""

    @property
    def address(self) -> str:
        """Where it is, or, of a page deep in an order, where that order begins."""
        return "&".join((f"/desk?view={self.view}&sort={self.sort}", *self.filters))

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.address}, {self.direction} row {DEEP:.0%}" if self.direction else self.address


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on SQLite, with demonstration data."""
    with tempfile.TemporaryDirectory() as name, desks(Path(name), tell) as (few, many):
        tell("looking at every page")
        for case in cases():
            check(few, case)
        tell("looking for those that grow most")
        worst = sorted(cases(), key=lambda case: growth(few, many, case), reverse=True)[:WORST]
        tell("checking those that grow most")
        for case in worst:
            check(many, case)
        tell("measuring those that grow most")
        yield max((figure(few, many, case) for case in worst), key=lambda each: each.value)


def cases() -> list[Case]:
    """Return every page that is looked at."""
    views = [Case(view, sort) for view in VIEWS for sort in SORTS]
    single = [Case("all", sort, (each,)) for each in OF_FILTER for sort in ("newest", "waiting")]
    waiting = [Case("waiting", "waiting", (each,)) for each in OF_FILTER]
    several = [
        Case(view, sort, each)
        for each in TOGETHER
        for view, sort in (
            ("all", "newest"),
            ("all", "follow_up"),
            ("closed", "newest"),
            ("waiting", "waiting"),
        )
    ]
    deep = [
        Case(view, sort, each, direction)
        for view, sort in (("all", "newest"), ("all", "oldest"), ("all", "waiting"), ("closed", "newest"))
        for direction in ("after", "before")
        for each in ((), ("completeness=complete",), ("injury=cervical", "call=yes"), ("country=VA",))
    ]
    return [*views, *single, *waiting, *several, *deep]


def address_at(desk: Desk, case: Case) -> str:
    """Return the address of a page at a desk."""
    if not case.direction:
        return case.address
    column = SORTS[case.sort].column.key
    with desk.app.app_context():
        reference, value = db.session.execute(
            sa.text(
                f"SELECT reference, {column} FROM inquiries"  # noqa: S608 -- words of this module
                f" ORDER BY {IN_ORDER[case.sort]} LIMIT 1 OFFSET {deep_row()}"
            )
        ).one()
    moment = datetime.fromisoformat(value).strftime("%Y%m%dT%H%M%S%f") if value else "none"
    return f"{case.address}&{case.direction}={reference}.{moment}"


def deep_row() -> int:
    """Return how many inquiries come before the place that deep pages begin at."""
    return int((db.session.scalar(sa.text("SELECT count(*) FROM inquiries")) or 0) * DEEP)


def growth(few: Desk, many: Desk, case: Case) -> float:
    """Return how many times as much a page costs at the large desk, measured in passing."""
    large, small = (in_passing(asking(desk, address_at(desk, case))) for desk in (many, few))
    return large / small


def in_passing(ask: Ask) -> float:
    """Return the least of the processor's seconds of two tries, after one that only warms up."""
    ask()
    seconds = []
    for _try in range(2):
        start = time.process_time()
        ask()
        seconds.append(time.process_time() - start)
    return min(seconds)


def figure(few: Desk, many: Desk, case: Case) -> Figure:
    """Return how many times as much a page costs at the large desk."""
    at_many, at_few = (cost_of(asking(desk, address_at(desk, case)), TIMES) for desk in (many, few))
    costs = pairs(at_many, at_few)
    large, small = (median(cost) * 1000 for cost in zip(*costs, strict=True))
    told = f"{case.name}: {large:.1f} ms of the processor, {small:.1f} ms with a thousand"
    return at_most("queue: the page that grows most", 3, "× at 1,000 inquiries", ratios(costs), told)


def check(desk: Desk, case: Case) -> None:
    """Raise WrongAnswerError if a page does not show what a plain query finds."""
    if shown(desk, case) != found(desk, case):
        raise WrongAnswerError(f"{case.name} does not show what it should")


def shown(desk: Desk, case: Case) -> list[str]:
    """Return the references on a page, and on those that it goes on with until there are enough."""
    page = asking(desk, address_at(desk, case))()
    references: list[str] = REFERENCE.findall(page)
    while GOES_ON in page and len(references) < PAGE_SIZE:
        page = asking(desk, address_beside(page, case))()
        more = REFERENCE.findall(page)
        references = first_of(
            [*more, *references] if case.direction == "before" else [*references, *more], case
        )
    return references


def first_of(references: list[str], case: Case) -> list[str]:
    """Return those, of references in order, that are on the page."""
    return references[-PAGE_SIZE:] if case.direction == "before" else references[:PAGE_SIZE]


def address_beside(page: str, case: Case) -> str:
    """Return the address that a page goes on at."""
    link = BESIDE["before" if case.direction == "before" else "after"].search(page)
    if link is None:
        raise WrongAnswerError(f"{case.name} says that more may fit, and does not lead there")
    return html.unescape(link[1])


def found(desk: Desk, case: Case) -> list[str]:
    """Return the references that a page has to show."""
    with desk.app.app_context():
        conditions = [OF_VIEW[case.view], *(OF_FILTER[each] for each in case.filters), beyond(case)]
        query = sa.text(
            f"SELECT reference FROM inquiries WHERE {' AND '.join(f'({each})' for each in conditions)}"  # noqa: S608 -- words of this module
            f" ORDER BY {IN_ORDER[case.sort]}"
        )
        known = {name: value for name, value in parameters(case).items() if f":{name}" in query.text}
        return first_of(list(db.session.scalars(query, known)), case)


def beyond(case: Case) -> str:
    """Return what is true of the inquiries after, or before, the place that a page begins at."""
    if not case.direction:
        return "true"
    rows = {
        "after": f"LIMIT -1 OFFSET {deep_row() + 1}",
        "before": f"LIMIT {deep_row()}",
    }[case.direction]
    return f"id IN (SELECT id FROM inquiries ORDER BY {IN_ORDER[case.sort]} {rows})"  # noqa: S608 -- words of this module


def parameters(case: Case) -> dict[str, object]:
    """Return what the conditions of a page name."""
    today, hint = days.today(), next((each for each in case.filters if each.startswith("hint=")), "hint=")
    me = db.session.scalar(sa.select(User.id).where(User.email == STAFF["coordinator"][1]))
    return {
        "me": me.hex if me else None,
        "today": today.isoformat(),
        "now": clock.now().strftime("%Y-%m-%d %H:%M:%S.%f"),
        "months": today.year * 12 + today.month,
        "hint": keyring().blind_index("hint", hint.removeprefix("hint=")),
    }
