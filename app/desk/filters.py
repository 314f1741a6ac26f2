"""What the queue is asked for, as its address has it: a view, filters, an order, and a place in that.

The whole state stands in the address, so that it can be shared and bookmarked; a search term alone never
does. What an address holds that does not exist is left out, and the page says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import lazyload, load_only

from app.accounts.handles import handle_of, user_of_handle
from app.accounts.models import User
from app.core import names, terms
from app.core.database import db
from app.core.days import read_day, start_of
from app.core.i18n import own_name, page_language, shown_day
from app.desk.answers import completeness_text, region_text
from app.inquiries import vocabulary
from app.inquiries.flags import HINTS
from app.inquiries.queries import read_reference
from app.inquiries.queue import SORTS, VIEWS
from app.inquiries.queue_filters import Filters
from app.inquiries.queue_orders import Place

ME, NOBODY = "me", "nobody"
MOMENT, DAY, NOTHING = "%Y%m%dT%H%M%S%f", "%Y%m%d", "none"
"""How a place is written, by what the order goes by."""
YEARS = range(2000, 2200)
"""The years that a date may name: dates far from these have no moment in some zones."""
DATES = ("from", "until")

LABELS = {
    "status": _l("Status"),
    "owner": _l("Owner"),
    "country": _l("Country"),
    "language": _l("Language to answer in"),
    "injury": _l("Injury"),
    "completeness": _l("Completeness"),
    "age": _l("Time since the injury"),
    "hint": _l("Hint"),
    "suspicious": _l("May come from a machine"),
    "call": _l("Wants a call"),
    "answered": _l("Has been answered"),
    "from": _l("Sent from"),
    "until": _l("Sent until"),
}
"""The filters, in the order in which the page shows them."""
SORT_WORDS = {
    "waiting": _l("Waiting longest first"),
    "newest": _l("Newest first"),
    "oldest": _l("Oldest first"),
    "follow_up": _l("Earliest follow-up first"),
}
AGE_WORDS = {
    "under_3_months": _l("Less than 3 months"),
    "under_1_year": _l("Less than 1 year"),
    "1_to_5_years": _l("1 to 5 years"),
    "over_5_years": _l("Over 5 years"),
    "unknown": _l("Not told"),
}

Address = dict[str, Any]
"""Names and texts of an address's query."""
Choices = Mapping[str, Mapping[str, str]]
"""For each filter, the values that it takes, and their words."""


class Owner(NamedTuple):
    """A member of staff, as the filter has them."""

    id: UUID
    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, as far as it exists."""

    view: str = "waiting"
    sort: str = "waiting"
    values: Address = field(default_factory=dict)
    """The filters."""
    place: Place | None = None
    backwards: bool = False
    """Whether the rows before the place are asked for."""
    has_unknown: bool = False
    """Whether there was something that does not exist."""


def read(given: Mapping[str, str], known: Choices, *, view: str | None = None) -> Asked:
    """Return what an address, or a form with the same names, asks for. A search looks in one view for all."""
    asked_view = view or given.get("view", "")
    shown = asked_view if asked_view in VIEWS else next(iter(VIEWS))
    asked_sort = given.get("sort", "")
    sort = asked_sort if asked_sort in SORTS else VIEWS[shown].sort
    wanted = {name: given[name] for name in LABELS if given.get(name)}
    removed = given.get("without", "")
    values = {name: value for name, value in wanted.items() if is_value(name, value, known)}
    backwards = bool(given.get("before"))
    edge = given.get("before") or given.get("after") or ""
    place = read_place(edge, sort)
    unknown = (
        asked_view not in {"", shown},
        asked_sort not in {"", sort},
        len(values) < len(wanted),
        bool(edge) and place is None,
    )
    values.pop(removed, None)
    return Asked(shown, sort, values, place, backwards and place is not None, any(unknown))


def is_value(name: str, value: str, known: Choices) -> bool:
    """Return whether a filter takes a value."""
    if name in DATES:
        day = read_day(value)
        return day is not None and day.year in YEARS
    return value in known[name]


def address(asked: Asked, **changes: str) -> Address:
    """Return the address of what was asked for, from its first page on, with changes; empty ones go out."""
    state = {"view": asked.view, "sort": asked.sort, **asked.values, **changes}
    if state["sort"] == VIEWS[state["view"]].sort:
        del state["sort"]
    if state["view"] == next(iter(VIEWS)):
        del state["view"]
    return {name: value for name, value in state.items() if value}


def read_place(text: str, sort: str) -> Place | None:
    """Return the place that an address goes on from, or None if it names none in this order."""
    reference, _dot, value = text.partition(".")
    known, order = read_reference(reference), SORTS[sort]
    if known is None:
        return None
    if value == NOTHING:
        return Place(known, None) if order.has_gaps else None
    try:
        if isinstance(order.column.type, sa.Date):
            return Place(known, datetime.strptime(value, DAY).date())  # noqa: DTZ007 -- a day has no zone
        return Place(known, read_moment(value))
    except ValueError:
        return None


def read_moment(text: str) -> datetime:
    """Return the moment of an address; raise ValueError if it is none."""
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)


def place_text(place: Place) -> str:
    """Return a place as an address has it. It names no row, and is found again when that row has moved."""
    if place.value is None:
        return f"{place.reference}.{NOTHING}"
    form = MOMENT if isinstance(place.value, datetime) else DAY
    return f"{place.reference}.{place.value.strftime(form)}"


def owners() -> list[Owner]:
    """Return everyone who may be an inquiry's owner, or once was, in the order of names: one statement."""
    needed = (load_only(User.id, User.name, User.email), lazyload(User.roles))
    query = sa.select(User).options(*needed).order_by(User.name, User.id)
    return [Owner(user.id, handle_of(user), user.name or user.email) for user in db.session.scalars(query)]


