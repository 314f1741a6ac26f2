"""Keeping files, and reading any part of them.

Content is cut into chunks of 64 KiB, each sealed for its file and number: what is altered, swapped, moved
or cut short does not open, and one chunk is all that is ever held. A sealed chunk is longer by the same
33 bytes (``app/core/crypto.py``), so where it lies follows from its number.
"""

import hashlib
import io
from collections.abc import Iterator
from typing import Any, BinaryIO
from uuid import UUID

from app.core.crypto import FORMAT, KEY_ID_BYTES, NONCE_BYTES, CannotOpenError, Keyring, keyring
from app.core.database import db, new_id
from app.files.models import StoredFile
from app.files.storage import Storage, storage

CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
ADDED_BYTES = len(FORMAT) + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES


def keep(source: BinaryIO, media_type: str, name: str = "") -> StoredFile:
    """Keep what ``source`` holds from its start, and add its row to the session without a commit.

    Raises StorageUnavailableError, and then nothing is kept. Content whose row was rolled back is removed
    by ``flask files sweep``.
    """
    file = StoredFile(id=new_id(), media_type=media_type)
    ring, digest, size = keyring(), hashlib.sha256(), 0

    def sealed_chunks() -> Iterator[bytes]:
        nonlocal size
        for number, chunk in enumerate(chunks_of(source)):
            digest.update(chunk)
            size += len(chunk)
            yield ring.seal("files", column(number), file.id, chunk)

    storage().write(key_of(file.id), sealed_chunks())
    file.size, file.digest, file.name = size, digest.digest(), name or None
    db.session.add(file)
    return file


def open_file(file: StoredFile) -> "SealedReader":
    """Return a reader of the file's content that outlives the request.

    Raises CannotOpenError when there is no content, or not as much as there was, and
    StorageUnavailableError.
    """
    reader = SealedReader(storage(), keyring(), file.id, file.size)
    reader.check_length()
    return reader


def forget(file: StoredFile) -> None:
    """Remove the file's content. Whoever deleted its row calls this after the commit."""
    storage().delete(key_of(file.id))


def key_of(row: UUID) -> str:
    """Return the key that a row's content is stored under."""
    return row.hex


def column(number: int) -> str:
    """Return the place that a chunk is sealed for."""
    return f"content:{number}"


def chunks_of(source: BinaryIO) -> Iterator[bytes]:
    """Cut what ``source`` holds from its start into chunks; the last one can be shorter."""
    source.seek(0)
    chunk = bytearray()
    while part := source.read(CHUNK_BYTES - len(chunk)):
        chunk += part
        if len(chunk) == CHUNK_BYTES:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)


class SealedReader(io.RawIOBase):
    """Reads a sealed file from any place on, holding one opened chunk.

    Reading raises CannotOpenError at a chunk that was altered, moved or cut short.
    """

    def __init__(self, store: Storage, ring: Keyring, row: UUID, size: int) -> None:
        """Take where the content lies, the keys, the row's id and the bytes before sealing."""
        super().__init__()
        self.store, self.ring, self.row, self.size = store, ring, row, size
        self.position = 0
        self.opened: tuple[int, bytes] = (-1, b"")

    def check_length(self) -> None:
        """Raise CannotOpenError unless exactly the sealed content is there."""
        chunks = -(-self.size // CHUNK_BYTES)
        length = self.size + chunks * ADDED_BYTES
        if len(self.stored(max(length - 1, 0), 2)) != min(length, 1):
            raise CannotOpenError("the content of a file was cut short or added to")

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to another place, as ``io.IOBase.seek``; raise ValueError for one before the start."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError("a place before the start")
        self.position = start + offset
        return self.position

    def readinto(self, buffer: Any, /) -> int:
        """Read up to the end of one chunk; return how many bytes, 0 at the end of the file."""
        if self.position >= self.size:
            return 0
        number, start = divmod(self.position, CHUNK_BYTES)
        part = self.chunk(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self.position += len(part)
        return len(part)

    def chunk(self, number: int) -> bytes:
        """Return a chunk's bytes, opened now or before."""
        if self.opened[0] != number:
            length = min(CHUNK_BYTES, self.size - number * CHUNK_BYTES)
            sealed = self.stored(number * (CHUNK_BYTES + ADDED_BYTES), length + ADDED_BYTES)
            chunk = self.ring.open("files", column(number), self.row, sealed)
            if len(chunk) != length:
                raise CannotOpenError("a part of a file has another length than it had")
            self.opened = (number, chunk)
        return self.opened[1]

    def stored(self, start: int, length: int) -> bytes:
        """Return sealed bytes."""
        try:
            return self.store.read(key_of(self.row), start, length)
        except KeyError:
            raise CannotOpenError("the content of a file is not there") from None
