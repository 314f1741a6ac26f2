"""How an inquiry came, and what speaks for a machine as its sender."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.core.crypto import keyring
from app.core.database import db
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


def floods(keys: int) -> dict[str, sa.Select[UUID]]:
    """Return what counts towards each mark of a flood: what came from a network, named an address, or came
    at all. Its parameters are ``flood_values``, with so many keys for blind indexes.
    """
    of_address = InquiryLookup.index.in_(parameters("email_index", keys))
    named = sa.select(InquiryLookup.inquiry_id).where(InquiryLookup.kind == "email", of_address)
    return {
        "many_from_address": sa.select(Inquiry.id).where(
            Inquiry.address_index.in_(parameters("address_index", keys)),
            Inquiry.sent_at > sa.bindparam("an_hour_ago"),
        ),
        "many_to_email": sa.select(Inquiry.id).where(
            Inquiry.id.in_(named), Inquiry.sent_at > sa.bindparam("a_day_ago")
        ),
        "many_at_once": sa.select(Inquiry.id).where(Inquiry.sent_at > sa.bindparam("a_moment_ago")),
    }


def parameters(name: str, keys: int) -> list[sa.BindParameter[bytes]]:
    """Return the parameters of an index under each key."""
    return [sa.bindparam(f"{name}_{number}", type_=sa.LargeBinary) for number in range(keys)]


def flood_limits(arrival: Arrival) -> dict[str, int]:
    """Return how many there may be of each of ``floods``."""
    return {
        "many_from_address": UNPROVEN_FROM_ADDRESS if "no_proof" in arrival.marks else FROM_ADDRESS,
        "many_to_email": TO_EMAIL,
        "many_at_once": AT_ONCE,
    }


def flood_values(arrival: Arrival, email: str) -> dict[str, Any]:
    """Return the parameters of ``floods``; what is not known is not there, and nothing came from it."""
    moment = now()
    unknown: list[bytes | None] = [None] * keyring().count
    emails = keyring().blind_indexes(*email_value(email)) if email else unknown
    return {
        "an_hour_ago": moment - HOUR,
        "a_day_ago": moment - DAY,
        "a_moment_ago": moment - MOMENT,
        **{
            f"address_index_{number}": index
            for number, index in enumerate(arrival.address_indexes or unknown)
        },
        **{f"email_index_{number}": index for number, index in enumerate(emails)},
    }


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
