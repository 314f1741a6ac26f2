"""Reading content: what visitors may see, and what editors work on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, current_app

from app.accounts.models import User
from app.content.models import ContentItem, ContentState, ContentVersion, PublicationPermission
from app.content.shapes import SHAPES
from app.content.vocabulary import OF_A_PERSON
from app.core.clock import now
from app.core.database import db
from app.core.standing import StandingQuestion
from app.files.models import StoredFile

PAGE_SIZE = 24
"""Entries of a gallery's page."""
HISTORY_SIZE = 50
"""Versions that a history lists."""
SLUG = re.compile(r"[A-Za-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in one of its versions."""

    item: ContentItem
    version: ContentVersion
    body: Any
    """One of ``shapes.Body``, as the item's kind has it."""
    permission: PublicationPermission | None
    """The permission in force; None where none is needed, or there is none."""

    @property
    def name(self) -> str:
        """The person's name as the person agreed; empty where none may be shown."""
        terms = self.permission.terms if self.permission else {}
        return str(terms.get("shown_name", "")) if "name" in terms.get("covers", ()) else ""


def init_queries(app: Flask) -> None:
    """Give an application what it asks at nearly every request."""
    with app.app_context():
        app.extensions["content_revision"] = StandingQuestion(db.engine, sa.select(ContentState.revision))


def revision() -> int:
    """Return the number that grows with every change of what visitors see, as it is committed now."""
    return revision_in(current_app)


def revision_in(app: Flask) -> int:
    """Return it where no request of Flask's goes on."""
    return app.extensions["content_revision"].ask() or 0


def today() -> date:
    """Return the day by which permissions are judged: UTC's."""
    return now().date()


def is_slug(text: str) -> bool:
    """Return whether text can be a slug; an address may hold what a database refuses to look for."""
    return SLUG.fullmatch(text) is not None


def published_entries(
    kind: str,
    *,
    region: str = "",
    completeness: str = "",
    after: str = "",
    limit: int = PAGE_SIZE,
) -> list[Entry]:
    """Return what visitors may see of a kind, in its order, from behind the item with the slug ``after``."""
    query = _visible(kind).order_by(ContentItem.position, ContentItem.id).limit(limit)
    if region:
        query = query.where(ContentItem.region == region)
    if completeness:
        query = query.where(ContentItem.completeness == completeness)
    if after:
        if not is_slug(after):
            return []
        edge = sa.select(ContentItem.position, ContentItem.id).where(
            ContentItem.kind == kind, ContentItem.slug == after
        )
        if (row := db.session.execute(edge).one_or_none()) is None:
            return []
        query = query.where(
            sa.tuple_(ContentItem.position, ContentItem.id)
            > sa.tuple_(sa.literal(row.position), sa.literal(row.id, ContentItem.id.type))
        )
    return _entries(query)


def published_entry(kind: str, slug: str) -> Entry | None:
    """Return one item as visitors may see it, or None."""
    if not is_slug(slug):
        return None
    return next(iter(_entries(_visible(kind).where(ContentItem.slug == slug))), None)


def published_among(kind: str, slugs: Iterable[str]) -> list[Entry]:
    """Return those of these items that visitors may see."""
    return _entries(_visible(kind).where(ContentItem.slug.in_([slug for slug in slugs if is_slug(slug)])))


def published_slugs(kinds: Iterable[str]) -> Sequence[sa.Row[str, str, datetime | None]]:
    """Return kind, slug and time of publication of every item that visitors may see."""
    return db.session.execute(
        sa.select(ContentItem.kind, ContentItem.slug, ContentItem.published_at)
        .outerjoin(PublicationPermission, _in_force())
        .where(ContentItem.kind.in_(list(kinds)), ContentItem.published.is_not(None), _may_be_seen())
        .order_by(ContentItem.kind, ContentItem.position, ContentItem.id)
    ).all()


def published_languages(kind: str) -> set[str]:
    """Return the languages in which visitors may see something of a kind."""
    query = sa.select(ContentItem.language).where(
        ContentItem.kind == kind, ContentItem.published.is_not(None)
    )
    return set(db.session.scalars(query))


def newest_stories(limit: int) -> list[Entry]:
    """Return the stories that were published last, for the feed."""
    return _entries(_visible("story").order_by(ContentItem.first_published_at.desc()).limit(limit))


Rows = sa.Select[ContentItem, ContentVersion, PublicationPermission]


def _visible(kind: str) -> Rows:
    return (
        sa.select(ContentItem, ContentVersion, PublicationPermission)
        .join(
            ContentVersion,
            (ContentVersion.item_id == ContentItem.id) & (ContentVersion.number == ContentItem.published),
        )
        .outerjoin(PublicationPermission, _in_force())
        .where(ContentItem.kind == kind, _may_be_seen())
    )


def _in_force() -> sa.ColumnElement[bool]:
    """Return the join of an item to the permission that was not withdrawn."""
    return (PublicationPermission.item_id == ContentItem.id) & PublicationPermission.withdrawn_at.is_(None)


def _may_be_seen() -> sa.ColumnElement[bool]:
    """Return the condition under which a published item may be shown today."""
    holds = PublicationPermission.id.is_not(None) & (
        PublicationPermission.ends_on.is_(None) | (PublicationPermission.ends_on >= today())
    )
    return ContentItem.kind.not_in(list(OF_A_PERSON)) | holds


def _entries(query: Rows) -> list[Entry]:
    return [
        Entry(item, version, version.body(item.kind), permission)
        for item, version, permission in db.session.execute(query)
    ]


def item_by_slug(kind: str, slug: str) -> ContentItem | None:
    """Return an item, published or not."""
    if kind not in SHAPES or not is_slug(slug):
        return None
    return db.session.scalar(sa.select(ContentItem).where(ContentItem.kind == kind, ContentItem.slug == slug))


def was_published(slug: str, number: int) -> bool:
    """Return whether visitors ever saw this version of a treatment page."""
    query = (
        sa.select(ContentVersion.id)
        .join(ContentItem, ContentItem.id == ContentVersion.item_id)
        .where(ContentItem.kind == "treatment", ContentItem.slug == slug)
        .where(ContentVersion.number == number, ContentVersion.published_at.is_not(None))
    )
    return db.session.scalar(query) is not None


def items_of_kind(kind: str) -> list[Entry]:
    """Return every item of a kind in its newest version, in order, for editors."""
    return _entries(
        sa.select(ContentItem, ContentVersion, PublicationPermission)
        .join(
            ContentVersion,
            (ContentVersion.item_id == ContentItem.id) & (ContentVersion.number == ContentItem.newest),
        )
        .outerjoin(PublicationPermission, _in_force())
        .where(ContentItem.kind == kind)
        .order_by(ContentItem.position, ContentItem.id)
    )


def entry_in_version(item: ContentItem, number: int) -> Entry | None:
    """Return an item in one of its versions, with the permission in force, or None without that version."""
    if not 0 < number <= item.newest:
        return None
    version = db.session.scalar(
        sa.select(ContentVersion).where(ContentVersion.item_id == item.id, ContentVersion.number == number)
    )
    if version is None:
        return None
    return Entry(item, version, version.body(item.kind), permission_in_force(item))


def history_of(item: ContentItem) -> Sequence[sa.Row[ContentVersion, str | None]]:
    """Return an item's last versions, newest first, each with its author's name."""
    return db.session.execute(
        sa.select(ContentVersion, User.name)
        .outerjoin(User, User.id == ContentVersion.author_id)
        .where(ContentVersion.item_id == item.id)
        .order_by(ContentVersion.number.desc())
        .limit(HISTORY_SIZE)
    ).all()


def permission_in_force(item: ContentItem) -> PublicationPermission | None:
    """Return the permission that was not withdrawn; it may have ended."""
    return db.session.scalar(
        sa.select(PublicationPermission).where(
            PublicationPermission.item_id == item.id, PublicationPermission.withdrawn_at.is_(None)
        )
    )


def permissions_of(item: ContentItem) -> Sequence[sa.Row[PublicationPermission, str | None]]:
    """Return every permission that was ever recorded, newest first, with the name of who recorded it."""
    return db.session.execute(
        sa.select(PublicationPermission, User.name)
        .outerjoin(User, User.id == PublicationPermission.recorded_by)
        .where(PublicationPermission.item_id == item.id)
        .order_by(PublicationPermission.recorded_at.desc(), PublicationPermission.id.desc())
    ).all()


def stored_file(file_id: UUID | str | None) -> StoredFile | None:
    """Return a stored file by its id, or None."""
    return db.session.get(StoredFile, UUID(str(file_id))) if file_id else None
