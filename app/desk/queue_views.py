"""What the queue's pages show: the views with their counts, the filters, and a line for each inquiry."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core import clock, terms
from app.core.i18n import short_day
from app.core.wording import gettext as _
from app.core.wording import once
from app.core.working_time import shown_working_time, working_seconds
from app.desk import filters
from app.desk.answers import (
    completeness_text,
    country_name,
    filling_in_text,
    language_name,
    region_text,
)
from app.desk.filters import Asked, Choices, Owner
from app.inquiries import vocabulary, workflow
from app.inquiries.flags import HINTS
from app.inquiries.queue import MOST_ARRIVALS, MOST_COUNTED, OWNED, SORTS, VIEWS
from app.inquiries.queue_pages import Page
from app.inquiries.queue_rows import Listed

MOST_HINTS = 3
"""So many hints stand in a line; of more, only their number."""

MOST_LISTS = 256
"""Lists of options that are kept ready: each filter's in each language."""
REFERENCE = "SCI-0000-0000"
"""Stands for any: each has the same letters, none of which an address writes in another way."""

HINT_TAGS = {
    "suicidal": _l("Suicidal words"),
    "dysreflexia": _l("Dysreflexia words"),
    "infection": _l("Infection words"),
    "high_level": _l("T6 or above"),
    "under_18": _l("May be under 18"),
    "unaware": _l("Patient unaware"),
    "recent": _l("May be recent"),
    "second_protocol": _l("Complete or old"),
}
"""Hints in two or three words; the page of an inquiry says them in full, with what each rests on."""

VIEW_WORDS = {
    "waiting": (
        _l("Waiting longest"),
        _l("Waiting longest for an answer"),
        _l("Nobody waits for us now. Whoever writes, or waits to hear from us again, stands here."),
    ),
    "new": (
        _l("New"),
        _l("New inquiries"),
        _l("There are no new inquiries. Each one stands here from its arrival until somebody takes it up."),
    ),
    "mine": (
        _l("Mine"),
        _l("My inquiries"),
        _l("You have no open inquiries. Those that you take, or are given, stand here."),
    ),
    "unassigned": (
        _l("Unassigned"),
        _l("Open inquiries that nobody sees to"),
        _l("Every open inquiry has an owner. Those without one stand here."),
    ),
    "follow_up": (
        _l("Follow-up due"),
        _l("Inquiries to follow up today"),
        _l("There is nothing to follow up today. Inquiries stand here from their follow-up date on."),
    ),
    "overdue": (
        _l("Overdue"),
        _l("First answer overdue"),
        _l("No first answer is overdue. Inquiries stand here that were not answered in the time we promise."),
    ),
    "waiting_for_patient": (
        _l("Waiting for patient"),
        _l("Waiting for the patient"),
        _l("We wait for nobody’s answer. Inquiries stand here while it is the person’s turn."),
    ),
    "review": (
        _l("In review"),
        _l("In medical review"),
        _l("No inquiry is in medical review. Those that the doctors look at stand here."),
    ),
    "suspicious": (
        _l("Suspicious"),
        _l("Inquiries that may come from a machine"),
        _l("No open inquiry looks as if it came from a machine. Those that do stand here."),
    ),
    "closed": (
        _l("Closed"),
        _l("Closed inquiries"),
        _l("No inquiry is closed yet. Closed, declined and withdrawn ones stand here."),
    ),
    "all": (
        _l("All"),
        _l("All inquiries"),
        _l("There are no inquiries yet. Every inquiry that is sent stands here."),
    ),
}
"""Each view's name, its heading, and what would be here when it is empty."""


class ViewLink(NamedTuple):
    """A view, as the list of them has it."""

    name: str
    address: str
    number: str
    """How many inquiries it holds."""
    is_current: bool


class Chosen(NamedTuple):
    """A filter that is set, and the address without it."""

    key: str
    text: str
    address: str


