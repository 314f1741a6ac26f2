"""Seals of the audit record: what only who holds the site's keys can make.

A seal is ``key id (4) | HMAC-SHA256 (32)``, under a key derived from one of ``FIELD_KEYS``. The newest key
seals, every configured one is checked with, so that keys can be changed without touching the record.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any, cast

from flask import Flask, current_app

from app.core.crypto import KEY_ID_BYTES, derive, key_id

PURPOSE = b"audit"
TEXTS = ("actor", "address", "action", "object_type")
IDS = ("id", "staff_id", "object_id")
SEALED = (*IDS, "at", *TEXTS, "details")
"""The columns of an entry that its seal covers: all but the seal."""


def init_seals(app: Flask) -> None:
    """Derive the record's keys from the configured ones, newest first."""
    app.extensions["audit_keys"] = {key_id(key): derive(key, PURPOSE) for key in app.config["FIELD_KEYS"]}


def encoded(entry: Mapping[str, Any]) -> bytes:
    """Return an entry's columns as the same bytes on every engine and in every release.

    Columns that are NULL are left out, so that a later release can add one without breaking older seals.
    """
    parts: dict[str, Any] = {name: entry[name] for name in TEXTS}
    parts |= {name: entry[name] and str(entry[name]) for name in IDS}
    parts["at"] = entry["at"].astimezone(UTC).isoformat(timespec="microseconds")
    parts["details"] = entry["details"]
    kept = {name: value for name, value in parts.items() if value is not None}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()


def seal_of(kind: bytes, message: bytes) -> bytes:
    """Return the seal of a message under the newest key; ``kind`` keeps seals of one thing off another."""
    identifier, key = next(iter(keys().items()))
    return identifier + hmac.digest(key, kind + b"\0" + message, "sha256")


def is_right(kind: bytes, message: bytes, seal: bytes) -> bool | None:
    """Return whether a seal is this message's; None if its key is not configured."""
    key = keys().get(seal[:KEY_ID_BYTES])
    if key is None:
        return None
    return hmac.compare_digest(seal[KEY_ID_BYTES:], hmac.digest(key, kind + b"\0" + message, "sha256"))


def keys() -> dict[bytes, bytes]:
    """Return the record's keys by their ids, newest first."""
    return cast(dict[bytes, bytes], current_app.extensions["audit_keys"])
