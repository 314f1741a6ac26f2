"""An inquiry, what happened to it, and how it is found again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.core.clock import now
from app.core.crypto import Sealed
from app.core.database import Base, choice_check, index_of_some, new_id
from app.core.terms import COMPLETENESS, INJURY_REGION, LEVELS
from app.inquiries.vocabulary import (
    CHANNEL,
    CONTACT_CHANNEL,
    CONTACT_OUTCOME,
    FILLING_IN,
    HELPER_AUTHORITY,
    REASON,
    STATUS,
)

EVENT_KINDS = ("sent", "moved", "noted", "changed", "assigned", "follow_up", "contacted", "answered")
LOOKUP_KINDS = ("email", "phone", "name_word", "name_start", "hint")
CONSENT_KINDS = ("consent_processing", "understands_limits")
FILTERS = (
    "sent_at",
    "id",
    "status",
    "owner_id",
    "country",
    "answer_language",
    "injury_region",
    "injury_level",
    "completeness",
    "injury_year",
    "injury_month",
    "suspicious",
    "first_answered_at",
    "answer_due_at",
    "waiting_since",
    "follow_up_on",
)
"""Columns that the queue is filtered by."""


def order_with_filters(name: str, column: str) -> sa.Index:
    """Return the index of an order of the queue that not every inquiry has a place in."""
    others = (each for each in FILTERS if each not in {column, "id"})
    return index_of_some(name, column, "id", *others, where=f"{column} IS NOT NULL")


class Inquiry(Base):
    """What one person asked, and where it stands."""

    __tablename__ = "inquiries"
    __table_args__ = (
        choice_check("status", STATUS),
        choice_check("channel", CHANNEL),
        choice_check("filling_in", FILLING_IN),
        choice_check("injury_region", INJURY_REGION),
        choice_check("injury_level", LEVELS),
        choice_check("completeness", COMPLETENESS),
        choice_check("reason", REASON),
        sa.Index(None, "status", "sent_at", "id"),
        sa.Index(None, "owner_id", "status", "sent_at", "id"),
        sa.Index(None, "country", "sent_at", "id"),
        sa.Index(None, "suspicious", "status", "sent_at", "id"),
        sa.Index(None, "answer_language"),
        sa.Index(None, "injury_level"),
        sa.Index(None, "first_answered_at", "status", "answer_due_at"),
        sa.Index(None, "hints_version"),
        sa.Index(None, "suspicious", "sent_at"),
        sa.Index(None, "address_index", "sent_at"),
        # An order of the queue with all that it is filtered by: who looks through it reads this and no row.
        sa.Index("ix_inquiries_filters", *FILTERS),
        order_with_filters("ix_inquiries_waiting", "waiting_since"),
        order_with_filters("ix_inquiries_follow_up", "follow_up_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(sa.String(13), unique=True)
    """What people quote: ``SCI-XXXX-XXXX``."""
    form_key_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    """SHA-256 of the form's hidden key: one form makes one inquiry."""
    content_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    """Blind index of all answers, to tell a form sent twice from one that was changed in between."""
    version: Mapped[int]
    """Counts changes; a change names the version that its author saw."""
    status: Mapped[str] = mapped_column(sa.String(20), default="new")
    """Where it stands; moved by ``workflow`` only."""
    sent_at: Mapped[datetime] = mapped_column(default=now)
    """When the person sent it."""
    page_language: Mapped[str] = mapped_column(sa.String(20))
    """The language of the page that it was sent from."""
    treatment_version: Mapped[str] = mapped_column(sa.String(40))
    """The version of the treatment page that it was sent beside."""
    # The defaults are for processes of the release before, while an upgrade is under way.
    channel: Mapped[str] = mapped_column(sa.String(10), server_default="form")
    """How it came."""
    marks: Mapped[list[str] | None]
    """What speaks for a machine as the sender: keys of ``vocabulary.MARKS``. None from the release before."""
    suspicious: Mapped[bool] = mapped_column(server_default=sa.false())
    """Whether the marks are more than what people get too."""
    address_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    """Blind index of the network address that it was sent from, forgotten after a day."""
    filling_in: Mapped[str | None] = mapped_column(sa.String(20))
    """Who wrote it; a helper is anyone but ``self``. None until it is asked by phone."""
    country: Mapped[str] = mapped_column(sa.String(2))
    """Country of residence, ISO 3166 alpha-2."""
    injury_region: Mapped[str | None] = mapped_column(sa.String(20))
    """Region of the spine, or ``unknown``. None until it is asked by phone."""
    injury_level: Mapped[str | None] = mapped_column(sa.String(4))
    """Neurological level as the person was told it."""
    completeness: Mapped[str | None] = mapped_column(sa.String(20))
    """Complete or incomplete, as the person was told it."""
    injury_year: Mapped[int | None]
    """Year of the injury."""
    injury_month: Mapped[int | None]
    """Month of the injury, 1 to 12."""
    answer_language: Mapped[str | None] = mapped_column(sa.String(20))
    """The language to answer in: the one that was asked for, else that of the page."""
    owner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="SET NULL"))
    """Which member of staff sees to it; None while nobody does."""
    follow_up_on: Mapped[date | None]
    """The day on which somebody should look at it again."""
    reason: Mapped[str | None] = mapped_column(sa.String(30))
    """Why it is closed or was declined."""
    waiting_since: Mapped[datetime | None]
    """Since when the person waits for us; None while it is the person's turn, or nobody waits."""
    answer_due_at: Mapped[datetime | None]
    """When the first answer that the site promises is overdue."""
    first_answered_at: Mapped[datetime | None]
    """When the person was first answered, by mail, or reached on the phone."""
    overdue_told_on: Mapped[date | None]
    """The day on which the team was last told by mail that the first answer is overdue."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether it was made by ``flask demo load``: no person waits behind it."""
    hints_version: Mapped[int] = mapped_column(server_default="0")
    """The version of the rules that its hints were found by; lower ones are looked at again."""
    answers_sealed: Mapped[bytes]
    hints_sealed: Mapped[bytes | None]

    answers: Any = Sealed()
    """All other answers, by their names in ``Answers``."""
    hints: Any = Sealed()
    """What staff should see of it at once: lists of kind, version of the rule, and the answer it rests on."""

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let every UPDATE name the version it changes."""
        return {"version_id_col": cls.__table__.c.version}


class Consent(Base):
    """A box that the person ticked, with the words that stood beside it."""

    __tablename__ = "consents"
    __table_args__ = (
        choice_check("kind", CONSENT_KINDS),
        choice_check("given_by", FILLING_IN),
        choice_check("authority", HELPER_AUTHORITY),
    )

    inquiry_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    """The box's name in the form."""
    version: Mapped[str] = mapped_column(sa.String(40))
    """The version of its text."""
    text: Mapped[str] = mapped_column(sa.Text)
    """The words as they were read."""
    given_at: Mapped[datetime] = mapped_column(default=now)
    """When the form with the ticked box was sent, or when it was read out and agreed to."""
    given_by: Mapped[str | None] = mapped_column(sa.String(20))
    """Who ticked it; None until it is asked by phone."""
    authority: Mapped[str | None] = mapped_column(sa.String(20))
    """On what ground a helper ticked it for the injured person."""


