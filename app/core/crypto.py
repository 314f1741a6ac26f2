"""Encryption of personal fields at rest, and blind indexes to find them again.

A sealed value is ``0x01 | key id (4) | nonce (12) | AES-256-GCM ciphertext and tag``. Table, column and
row are its associated data, so a value moved to another row or column does not open. The newest key
writes, every key reads. Nonces are random 96-bit (NIST SP 800-38D, 8.2.2: change the key before 2^32
values). A blind index is a truncated HMAC-SHA256 under a key derived by HKDF (RFC 5869).
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

FORMAT = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
BLIND_INDEX_BYTES = 16
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
from_json = json.JSONDecoder().decode
"""Made once: ``json.dumps`` makes a new one for each value, and ``json.loads`` asks how each is encoded."""


class CannotOpenError(Exception):
    """A sealed value was altered, moved, or written with a key that is not configured."""


class Keyring:
    """The configured keys, newest first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take 32-byte keys; the first one writes."""
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}
        self._newest = key_id(keys[0])
        self._index_keys = [derive(key, b"blind index") for key in keys]
        self._proof_keys = [derive(key, b"proof of work") for key in keys]

    def seal(self, table: str, column: str, row: UUID, value: bytes) -> bytes:
        """Return ``value`` encrypted for exactly this table, column and row."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, value, place(table, column, row))
        return FORMAT + self._newest + nonce + sealed

    def open(self, table: str, column: str, row: UUID, sealed: bytes) -> bytes:
        """Return the value that ``seal`` was given; raise CannotOpenError if it is not from there."""
        identifier = sealed[1 : 1 + KEY_ID_BYTES]
        body = 1 + KEY_ID_BYTES + NONCE_BYTES
        cipher = self._ciphers.get(identifier)
        if sealed[:1] != FORMAT or cipher is None or len(sealed) < body:
            raise CannotOpenError(f"no key for a value in {table}.{column}")
        try:
            return cipher.decrypt(sealed[1 + KEY_ID_BYTES : body], sealed[body:], place(table, column, row))
        except InvalidTag:
            raise CannotOpenError(f"a value in {table}.{column} was altered or moved") from None

    @property
    def count(self) -> int:
        """Return how many keys there are."""
        return len(self._index_keys)

    def blind_index(self, kind: str, value: str) -> bytes:
        """Return the 16-byte index of ``value`` under the newest key."""
        return index_under(self._index_keys[0], kind, value)

    def blind_indexes(self, kind: str, value: str) -> list[bytes]:
        """Return the index of ``value`` under every key, newest first, for looking it up."""
        return [index_under(key, kind, value) for key in self._index_keys]

    def proof_keys(self) -> list[bytes]:
        """Return the keys that proofs of work are signed under, newest first."""
        return self._proof_keys


def key_id(key: bytes) -> bytes:
    """Return the 4 bytes that name a key inside a sealed value, derived so as to tell nothing of it."""
    return derive(key, b"key id")[:KEY_ID_BYTES]


def derive(key: bytes, purpose: bytes) -> bytes:
    """Return a 32-byte key for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def index_under(key: bytes, kind: str, value: str) -> bytes:
    """Return the index of ``value`` under one key."""
    return hmac.digest(key, f"{kind}\0{value}".encode(), "sha256")[:BLIND_INDEX_BYTES]


def place(table: str, column: str, row: UUID) -> bytes:
    """Return the associated data that binds a value to its place."""
    return f"{table}\0{column}\0{row}".encode()


def digest(text: str) -> bytes:
    """Return the SHA-256 of a random token, for storing instead of the token itself."""
    return hashlib.sha256(text.encode()).digest()


def init_crypto(app: Flask) -> None:
    """Make the keyring of the configured ``FIELD_KEYS``."""
    app.extensions["keyring"] = Keyring(app.config["FIELD_KEYS"])


def keyring() -> Keyring:
    """Return the current application's keyring."""
    return cast(Keyring, current_app.extensions["keyring"])


def sealed_value(table: str, column: str, row: UUID, value: Any) -> bytes | None:
    """Return a JSON value as ``Sealed`` keeps it in a column of a row; None for None."""
    if value is None:
        return None
    plain = as_json(value).encode()
    return keyring().seal(table, column, row, plain)


class Sealed:
    """A model attribute of JSON values, kept encrypted in the column ``<name>_sealed``.

    The row's ``id`` must be set before the attribute is. None is stored as NULL.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the column that holds the sealed bytes."""
        self.column = f"{name}_sealed"

    def __get__(self, row: Any, owner: Any) -> Any:
        """Return the opened value."""
        if row is None:
            return self
        sealed = getattr(row, self.column)
        if sealed is None:
            return None
        return from_json(keyring().open(owner.__tablename__, self.column, row.id, sealed).decode())

    def __set__(self, row: Any, value: Any) -> None:
        """Seal ``value`` for this row."""
        setattr(row, self.column, sealed_value(type(row).__tablename__, self.column, row.id, value))
