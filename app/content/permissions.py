"""Permissions to publish what tells of a person: recorded before, and at once effective when withdrawn."""

from dataclasses import asdict, dataclass, field
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from app.audit.log import Actor, record
from app.content import queries
from app.content.checks import hindrances
from app.content.models import ContentItem, PublicationPermission
from app.content.services import bump_revision, hide
from app.core.changes import change_at_once, change_of
from app.core.clock import now
from app.core.database import db, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a person allowed."""

    given_by: str
    """Whose permission it is."""
    shown_name: str = ""
    """How the name is shown; empty for no name."""
    covers: tuple[str, ...] = ()
    """Keys of ``vocabulary.COVERS``."""
    document_place: str = ""
    """Where a document is kept that was not uploaded."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """How, when and for how long a permission was given."""

    basis: str
    """A key of ``vocabulary.BASES``."""
    given_on: date | None = None
    ends_on: date | None = None
    document_id: UUID | None = None
    terms: Terms = field(default_factory=lambda: Terms(given_by=""))


def record_permission(item: ContentItem, given: Given, seen_version: int, actor: Actor) -> None:
    """Record a permission, in the place of the one before.

    What it does not cover any more is taken from the site at once. Raises ChangedMeanwhileError if the
    item changed meanwhile.
    """
    with change_of(item, seen_version):
        add_permission(item, given, actor)


def add_permission(item: ContentItem, given: Given, actor: Actor) -> PublicationPermission:
    """Add a permission to the session, in the place of the one in force."""
    former = queries.permission_in_force(item)
    if former is not None:
        former.withdrawn_at, former.withdrawn_by = now(), actor.staff_id
        # Two in force at once are refused by the database: this one has to go first.
        db.session.flush()
    permission = PublicationPermission(
        id=new_id(),
        item_id=item.id,
        basis=given.basis,
        given_on=given.given_on,
        ends_on=given.ends_on,
        document_id=given.document_id,
        recorded_by=actor.staff_id,
    )
    permission.terms = asdict(given.terms)
    db.session.add(permission)
    touch(item)
    bump_revision()
    record(actor, "permission.recorded", "content", item.id, basis=given.basis, covers=given.terms.covers)
    hide_what_is_not_covered(item, permission, actor)
    return permission


def withdraw_permission(item: ContentItem, actor: Actor) -> None:
    """Record that the permission was withdrawn, and take what it allowed from the site at once.

    A withdrawal waits for nobody: it holds whoever else is changing the item.
    """
    change_at_once(item, lambda: mark_withdrawn(item, actor))


def mark_withdrawn(item: ContentItem, actor: Actor) -> None:
    """End the permission in force, and hide the item, in the session."""
    permission = queries.permission_in_force(item)
    if permission is not None:
        permission.withdrawn_at, permission.withdrawn_by = now(), actor.staff_id
        record(actor, "permission.withdrawn", "content", item.id)
    hide(item, actor)
    touch(item)


def hide_what_is_not_covered(item: ContentItem, permission: PublicationPermission, actor: Actor) -> None:
    """Take an item from the site if this permission would not let it be published."""
    entry = item.published and queries.entry_in_version(item, item.published)
    if entry and hindrances(item.kind, entry.body, permission, queries.today()):
        hide(item, actor)


def touch(item: ContentItem) -> None:
    """Count a change of what belongs to an item: who writes next should see it first."""
    sa.orm.attributes.flag_modified(item, "newest")


def read_document(item: ContentItem, actor: Actor) -> None:
    """Record that staff read the document of a permission; call it before sending it."""
    record(actor, "permission.document_read", "content", item.id)
    db.session.commit()