class InquiryLookup(Base):
    """A blind index of an e-mail address, a phone number or a word of a name."""

    __tablename__ = "inquiry_lookups"
    __table_args__ = (choice_check("kind", LOOKUP_KINDS), sa.Index(None, "inquiry_id"))

    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    """What was indexed."""
    index: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    """Its blind index."""
    inquiry_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True
    )


class InquiryEvent(Base):
    """A line of an inquiry's timeline."""

    __tablename__ = "inquiry_events"
    __table_args__ = (
        choice_check("kind", EVENT_KINDS),
        choice_check("reason", REASON),
        choice_check("channel", CONTACT_CHANNEL),
        choice_check("outcome", CONTACT_OUTCOME),
        sa.Index(None, "inquiry_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    inquiry_id: Mapped[UUID] = mapped_column(sa.ForeignKey("inquiries.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=now)
    """When it happened."""
    staff_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="SET NULL"))
    """Who did it; None for the person who sent the inquiry."""
    kind: Mapped[str] = mapped_column(sa.String(20))
    """What happened."""
    status: Mapped[str | None] = mapped_column(sa.String(20))
    """The status that a move went to."""
    version: Mapped[int | None]
    """The version of the inquiry that came of it; None from the release before."""
    to_staff_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="SET NULL"))
    """Who it was given to; None where it was given back to all."""
    mentioned: Mapped[list[str] | None]
    """The ids of colleagues that a note was pointed out to."""
    reason: Mapped[str | None] = mapped_column(sa.String(30))
    """Why it was closed or declined."""
    day: Mapped[date | None]
    """The day that a follow-up was set to; None where it was taken away."""
    channel: Mapped[str | None] = mapped_column(sa.String(10))
    """How the person was in contact with us."""
    outcome: Mapped[str | None] = mapped_column(sa.String(20))
    """What came of a contact."""
    mail_id: Mapped[UUID | None]
    """The outbox's mail that carried an answer. No foreign key: mails are deleted earlier."""
    text_sealed: Mapped[bytes | None]

    text: Any = Sealed()
    """The words of a note, a hand-over or an answer; of a change, the answers as they were before."""