class Question(NamedTuple):
    """A filter, as the form has it."""

    key: str
    label: str
    groups: list[tuple[str, Markup]]
    """Options under their headings; those of an empty heading stand by themselves. None for a date."""
    value: str


class PageLink(NamedTuple):
    """What leads to another page."""

    place: str
    address: str


class QueueRow(NamedTuple):
    """One inquiry in the queue."""

    reference: str
    address: str
    name: str
    person_text: str
    injury_text: str
    injury_more: str
    waiting: str
    due_text: str
    is_overdue: bool
    sent_at: datetime
    sent_text: str
    status: str
    status_text: str
    is_suspicious: bool
    is_demo: bool
    owner: str
    """Empty for nobody."""
    follow_up_text: str
    hints: list[str]
    more_hints: int
    mark: str
    """What is new of it to its reader: ``new``, ``changed``, or nothing."""


def view_links(asked: Asked, counted: Mapping[str, int], *, is_search: bool) -> list[ViewLink]:
    """Return every view with its count."""
    return [
        ViewLink(
            str(VIEW_WORDS[view][0]),
            url_for("desk.queue", **filters.address(Asked(view, VIEWS[view].sort))),
            count_text(counted[view], MOST_COUNTED),
            view == asked.view and not is_search,
        )
        for view in VIEWS
    ]


def count_text(count: int, most: int) -> str:
    """Return a count; of one beyond what is counted, how far that went."""
    if count > most:
        return _("%(number)s+", number=format_decimal(most))
    return str(format_decimal(count))


def arrivals_text(count: int) -> str:
    """Return how many inquiries came."""
    if count > MOST_ARRIVALS:
        return _("More than %(number)s new inquiries.", number=format_decimal(MOST_ARRIVALS))
    return ngettext("%(num)s new inquiry.", "%(num)s new inquiries.", count)


def chosen(asked: Asked, known: Choices) -> list[Chosen]:
    """Return the filters that are set, each with the address without it."""
    return [
        Chosen(
            key,
            _(
                "%(filter)s: %(value)s",
                filter=filters.LABELS[key],
                value=filters.shown_value(key, value, known),
            ),
            url_for("desk.queue", **filters.address(asked, **{key: ""})),
        )
        for key, value in asked.values.items()
    ]


def questions(asked: Asked, known: Choices) -> list[Question]:
    """Return every filter with its values, and last the order."""
    sorts = {key: str(words) for key, words in filters.SORT_WORDS.items() if key in SORTS}
    order = Question("sort", _("Order"), [("", options(sorts, asked.sort))], asked.sort)
    return [*(question(key, asked.values.get(key, ""), known) for key in filters.LABELS), order]


def question(key: str, value: str, known: Choices) -> Question:
    """Return one filter with its values."""
    label = str(filters.LABELS[key])
    if key in filters.DATES:
        return Question(key, label, [], value)
    first = options({"": _("Any")}, value)
    if key != "injury":
        return Question(key, label, [("", first + options(known[key], value))], value)
    groups = [
        (known[key][region], options({region: _("Any level")} | {level: level for level in levels}, value))
        for region, levels in terms.LEVELS_OF_REGION.items()
    ]
    unknown = options({"unknown": known[key]["unknown"]}, value)
    return Question(key, label, [("", first + unknown), *groups], value)


def options(known: Mapping[str, str], value: str) -> Markup:
    """Return values with their words as options, of which one may be chosen."""
    return drawn_options(tuple(known.items()), value if value in known else None)


@lru_cache(maxsize=MOST_LISTS)
def drawn_options(known: tuple[tuple[str, str], ...], chosen: str | None) -> Markup:
    """Return options. There are 250 countries alone, and most often the same ones are drawn."""
    plain, selected = (
        Markup('<option value="{}">{}</option>'),
        Markup('<option value="{}" selected>{}</option>'),
    )
    return Markup("").join((selected if key == chosen else plain).format(key, text) for key, text in known)


