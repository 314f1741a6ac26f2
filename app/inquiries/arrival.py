"""How an inquiry came, and what speaks for a machine as its sender."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.core.crypto import keyring
from app.core.database import db
from app.core.limits import reached
from app.core.networks import network_of
from app.inquiries.lookup import email_value
from app.inquiries.models import CONSENT_KINDS, Inquiry, InquiryLookup

FROM_ADDRESS = 5
"""So many an hour may come from one network address; a clinic or a household shares one."""
UNPROVEN_FROM_ADDRESS = 2
"""So many of them without the proof that script makes."""
TO_EMAIL = 3
"""So many a day may name one e-mail address; each of them writes to it."""
AT_ONCE = 60
"""So many may come within ``MOMENT`` from everywhere."""
MOMENT = timedelta(minutes=10)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOT_ALONE = frozenset({"no_proof", "hasty"})
"""Marks that people get too, each alone: without script, or with a browser that fills in the form."""
OF_A_FLOOD = frozenset({"many_from_address", "many_to_email", "many_at_once"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is kept of how an inquiry came, besides its answers."""

    page_language: str
    treatment_version: str
    channel: str = "form"
    """A key of ``vocabulary.CHANNEL``."""
    agreed: tuple[str, ...] = CONSENT_KINDS
    """The boxes that were ticked."""
    address: str | None = None
    """The network address of a visitor; only a blind index of it is kept, for a day."""
    marks: tuple[str, ...] = ()
    """Keys of ``vocabulary.MARKS``."""

    @property
    def is_suspicious(self) -> bool:
        """Return whether the marks are more than what people get too."""
        found = set(self.marks)
        return bool(found - NOT_ALONE) or found >= NOT_ALONE

    @property
    def address_indexes(self) -> list[bytes]:
        """Return the blind indexes of the network that it came from, under every key; none if unknown."""
        return keyring().blind_indexes("address", network_of(self.address)) if self.address else []


def with_floods_marked(arrival: Arrival, email: str) -> Arrival:
    """Return an arrival with the marks of every limit that is reached: one statement."""
    allowed = UNPROVEN_FROM_ADDRESS if "no_proof" in arrival.marks else FROM_ADDRESS
    limits = {
        "many_from_address": (allowed, from_network(arrival.address_indexes)),
        "many_to_email": (TO_EMAIL, to_email(email)),
        "many_at_once": (AT_ONCE, sa.select(Inquiry.id).where(Inquiry.sent_at > now() - MOMENT)),
    }
    return replace(arrival, marks=(*arrival.marks, *reached(limits)))


def from_network(indexes: list[bytes]) -> sa.Select[UUID]:
    """Return a query of what came from a network within the last hour."""
    return sa.select(Inquiry.id).where(Inquiry.address_index.in_(indexes), Inquiry.sent_at > now() - HOUR)


def to_email(email: str) -> sa.Select[UUID]:
    """Return a query of what named an e-mail address within the last day."""
    indexes = keyring().blind_indexes(*email_value(email)) if email else []
    named = sa.select(InquiryLookup.inquiry_id).where(
        InquiryLookup.kind == "email", InquiryLookup.index.in_(indexes)
    )
    return sa.select(Inquiry.id).where(Inquiry.id.in_(named), Inquiry.sent_at > now() - DAY)


def forget_addresses() -> int:
    """Take the network address out of every inquiry older than a day, and return how many had one."""
    forgotten = db.session.execute(
        sa.update(Inquiry)
        .where(Inquiry.address_index.is_not(None), Inquiry.sent_at < now() - DAY)
        .values(address_index=None),
        execution_options={"synchronize_session": False},
    )
    db.session.commit()
    return int(forgotten.rowcount)  # type: ignore[attr-defined]
