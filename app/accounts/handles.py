"""Handles of staff: what an address line may hold in place of a person's name, address or row id."""

import hmac

import sqlalchemy as sa

from app.accounts.models import User
from app.core.crypto import keyring
from app.core.database import db

KIND = "staff handle"
HANDLE_LENGTH = 16
"""Hexadecimal digits: 64 bits, so that two members of staff never share a handle."""


def handle_of(user: User) -> str:
    """Return the handle of a member of staff, under the newest key."""
    return keyring().blind_index(KIND, str(user.id)).hex()[:HANDLE_LENGTH]


def user_of_handle(text: str) -> User | None:
    """Return the member of staff with this handle, made under any of the keys; None if there is none.

    Each account's handle is computed: a network's staff are few, and nothing has to be kept for it.
    """
    typed = text.strip().lower().encode()
    for user_id in db.session.scalars(sa.select(User.id)):
        for index in keyring().blind_indexes(KIND, str(user_id)):
            if hmac.compare_digest(index.hex()[:HANDLE_LENGTH].encode(), typed):
                return db.session.get(User, user_id)
    return None
