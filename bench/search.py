"""Searching among a million inquiries, held against the same search among a thousand.

By e-mail address, phone number and reference, by beginnings of names that many share and few share, by two
words that many share together or only each, and for what nobody has. What counts is the search that grows
most. Every answer is checked: what is shown has what was sought, and who was sought by something of their
own is shown.
"""

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa

from app.core.database import db
from app.core.names import plain_form
from app.inquiries.models import Inquiry
from app.inquiries.queue_rows import PAGE_SIZE
from bench.desks import Ask, Desk, asking, cost_of, desks
from bench.figures import Figure, WrongAnswerError, at_most, pairs, ratios
from bench.queue import REFERENCE
from tests.support.pages import page_of

SAMPLE = 600
"""Inquiries that what is sought is chosen from."""
TIMES = 3
"""Searches of one round."""
SEARCH = "/desk/search"


class Sought(NamedTuple):
    """What is typed, and the reference that has to be found by it; empty for none in particular."""

    typed: str
    reference: str = ""


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on SQLite, with demonstration data."""
    with tempfile.TemporaryDirectory() as name, desks(Path(name), tell) as (few, many):
        at_few, at_many = chosen(few), chosen(many)
        tell("checking the answers")
        for desk, all_sought in ((few, at_few), (many, at_many)):
            for sought in all_sought.values():
                check(desk, sought)
        tell("searching")
        figures = [figure(kind, (few, at_few[kind]), (many, at_many[kind])) for kind in at_many]
        yield max(figures, key=lambda each: each.value)


def chosen(desk: Desk) -> dict[str, Sought]:
    """Return what is sought at a desk, by kind."""
    with desk.app.app_context():
        inquiries = db.session.scalars(sa.select(Inquiry).order_by(Inquiry.reference).limit(SAMPLE)).all()
        given = [(inquiry.reference, inquiry.answers) for inquiry in inquiries]
    words = Counter(word for _reference, answers in given for word in words_of(answers) if len(word) > 3)
    (first, _count), (second, _other) = words.most_common(2)
    rare = min(words, key=lambda word: (words[word], word))
    email = next((reference, kept["email"]) for reference, kept in given if kept.get("email"))
    phone = next((reference, kept["phone"]) for reference, kept in given if kept.get("phone"))
    reference, of_name = next((reference, kept) for reference, kept in given if len(words_of(kept)) > 1)
    return {
        "an e-mail address": Sought(email[1], email[0]),
        "a phone number": Sought(phone[1].partition(" ext")[0], phone[0]),
        "a reference": Sought(reference, reference),
        "a beginning that many share": Sought(first[:3]),
        "a beginning that few share": Sought(rare[:6]),
        "two words that many share": Sought(f"{first[:3]} {second[:3]}"),
        "a name": Sought(" ".join(words_of(of_name)[:2])),
        "a word of many and one of nobody": Sought(f"{first[:3]} qqqq"),
        "what nobody has": Sought("qqqq"),
    }


def words_of(answers: dict[str, str]) -> list[str]:
    """Return the words that somebody is found by."""
    return plain_form(f"{answers['patient_name']} {answers.get('helper_name', '')}").split()


def searching(desk: Desk, sought: Sought) -> Ask:
    """Return what sends a search."""
    fields = page_of(desk.client.get("/desk?view=mine")).values(SEARCH)
    return asking(
        desk, SEARCH, {**{name: values[0] for name, values in fields.items()}, "sought": sought.typed}
    )


def check(desk: Desk, sought: Sought) -> None:
    """Raise WrongAnswerError if a search shows whom it should not, or not whom it should."""
    page = searching(desk, sought)()
    shown = REFERENCE.findall(page)
    if sought.reference and sought.reference not in shown and not all_share(desk, shown, sought.typed):
        raise WrongAnswerError("somebody was not found by something of their own")
    if not sought.reference:
        with desk.app.app_context():
            found = db.session.scalars(sa.select(Inquiry).where(Inquiry.reference.in_(shown))).all()
            names = [words_of(inquiry.answers) for inquiry in found]
        if not all(
            any(word.startswith(start) for word in name) for name in names for start in sought.typed.split()
        ):
            raise WrongAnswerError("a search showed somebody of another name")
        if not shown and "qqqq" not in sought.typed and not re.search(r'name="after"', page):
            raise WrongAnswerError("a name that somebody has was not found")


def all_share(desk: Desk, shown: list[str], typed: str) -> bool:
    """Return whether a page is full, and of inquiries with the same number: then more follow it."""
    with desk.app.app_context():
        found = db.session.scalars(sa.select(Inquiry).where(Inquiry.reference.in_(shown))).all()
        numbers = [inquiry.answers.get("phone", "").partition(" ext")[0] for inquiry in found]
    return len(numbers) == PAGE_SIZE and set(numbers) == {typed}


def figure(kind: str, few: tuple[Desk, Sought], many: tuple[Desk, Sought]) -> Figure:
    """Return how many times as much a search costs at the large desk."""
    costs = pairs(cost_of(searching(*many), TIMES), cost_of(searching(*few), TIMES))
    large, small = (median(cost) * 1000 for cost in zip(*costs, strict=True))
    told = f"{kind}: {large:.1f} ms of the processor, {small:.1f} ms with a thousand"
    return at_most("search: what grows most", 3, "× at 1,000 inquiries", ratios(costs), told)