class InquiryLook(Base):
    """When a member of staff last looked at an inquiry: what came since is marked for that person."""

    __tablename__ = "inquiry_looks"
    __table_args__ = (sa.Index(None, "inquiry_id"),)

    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    inquiry_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int]
    """The version of the inquiry that was seen."""
    at: Mapped[datetime] = mapped_column(default=now)
    """When it was looked at."""


class DigestMark(Base):
    """That a member of staff was sent the overview of a day, or had nothing in it: it is not sent twice."""

    __tablename__ = "digest_marks"

    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    """The day in the site's zone."""


class ReplyTemplate(Base):
    """Words that answers to people begin with, kept by administrators. Holds nothing personal."""

    __tablename__ = "reply_templates"
    __table_args__ = (choice_check("status", STATUS), sa.Index(None, "language", "status"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(sa.String(16), unique=True)
    """What its address names."""
    version: Mapped[int]
    """Counts changes; a change names the version that its author saw."""
    name: Mapped[str] = mapped_column(sa.String(120))
    """What staff choose it by."""
    status: Mapped[str | None] = mapped_column(sa.String(20))
    """Where inquiries stand that it is offered for; None for all."""
    language: Mapped[str] = mapped_column(sa.String(20))
    """The language it is written in."""
    text: Mapped[str] = mapped_column(sa.Text)
    """The words, with placeholders."""
    changed_at: Mapped[datetime] = mapped_column(default=now)
    """When it was last changed."""
    changed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="SET NULL"))
    """Who changed it last."""

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let every UPDATE name the version it changes."""
        return {"version_id_col": cls.__table__.c.version}


class Draft(Base):
    """An inquiry that somebody has begun and not sent. Nobody but that person can see it."""

    __tablename__ = "drafts"
    __table_args__ = (sa.Index(None, "ends_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    form_key_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    """SHA-256 of the key of the form that it is."""
    code_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), unique=True)
    """SHA-256 of the code that leads back to it, once somebody asked for one."""
    version: Mapped[int]
    """Counts changes."""
    path: Mapped[str] = mapped_column(sa.String(10))
    """Whether it is filled in on one page (``form``) or step by step (``steps``)."""
    page_language: Mapped[str] = mapped_column(sa.String(20))
    """The language it is filled in."""
    saved_at: Mapped[datetime] = mapped_column(default=now)
    """When it was last changed."""
    ends_at: Mapped[datetime]
    """When it is deleted."""
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    """When its owner is reminded; None if there is no address, or the reminder went out."""
    content_sealed: Mapped[bytes]

    content: Any = Sealed()
    """``form_key``, ``values`` (each field's name to its texts), ``treatment_version``, ``code``
    and ``recipient`` (where the link was mailed to).
    """

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let every UPDATE name the version it changes."""
        return {"version_id_col": cls.__table__.c.version}