def queue_rows(rows: Sequence[Listed], staff: Sequence[Owner]) -> list[QueueRow]:
    """Return what the queue shows of inquiries."""
    owners = {owner.id: owner.name for owner in staff}
    moment = clock.now()
    address = url_for("desk.show_inquiry", reference=REFERENCE)  # made once for all, which takes long
    return [
        queue_row(
            inquiry,
            address.replace(REFERENCE, inquiry.reference),
            owners.get(inquiry.owner_id, "") if inquiry.owner_id else "",
            moment,
        )
        for inquiry in rows
    ]


def queue_row(inquiry: Listed, address: str, owner: str, moment: datetime) -> QueueRow:
    """Return what the queue shows of an inquiry."""
    due_text, is_overdue = due(inquiry, moment)
    hints = [hint_text(kind) for kind, _v, _source in inquiry.hints or () if kind in HINTS]
    return QueueRow(
        reference=inquiry.reference,
        address=address,
        name=inquiry.answers["patient_name"],
        person_text=" · ".join(
            (
                country_name(inquiry.country),
                language_name(inquiry.answer_language or inquiry.page_language),
                filling_in_text(inquiry.filling_in),
            )
        ),
        injury_text=_("Wants a call") if inquiry.injury_region is None else injury_text(inquiry),
        injury_more=completeness_text(inquiry.completeness),
        waiting=working_time(inquiry.waiting_since, moment) if inquiry.waiting_since else "",
        due_text=due_text,
        is_overdue=is_overdue,
        sent_at=inquiry.sent_at,
        sent_text=_("Sent %(day)s", day=short_day(inquiry.sent_at)),
        status=inquiry.status,
        status_text=status_text(inquiry.status),
        is_suspicious=inquiry.suspicious,
        is_demo=inquiry.is_demo,
        owner=owner,
        follow_up_text=_("Follow up %(day)s", day=short_day(inquiry.follow_up_on))
        if inquiry.follow_up_on
        else "",
        hints=hints if len(hints) <= MOST_HINTS else hints[:MOST_HINTS],
        more_hints=max(len(hints) - MOST_HINTS, 0),
        mark=mark_of(inquiry),
    )


def mark_of(inquiry: Listed) -> str:
    """Return whether an inquiry is new to its reader, or has changed. An old one that is over is not new."""
    if inquiry.seen_version is None:
        return "new" if inquiry.status in OWNED else ""
    return "changed" if inquiry.version > inquiry.seen_version else ""


def injury_text(inquiry: Listed) -> str:
    """Return where an injury is, as exactly as it was told."""
    return inquiry.injury_level or region_text(inquiry.injury_region)


def due(inquiry: Listed, moment: datetime) -> tuple[str, bool]:
    """Return when the first answer is due, and whether that is over; nothing where nobody waits for one."""
    at = inquiry.answer_due_at
    if at is None or inquiry.first_answered_at or inquiry.status not in workflow.OPEN:
        return "", False
    if at < moment:
        return _("Overdue by %(time)s", time=working_time(at, moment)), True
    return _("Due in %(time)s", time=working_time(moment, at)), False


@once
def status_text(status: str) -> str:
    """Return a status in words."""
    return str(vocabulary.STATUS[status])


@once
def hint_text(kind: str) -> str:
    """Return a hint in few words."""
    return str(HINT_TAGS.get(kind, HINTS[kind]))


def working_time(start: datetime, end: datetime) -> str:
    """Return the team's working time between two moments in words."""
    return shown_working_time(working_seconds(start, end))


def page_links(asked: Asked, page: Page) -> dict[str, PageLink]:
    """Return what leads to the pages beside this one: ``before`` and ``after``, where there are any."""
    places = {"before": page.before, "after": page.after}
    texts = {name: filters.place_text(place) for name, place in places.items() if place}
    state = filters.address(asked)
    return {
        name: PageLink(text, url_for("desk.queue", **{**state, name: text})) for name, text in texts.items()
    }
