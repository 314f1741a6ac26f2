"""An inquiry, what happened to it, and how it is found again."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.core.clock import now
from app.core.crypto import Sealed
from app.core.database import Base, choice_check, new_id
from app.core.terms import COMPLETENESS, INJURY_REGION, LEVELS
from app.inquiries.vocabulary import CHANNEL, FILLING_IN, HELPER_AUTHORITY, STATUS

EVENT_KINDS = ("sent", "moved", "noted", "changed")
LOOKUP_KINDS = ("email", "phone", "name_word")
CONSENT_KINDS = ("consent_processing", "understands_limits")


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
        sa.Index(None, "sent_at", "id"),
        sa.Index(None, "suspicious", "sent_at"),
        sa.Index(None, "address_index", "sent_at"),
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
    answers_sealed: Mapped[bytes]

    answers: Any = Sealed()
    """All other answers, by their names in ``Answers``."""

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
    __table_args__ = (choice_check("kind", EVENT_KINDS), sa.Index(None, "inquiry_id", "at"))

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
    text_sealed: Mapped[bytes | None]

    text: Any = Sealed()
    """A note's words; of a change, the answers as they were before."""


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
