"""Where a page of the record begins, as an address may hold it: an entry's id, sealed."""

import base64
from uuid import UUID

from app.core.crypto import CannotOpenError, keyring

ROW = UUID(int=0)


def place_text(entry_id: UUID) -> str:
    """Return what an address holds in place of an entry's id."""
    sealed = keyring().seal("audit_entries", "page", ROW, entry_id.bytes)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def place_in(text: str | None) -> UUID | None:
    """Return the entry that an address names; None if it names none."""
    try:
        sealed = base64.urlsafe_b64decode(f"{text or ''}==")
        return UUID(bytes=keyring().open("audit_entries", "page", ROW, sealed))
    except (ValueError, CannotOpenError):
        return None
