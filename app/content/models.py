"""Content that staff keep: items, their versions, and the permissions to publish them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.content.shapes import SHAPES, Body, from_plain, to_plain
from app.content.vocabulary import BASES
from app.core.clock import now
from app.core.crypto import Sealed
from app.core.database import Base, choice_check, index_of_some, new_id
from app.core.terms import COMPLETENESS, INJURY_REGION
from app.files.models import StoredFile

NOTE_LENGTH = 200
"""Characters of the note to a version."""


class ContentItem(Base):
    """A page or an entry: the treatment page, a study, a case study, a story, a recent patient."""

    __tablename__ = "content_items"
    __table_args__ = (
        choice_check("kind", SHAPES),
        choice_check("region", INJURY_REGION),
        choice_check("completeness", COMPLETENESS),
        sa.UniqueConstraint("kind", "slug"),
        sa.Index(None, "kind", "position", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(20))
    """One of ``shapes.SHAPES``."""
    slug: Mapped[str] = mapped_column(sa.String(40))
    """Its address within its kind; holds no name of a person. The treatment page's is its language."""
    language: Mapped[str] = mapped_column(sa.String(20))
    """The language it is written in."""
    position: Mapped[int]
    """Its place among its kind, the smallest first."""
    version: Mapped[int]
    """Counts every change, those of place and permission included; a change names the one its author saw."""
    newest: Mapped[int] = mapped_column(default=0)
    """The number of its newest version."""
    published: Mapped[int | None]
    """The number of the version that visitors see; None while it is not published."""
    published_at: Mapped[datetime | None]
    """When that version was published."""
    first_published_at: Mapped[datetime | None]
    """When visitors first saw it."""
    region: Mapped[str | None] = mapped_column(sa.String(20))
    """A case's region of injury, as published: what visitors filter by."""
    completeness: Mapped[str | None] = mapped_column(sa.String(20))
    """A case's completeness, as published: what visitors filter by."""

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let every UPDATE name the version it changes."""
        return {"version_id_col": cls.__table__.c.version}


class ContentVersion(Base):
    """One version of an item. It is never changed; a change is a new one."""

    __tablename__ = "content_versions"
    __table_args__ = (sa.UniqueConstraint("item_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("content_items.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Counts an item's versions from 1."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    """When it was saved."""
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="SET NULL"))
    """Who wrote it; None for what came with the site."""
    published_at: Mapped[datetime | None]
    """When it was first published."""
    note_sealed: Mapped[bytes]
    plain_sealed: Mapped[bytes]

    note: Any = Sealed()
    """What changed, in its author's words."""
    plain: Any = Sealed()
    """The body: a patient's story is personal until, and after, it is published."""

    def body(self, kind: str) -> Body:
        """Return the body in the shape of its item's kind."""
        return from_plain(kind, self.plain)

    def write(self, body: Body) -> None:
        """Keep a body; the row's id must be set."""
        self.plain = to_plain(body)


class PublicationPermission(Base):
    """A person's permission to publish what tells of them. Withdrawn ones stay on record."""

    __tablename__ = "publication_permissions"
    __table_args__ = (
        choice_check("basis", BASES),
        sa.Index(None, "item_id", "recorded_at"),
        # An item has one permission in force at the most; a new one takes the place of the former.
        index_of_some(
            "uq_publication_permissions_in_force", "item_id", where="withdrawn_at IS NULL", unique=True
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("content_items.id", ondelete="CASCADE"))
    basis: Mapped[str] = mapped_column(sa.String(20))
    """How it was given: one of ``vocabulary.BASES``."""
    given_on: Mapped[date | None]
    """The day it was given; None where it is not known, as with what the clinic's page publishes."""
    ends_on: Mapped[date | None]
    """The last day it holds; None if it has no end."""
    document_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey(StoredFile.id))
    """The stored document that shows it."""
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    """When staff recorded it."""
    recorded_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="SET NULL"))
    """Who recorded it; None for what came with the site."""
    withdrawn_at: Mapped[datetime | None]
    """When it was withdrawn."""
    withdrawn_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="SET NULL"))
    """Who recorded the withdrawal."""
    terms_sealed: Mapped[bytes]

    terms: Any = Sealed()
    """``given_by`` (whose permission), ``shown_name`` (how the name is shown, empty for none), ``covers``
    (keys of ``vocabulary.COVERS``), ``document_place`` (where a paper is kept) and ``note``."""

    def holds_on(self, day: date) -> bool:
        """Return whether it is in force on a day."""
        return self.withdrawn_at is None and (self.ends_on is None or day <= self.ends_on)


class ContentState(Base):
    """One row that counts every change of what visitors see: pages kept rendered are kept by its number."""

    __tablename__ = "content_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Always 1."""
    revision: Mapped[int]
    """Grows with every change."""


class StarterLoad(Base):
    """A part of the starter content that was loaded: it is never loaded again, whatever became of it."""

    __tablename__ = "starter_loads"

    name: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    """Its path among the starter content."""
    loaded_at: Mapped[datetime] = mapped_column(default=now)
