"""Reading the record: pages of entries, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core.database import db

PAGE_SIZE = 50
LISTED = "inquiries.listed"
"""The action of entries that name many records at once, by ``references`` in their details."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which entries are looked for; each part that is given has to be met."""

    staff_id: UUID | None = None
    object_id: UUID | None = None
    """The record that something was done to,"""
    reference: str | None = None
    """and its reference, by which lists that showed it are found too."""
    actions: frozenset[str] | None = None
    since: datetime | None = None
    """From this moment on."""
    until: datetime | None = None
    """Before this moment."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first, and where the record goes on."""

    rows: Sequence[AuditEntry]
    older_than: UUID | None
    """The entry that the next older page begins after; None on the last page."""
    newer_than: UUID | None
    """The entry that the next newer page ends before; None on the first page."""


def entries_page(sought: Sought, older_than: UUID | None = None, newer_than: UUID | None = None) -> Page:
    """Return a page of the entries that are sought, by keyset: ids are in order of time."""
    query = sa.select(AuditEntry).where(*conditions(sought)).limit(PAGE_SIZE + 1)
    if newer_than is not None:
        found = list(db.session.scalars(query.where(AuditEntry.id > newer_than).order_by(AuditEntry.id)))
        return page(found[:PAGE_SIZE][::-1], older=True, newer=len(found) > PAGE_SIZE)
    if older_than is not None:
        query = query.where(AuditEntry.id < older_than)
    found = list(db.session.scalars(query.order_by(AuditEntry.id.desc())))
    return page(found[:PAGE_SIZE], older=len(found) > PAGE_SIZE, newer=older_than is not None)


def page(rows: Sequence[AuditEntry], *, older: bool, newer: bool) -> Page:
    """Return rows with the entries that the neighbouring pages start from."""
    return Page(
        rows,
        older_than=rows[-1].id if rows and older else None,
        newer_than=rows[0].id if rows and newer else None,
    )


def conditions(sought: Sought) -> list[sa.ColumnElement[bool]]:
    """Return what entries have to meet."""
    met: list[sa.ColumnElement[bool]] = []
    if sought.staff_id is not None:
        of_account = sa.and_(AuditEntry.object_type == "user", AuditEntry.object_id == sought.staff_id)
        met.append(sa.or_(AuditEntry.staff_id == sought.staff_id, of_account))
    if sought.object_id is not None and sought.reference is not None:
        met.append(about(sought.object_id, sought.reference))
    if sought.actions is not None:
        met.append(AuditEntry.action.in_(sorted(sought.actions)))
    if sought.since is not None:
        met.append(AuditEntry.id >= earliest_id(sought.since))
    if sought.until is not None:
        met.append(AuditEntry.id < earliest_id(sought.until))
    return met


def about(object_id: UUID, reference: str) -> sa.ColumnElement[bool]:
    """Return whether an entry is of a record or of a list that showed it.

    Lists are read as text, from the record's own beginning on: of nothing else is an index needed, and a
    column for each row of each list would cost every reader of the queue more than this costs an
    administrator now and then.
    """
    listed = sa.and_(
        AuditEntry.action == LISTED,
        AuditEntry.id > object_id,
        sa.cast(AuditEntry.details, sa.Text).contains(reference, autoescape=True),
    )
    return sa.or_(AuditEntry.object_id == object_id, listed)


def earliest_id(moment: datetime) -> UUID:
    """Return what every id made at ``moment`` or later is not smaller than (RFC 9562, 5.7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
