"""What the queue is filtered by, and what a search looks for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.core.terms import LEVELS
from app.inquiries import lookup
from app.inquiries.models import Inquiry
from app.inquiries.queries import read_reference
from app.inquiries.wanted import Condition, Wanted, listed, looked_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked of the inquiries of a view. None, or empty text, is "any"."""

    status: str = ""
    owner_id: UUID | None = None
    without_owner: bool = False
    country: str = ""
    language: str = ""
    injury: str = ""
    """A region of the spine, or one of its levels."""
    completeness: str = ""
    age: str = ""
    """A key of ``AGES``."""
    hint: str = ""
    suspicious: bool | None = None
    wants_call: bool | None = None
    answered: bool | None = None
    sent_from: datetime | None = None
    sent_before: datetime | None = None


MONTHS_OF_AGE: dict[str, tuple[int | None, int | None]] = {
    "under_3_months": (None, 3),
    "under_1_year": (None, 12),
    "1_to_5_years": (12, 60),
    "over_5_years": (60, None),
}
"""From how many months on, and under how many."""
AGES = (*MONTHS_OF_AGE, "unknown")
"""How long ago an injury was."""


def matching(filters: Filters, today: date) -> list[Wanted]:
    """Return what filters ask of inquiries."""
    return [*of_work(filters), *of_person(filters, today), *of_time(filters)]


def of_work(filters: Filters) -> list[Wanted]:
    """Return what filters ask of how far an inquiry is, and with whom."""
    wanted = []
    if filters.status:
        wanted.append(listed(Inquiry.status == filters.status))
    if filters.owner_id:
        wanted.append(listed(Inquiry.owner_id == filters.owner_id))
    if filters.without_owner:
        wanted.append(listed(Inquiry.owner_id.is_(None)))
    if filters.hint:
        wanted.append(looked_up([("hint", filters.hint)]))
    if filters.suspicious is not None:
        wanted.append(listed(Inquiry.suspicious == sa.literal(filters.suspicious)))
    if filters.answered is not None:
        is_not = Inquiry.first_answered_at.is_(None)
        wanted.append(Wanted(sa.not_(is_not)) if filters.answered else listed(is_not))
    return wanted


def of_person(filters: Filters, today: date) -> list[Wanted]:
    """Return what filters ask of who wrote, and of the injury."""
    wanted = []
    if filters.country:
        wanted.append(listed(Inquiry.country == filters.country))
    if filters.language:
        wanted.append(listed(Inquiry.answer_language == filters.language))
    if filters.injury in LEVELS:
        wanted.append(listed(Inquiry.injury_level == filters.injury))
    elif filters.injury:
        wanted.append(Wanted(Inquiry.injury_region == filters.injury))
    if filters.completeness:
        wanted.append(Wanted(Inquiry.completeness == filters.completeness))
    if filters.wants_call is not None:
        was_told = Inquiry.injury_region.is_not(None)
        wanted.append(Wanted(sa.not_(was_told) if filters.wants_call else was_told))
    if filters.age:
        wanted.append(Wanted(sa.and_(*of_age(filters.age, today))))
    return wanted


def of_time(filters: Filters) -> list[Wanted]:
    """Return what filters ask of when an inquiry was sent."""
    wanted = []
    if filters.sent_from:
        wanted.append(Inquiry.sent_at >= filters.sent_from)
    if filters.sent_before:
        wanted.append(Inquiry.sent_at < filters.sent_before)
    return [listed(sa.and_(*wanted), "sent_at")] if wanted else []


def of_age(age: str, today: date) -> list[Condition]:
    """Return what is true of injuries that are so old; where no month was told, the latest is taken."""
    if age == "unknown":
        return [Inquiry.injury_year.is_(None)]
    month = Inquiry.injury_year * 12 + sa.func.coalesce(Inquiry.injury_month, 12)
    this_month = today.year * 12 + today.month
    youngest, oldest = MONTHS_OF_AGE[age]
    conditions: list[Condition] = [Inquiry.injury_year.is_not(None)]
    # Whole months count, as in ``flags.months_since``: in the month itself, the last one may not be over.
    if youngest is not None:
        conditions.append(month < this_month - youngest)
    if oldest is not None:
        conditions.append(month >= this_month - oldest)
    return conditions


def sought(typed: str) -> list[Wanted]:
    """Return what a member of staff who types this asks of inquiries.

    By reference, or by all of: an e-mail address, a phone number, words of a name or their beginnings.
    """
    found = [looked_up(values) for values in lookup.values_in(typed)]
    if reference := read_reference(typed):
        return [or_named(reference, each) for each in found] or [named(reference)]
    return found or [listed(sa.false())]


def named(reference: str) -> Wanted:
    """Return that an inquiry has this reference."""
    one = aliased(Inquiry)
    its_id = sa.select(one.id).where(one.reference == reference)
    return Wanted(Inquiry.id == its_id.scalar_subquery(), ids=its_id)


def or_named(reference: str, found: Wanted) -> Wanted:
    """Return that an inquiry has this reference, or what was found in the same text."""
    its = named(reference)
    ids = [each.ids for each in (its, found) if each.ids is not None]
    return Wanted(sa.or_(its.condition, found.condition), ids=sa.union_all(*ids), is_looked_up=True)
