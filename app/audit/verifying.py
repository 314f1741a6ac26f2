"""Holding the record against its seals and its chain, batch by batch: what it takes does not grow with it.

Found are: an entry that was altered in any column, added without a seal, or taken out; a link that was
altered or taken out. Not found are, without a position and digest that were noted elsewhere: that the end was
cut off; and what whoever holds the site's keys makes anew.
"""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.audit.chain import START, Link, digest_of, link_message, takes_unsealed, waiting
from app.audit.models import AuditEntry, AuditLink
from app.audit.rows import UnreadableError, bytes_in, entry_in, raw, raw_entry
from app.audit.seals import encoded, is_right
from app.core.database import db

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    kind: str
    """A key of ``cli.FAULTS``."""
    position: int | None = None
    """The place in the chain; None for an entry that has none."""
    entry_id: str = ""
    at: datetime | None = None
    """When the entry says that it was made, where that can be read."""
    last: int | None = None
    """The last position of a gap."""


@dataclass(slots=True)
class Verified:
    """What was found."""

    end: Link = START
    """The last link of the chain."""
    linked: int = 0
    waiting: int = 0
    """Entries that have no link yet."""
    faults: int = 0
    other_keys: int = 0
    """Entries sealed with a key that is not configured any more: only the chain vouches for them."""
    unsealed: int = 0
    """Entries from before there were seals, which were sealed when they were linked."""
    expected_digest: bytes | None = None
    """The digest at the position that was asked about; None if the chain has none there."""


Tell = Callable[[Fault], None]
Step = Callable[[int], None]


def verify(tell: Tell, step: Step, expected_position: int | None = None) -> Verified:
    """Read the whole record; ``tell`` is called with each fault, ``step`` with how many rows were read."""
    found = Verified()

    def note(fault: Fault) -> None:
        found.faults += 1
        tell(fault)

    for rows in batches(links(), "position"):
        entries = entries_of(rows)
        for row in rows:
            found.end = verified_link(row, entries.get(row.named_id), found, note)
            found.linked += 1
            if row.position == expected_position:
                found.expected_digest = bytes_in(row.digest)
        step(len(rows))
    if found.end is not START and is_right(b"link", link_message(*place(found.end)), found.end.seal) is None:
        note(Fault("unknown_end", found.end.position))
    for rows in batches(waiting(), "entry_id"):
        for row in rows:
            verify_waiting(row, note)
        found.waiting += len(rows)
        step(len(rows))
    return found


def rows_to_read() -> int:
    """Return about how many rows ``verify`` reads."""
    entries = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    linked = db.session.scalar(sa.select(sa.func.count()).select_from(AuditLink)) or 0
    db.session.rollback()
    return max(entries, linked)


def links() -> sa.Select[Any]:
    """Return a query of the links in their order."""
    named_id, digest, seal = AuditLink.entry_id, AuditLink.digest, AuditLink.seal
    columns = (raw(named_id, "named_id"), raw(digest, "digest"), raw(seal, "seal"))
    return sa.select(AuditLink.position, *columns).order_by(AuditLink.position)


def entries_of(rows: Sequence[sa.Row[Any]]) -> dict[Any, sa.Row[Any]]:
    """Return the entries that links name, by id. Not by a join: an engine might read all for each batch."""
    named_id = raw(AuditEntry.id, "entry_id").element
    wanted = sa.select(*raw_entry()).where(named_id.in_([row.named_id for row in rows]))
    entries = {row.entry_id: row for row in db.session.execute(wanted)}
    db.session.rollback()
    return entries


def batches(query: sa.Select[Any], key: str) -> Iterator[list[sa.Row[Any]]]:
    """Read a query by keyset in short transactions, so that who writes meanwhile waits for nothing."""
    column = AuditLink.position if key == "position" else raw(AuditEntry.id, key).element
    following = query
    while rows := list(db.session.execute(following.limit(BATCH))):
        db.session.rollback()
        yield rows
        following = query.where(column > getattr(rows[-1], key))
    db.session.rollback()


def verified_link(row: sa.Row[Any], entry_row: sa.Row[Any] | None, found: Verified, note: Tell) -> Link:
    """Check a link and its entry; return the link as the next one should continue it."""
    before: Link | None = found.end
    if row.position != found.end.position + 1:
        note(Fault("gap", found.end.position + 1, last=row.position - 1))
        before = None  # what the link continues is not there to compare with
    digest, seal = bytes_in(row.digest), bytes_in(row.seal)
    if is_right(b"link", link_message(row.position, digest), seal) is False:
        note(Fault("link", row.position, shown(row.named_id)))
    if entry_row is None:
        note(Fault("missing", row.position, shown(row.named_id)))
        return Link(row.position, digest, seal)
    try:
        entry = entry_in(entry_row)
    except UnreadableError:
        note(Fault("altered", row.position, shown(row.named_id)))
        return Link(row.position, digest, seal)
    content = encoded(entry)
    continues = before is None or hmac.compare_digest(digest, digest_of(before, content, entry["seal"]))
    if is_altered(entry["seal"], content, continues, found):
        note(Fault("altered", row.position, str(entry["id"]), entry["at"]))
    elif not continues:
        note(Fault("break", row.position, str(entry["id"]), entry["at"]))
    return Link(row.position, digest, seal)


def is_altered(seal: bytes | None, content: bytes, continues: bool, found: Verified) -> bool:
    """Return whether an entry is not as it was: by its own seal, or else by the chain."""
    right = is_right(b"entry", content, seal) if seal is not None else None
    if right is not None:
        return not right
    if seal is None:
        found.unsealed += 1
    else:
        found.other_keys += 1
    return not continues


def verify_waiting(row: sa.Row[Any], note: Tell) -> None:
    """Check an entry that has no link yet, by its seal."""
    try:
        entry = entry_in(row)
    except UnreadableError:
        note(Fault("altered", entry_id=shown(row.entry_id)))
        return
    if entry["seal"] is None:
        kind = None if takes_unsealed() else "unsealed"
    else:
        right = is_right(b"entry", encoded(entry), entry["seal"])
        kind = {True: None, False: "altered", None: "unknown_key"}[right]
    if kind is not None:
        note(Fault(kind, entry_id=str(entry["id"]), at=entry["at"]))


def place(link: Link) -> tuple[int, bytes]:
    """Return what a link's seal covers."""
    return link.position, link.digest


def shown(value: Any) -> str:
    """Return an id as it stands in the database, in the usual form where it has one."""
    try:
        return str(value if isinstance(value, UUID) else UUID(value))
    except (ValueError, TypeError, AttributeError):
        return "?"