def choices(staff: Iterable[Owner]) -> dict[str, dict[str, str]]:
    """Return the values that each filter takes, with their words in the reader's language."""
    yes_or_no = {"yes": _("Yes"), "no": _("No")}
    return {
        "status": {key: str(words) for key, words in vocabulary.STATUS.items()},
        "owner": {
            ME: _("Me"),
            NOBODY: _("Nobody"),
            **{owner.handle: owner.name for owner in staff},
        },
        "country": names.country_names(page_language()),
        "language": {**names.language_names(page_language()), **own_languages()},
        "injury": {
            **{key: region_text(key) for key in terms.INJURY_REGION},
            **{level: level for level in terms.LEVELS},
        },
        "completeness": {key: completeness_text(key) for key in terms.COMPLETENESS},
        "age": {key: str(words) for key, words in AGE_WORDS.items()},
        "hint": {key: str(words) for key, words in HINTS.items()},
        "suspicious": yes_or_no,
        "call": yes_or_no,
        "answered": yes_or_no,
    }


def own_languages() -> dict[str, str]:
    """Return the site's languages that have more than a language to their name, such as a script."""
    known = names.language_names(page_language())
    return {code: own_name(code) for code in current_app.config["LANGUAGES"] if code not in known}


def with_old_handle(text: str, staff: Sequence[Owner]) -> str:
    """Return an owner's handle of today where it was made under a key of before; else what was given."""
    if not text or text in {ME, NOBODY, *(owner.handle for owner in staff)}:
        return text
    user = user_of_handle(text)
    return handle_of(user) if user else text


def filters_of(asked: Asked, staff: Iterable[Owner], me: UUID | None) -> Filters:
    """Return what was asked for, as the queue takes it."""
    value = asked.values.get
    owner = value("owner", "")
    owner_ids = {owner.handle: owner.id for owner in staff}
    first, last = read_day(value("from", "")), read_day(value("until", ""))
    return Filters(
        status=value("status", ""),
        owner_id=me if owner == ME else owner_ids.get(owner),
        without_owner=owner == NOBODY,
        country=value("country", ""),
        language=value("language", ""),
        injury=value("injury", ""),
        completeness=value("completeness", ""),
        age=value("age", ""),
        hint=value("hint", ""),
        suspicious=yes(value("suspicious")),
        wants_call=yes(value("call")),
        answered=yes(value("answered")),
        sent_from=start_of(first) if first else None,
        sent_before=start_of(last + timedelta(days=1)) if last else None,
    )


def yes(text: str | None) -> bool | None:
    """Return what a filter of yes and no says; None where it says nothing."""
    return None if text is None else text == "yes"


def shown_value(name: str, value: str, known: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the words of a filter's value."""
    if name in DATES and (day := read_day(value)):
        return shown_day(day)
    return str(known[name][value])
