"""The chain: every entry of the record gets a link, which covers the entry and the link before it.

Links are not made by who adds an entry but soon afterwards, by the worker. A chain has one end, so that
writers who each had to add to it would wait for one another, and a visitor's inquiry for a colleague's
reading. Until then an entry is protected by its own seal; what nobody can see is that one was deleted in
these seconds.

A link's digest is plain SHA-256 and is sealed with the newest key. So each link vouches for everything
before it, whatever keys those entries were sealed with, and keys can be changed.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit.models import DIGEST_BYTES, AuditEntry, AuditLink
from app.audit.queries import earliest_id
from app.audit.rows import Entry, UnreadableError, entry_in, raw_entry
from app.audit.seals import encoded, is_right, keys, seal_of
from app.core.clock import now
from app.core.crypto import KEY_ID_BYTES
from app.core.database import db

BATCH = 1000
EVERY_SECONDS = 5.0
LATEST = timedelta(hours=1)
"""A transaction that commits later than this after it made an entry is found by the hourly look at all."""
WITHOUT_SEAL = timedelta(days=1)
"""Processes of the release that made no seals may go on so long beside those that do, during an upgrade."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the next link is made of."""

    position: int
    digest: bytes
    seal: bytes


START = Link(0, bytes(DIGEST_BYTES), b"")


def link_new() -> int:
    """Link entries that were added lately, at most ``BATCH``; return how many."""
    newest = db.session.scalar(sa.select(AuditLink.entry_id).order_by(AuditLink.entry_id.desc()).limit(1))
    return link(newest and earliest_id(time_of(newest) - LATEST))


def link_all() -> int:
    """Link every entry that has no link, however old; return how many."""
    count = 0
    while linked := link():
        count += linked
    return count


def link(first: UUID | None = None) -> int:
    """Give at most ``BATCH`` entries from ``first`` on their links, in order of id; return how many.

    Whoever else does so at the same moment takes the same position first; the entries are then left for the
    next time. A chain that ends with a seal of an unknown key is not continued: anybody could have made it
    anew, and a link that continues it would vouch for it.
    """
    before = last_link()
    entries = [] if is_of_unknown_key(before) else entries_to_link(first)
    links = []
    for entry in entries:
        digest = digest_of(before, encoded(entry), entry["seal"])
        before = Link(before.position + 1, digest, link_seal(before.position + 1, digest))
        links.append({**asdict(before), "entry_id": entry["id"]})
    if not links:
        db.session.rollback()
        return 0
    try:
        db.session.execute(sa.insert(AuditLink), links)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return 0
    return len(links)


def last_link() -> Link:
    """Return the end of the chain."""
    row = db.session.execute(
        sa.select(AuditLink.position, AuditLink.digest, AuditLink.seal)
        .order_by(AuditLink.position.desc())
        .limit(1)
    ).one_or_none()
    return START if row is None else Link(row.position, row.digest, row.seal)


def is_of_unknown_key(end: Link) -> bool:
    """Return whether the chain ends with a seal that cannot be checked here."""
    return end is not START and is_right(b"link", link_message(end.position, end.digest), end.seal) is None


def entries_to_link(first: UUID | None) -> list[Entry]:
    """Return at most ``BATCH`` entries that wait for the chain; those that were put in by hand never come.

    One with a seal of an unknown key waits until the key is configured here.
    """
    named_key = sa.func.substr(AuditEntry.seal, 1, KEY_ID_BYTES, type_=AuditEntry.seal.type)
    query = waiting(first).where(sa.or_(AuditEntry.seal.is_(None), named_key.in_(list(keys())))).limit(BATCH)
    rows = db.session.execute(query).all()
    if any(row.entry_seal is None for row in rows) and not takes_unsealed():
        rows = db.session.execute(query.where(AuditEntry.seal.is_not(None))).all()
    entries = []
    for row in rows:
        try:
            entries.append(entry_in(row))
        except UnreadableError:
            continue  # told by ``flask audit verify``
    return entries


def waiting(first: UUID | None = None) -> sa.Select[Any]:
    """Return a query of the entries, from ``first`` on, that have no link, in order of id."""
    linked = sa.select(AuditLink.position).where(AuditLink.entry_id == AuditEntry.id)
    entries = sa.select(*raw_entry()).order_by(AuditEntry.id)
    if first is not None:  # said of both, so that neither is read from its beginning
        linked = linked.where(AuditLink.entry_id >= first)
        entries = entries.where(AuditEntry.id >= first)
    return entries.where(~linked.exists())


def takes_unsealed() -> bool:
    """Return whether entries without a seal are still expected: until shortly after there were seals.

    Linking them seals them late.
    """
    sealed = sa.select(AuditEntry.at).where(AuditEntry.seal.is_not(None)).order_by(AuditEntry.id).limit(1)
    first = db.session.scalar(sealed)
    return first is None or now() - first < WITHOUT_SEAL


def digest_of(before: Link, content: bytes, seal: bytes | None) -> bytes:
    """Return the digest of an entry's link, of its encoded content and its seal."""
    hashed = hashlib.sha256(content).digest()
    return hashlib.sha256(before.digest + before.seal + hashed + (seal or b"")).digest()


def link_seal(position: int, digest: bytes) -> bytes:
    """Return the seal of a link under the newest key."""
    return seal_of(b"link", link_message(position, digest))


def link_message(position: int, digest: bytes) -> bytes:
    """Return what a link's seal covers."""
    return position.to_bytes(8, "big") + digest


def time_of(entry_id: UUID) -> datetime:
    """Return the moment that an entry's id holds, to the millisecond (RFC 9562, 5.7)."""
    return datetime.fromtimestamp((entry_id.int >> 80) / 1000, UTC)
