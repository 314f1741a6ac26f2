"""Removing stored content that no row speaks of: its transaction was rolled back."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

import sqlalchemy as sa

from app.core.clock import now
from app.core.database import db
from app.files.blobs import key_of
from app.files.models import StoredFile
from app.files.storage import storage

UNTOUCHED_FOR = timedelta(days=1)
"""Younger content may belong to a transaction that is still open."""
BATCH = 500
"""How many keys are looked up by one query."""


def sweep() -> int:
    """Remove content without a row and writings never finished, older than a day; return how many."""
    before = now() - UNTOUCHED_FOR
    swept = storage().tidy(before)
    for keys in batches(storage().keys(before)):
        for key in keys - known(keys):
            storage().delete(key)
            swept += 1
    return swept


def known(keys: set[str]) -> set[str]:
    """Return the keys that have a row."""
    ids = [UUID(hex=key) for key in keys]
    return {key_of(row) for row in db.session.scalars(sa.select(StoredFile.id).where(StoredFile.id.in_(ids)))}


def batches(keys: Iterator[str]) -> Iterator[set[str]]:
    """Return ``keys`` in sets of up to ``BATCH``."""
    while batch := set(islice(keys, BATCH)):
        yield batch
