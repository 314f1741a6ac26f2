"""Reading inquiries: the queue, one of them, and looking one up."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.core.crypto import keyring
from app.core.database import db
from app.inquiries import lookup
from app.inquiries.models import Consent, Inquiry, InquiryEvent, InquiryLookup

PAGE_SIZE = 50
FOUND_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the queue, newest first, and where it goes on."""

    rows: Sequence[Inquiry]
    older_than: str | None
    """The reference that the next older page begins after; None on the last page."""
    newer_than: str | None
    """The reference that the next newer page ends before; None on the first page."""


def queue_page(older_than: str | None = None, newer_than: str | None = None) -> Page:
    """Return a page of the queue by keyset: its cost is the same however long the queue is.

    A reference that does not exist gives the first page.
    """
    order = sa.tuple_(Inquiry.sent_at, Inquiry.id)
    newest_first = sa.select(Inquiry).order_by(Inquiry.sent_at.desc(), Inquiry.id.desc())
    oldest_first = sa.select(Inquiry).order_by(Inquiry.sent_at, Inquiry.id)
    neighbour = newer_than or older_than
    edge = place_of(neighbour) if neighbour else None
    if edge is not None and newer_than:
        found = list(db.session.scalars(oldest_first.where(order > edge).limit(PAGE_SIZE + 1)))
        rows = found[:PAGE_SIZE][::-1]
        return page(rows, older=True, newer=len(found) > PAGE_SIZE)
    if edge is not None:
        newest_first = newest_first.where(order < edge)
    found = list(db.session.scalars(newest_first.limit(PAGE_SIZE + 1)))
    return page(found[:PAGE_SIZE], older=len(found) > PAGE_SIZE, newer=edge is not None)


def page(rows: Sequence[Inquiry], *, older: bool, newer: bool) -> Page:
    """Return rows with the references that the neighbouring pages start from."""
    return Page(
        rows,
        older_than=rows[-1].reference if rows and older else None,
        newer_than=rows[0].reference if rows and newer else None,
    )


def place_of(reference: str) -> sa.Tuple | None:
    """Return an inquiry's place in the queue's order, or None if there is none of that reference."""
    row = db.session.execute(
        sa.select(Inquiry.sent_at, Inquiry.id).where(Inquiry.reference == full_reference(reference))
    ).one_or_none()
    if row is None:
        return None
    return sa.tuple_(sa.literal(row.sent_at, Inquiry.sent_at.type), sa.literal(row.id, Inquiry.id.type))


def inquiry_by_reference(reference: str) -> Inquiry | None:
    """Return the inquiry with this reference, written in any case and with or without its dashes."""
    return db.session.scalar(sa.select(Inquiry).where(Inquiry.reference == full_reference(reference)))


def full_reference(text: str) -> str:
    """Return a reference as it is kept, from however it was typed."""
    letters = "".join(char for char in text.upper() if char.isalnum())
    letters = letters.removeprefix("SCI") if len(letters) > 8 else letters
    return f"SCI-{letters[:4]}-{letters[4:]}"


def consents_of(inquiry: Inquiry) -> Sequence[Consent]:
    """Return the boxes that the person ticked."""
    return db.session.scalars(
        sa.select(Consent).where(Consent.inquiry_id == inquiry.id).order_by(Consent.kind)
    ).all()


def timeline_of(inquiry: Inquiry) -> Sequence[sa.Row[InquiryEvent, str | None]]:
    """Return what happened to an inquiry, newest first, each with the name of whoever did it."""
    return db.session.execute(
        sa.select(InquiryEvent, User.name)
        .outerjoin(User, User.id == InquiryEvent.staff_id)
        .where(InquiryEvent.inquiry_id == inquiry.id)
        .order_by(InquiryEvent.at.desc(), InquiryEvent.id.desc())
    ).all()


def look_up(values: Sequence[tuple[str, str]]) -> Sequence[Inquiry]:
    """Return the newest inquiries that match every (kind, value), found by their blind indexes."""
    query = sa.select(Inquiry).order_by(Inquiry.sent_at.desc(), Inquiry.id.desc())
    for kind, value in values:
        query = query.where(Inquiry.id.in_(with_index(kind, value)))
    return db.session.scalars(query.limit(FOUND_LIMIT)).all() if values else []


def with_index(kind: str, value: str) -> sa.Select[UUID]:
    """Return a query of the inquiries that have this value, under any of the keys."""
    return sa.select(InquiryLookup.inquiry_id).where(
        InquiryLookup.kind == kind, InquiryLookup.index.in_(keyring().blind_indexes(kind, value))
    )


def search(typed: str) -> Sequence[Inquiry]:
    """Return what a member of staff who types this is looking for: by reference, else by person."""
    by_reference = inquiry_by_reference(typed)
    return [by_reference] if by_reference else look_up(lookup.values_in(typed))
