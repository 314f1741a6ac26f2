"""Handles of invitations and sessions: what a form holds in place of a row id."""

from collections.abc import Iterable
from typing import TypeVar

from app.accounts.models import Invitation, StaffSession
from app.core.crypto import keyring

HANDLE_LENGTH = 16
"""Hexadecimal digits: 64 bits."""

Row = TypeVar("Row", Invitation, StaffSession)


def form_handle(row: Invitation | StaffSession) -> str:
    """Return the handle of a row, under the newest key."""
    return keyring().blind_index(row.__tablename__, str(row.id)).hex()[:HANDLE_LENGTH]


def with_handle(rows: Iterable[Row], handle: str | None) -> Row | None:
    """Return the one of ``rows`` that a form names, None if it names none of them."""
    for row in rows:
        indexes = keyring().blind_indexes(row.__tablename__, str(row.id))
        if handle in {index.hex()[:HANDLE_LENGTH] for index in indexes}:
            return row
    return None
