"""Where sealed content lies: one small interface, and a folder of this machine behind it."""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

from flask import current_app

KEY = re.compile("[0-9a-f]{32}")
UNFINISHED = ".part"


class StorageUnavailableError(Exception):
    """The storage is full, away or not ours to write: trying again later helps."""


class Storage(Protocol):
    """Content under keys of 32 hexadecimal digits; what is there never changes.

    Everything raises StorageUnavailableError when the storage does not answer.
    """

    def write(self, key: str, parts: Iterable[bytes]) -> None:
        """Keep ``parts`` one after the other; when anything fails, nothing of them is there."""

    def read(self, key: str, start: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``start``; raise KeyError if nothing has this key."""

    def delete(self, key: str) -> None:
        """Remove what is under ``key``; nothing there is well too."""

    def keys(self, before: datetime) -> Iterator[str]:
        """Return the keys of what was written before a moment."""

    def tidy(self, before: datetime) -> int:
        """Remove what writers left unfinished before a moment; return how many."""


class FolderStorage:
    """A folder, with sub-folders by the key's last two digits: the first ones are alike for weeks."""

    def __init__(self, root: Path) -> None:
        """Take the folder; it is made at the first writing."""
        self.root = root

    def write(self, key: str, parts: Iterable[bytes]) -> None:
        """Write aside, to the disk itself, and then move into place."""
        path = self.path(key)
        aside = path.with_name(f"{key}.{secrets.token_hex(4)}{UNFINISHED}")
        with telling():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            for part in parts:
                with telling():
                    write_all(descriptor, part)
            with telling():
                os.fsync(descriptor)
                aside.replace(path)
        except BaseException:
            with suppress(OSError):
                aside.unlink()
            raise
        finally:
            os.close(descriptor)
        with telling():
            sync_folder(path.parent)
            sync_folder(self.root)

    def read(self, key: str, start: int, length: int) -> bytes:
        """Read a part of a file."""
        with telling():
            try:
                descriptor = os.open(self.path(key), os.O_RDONLY)
            except FileNotFoundError:
                raise KeyError(key) from None
            try:
                return os.pread(descriptor, length, start)
            finally:
                os.close(descriptor)

    def delete(self, key: str) -> None:
        """Remove a file."""
        with telling():
            self.path(key).unlink(missing_ok=True)

    def keys(self, before: datetime) -> Iterator[str]:
        """Walk through the folder, one sub-folder at a time."""
        return (path.name for path in self.files(before) if KEY.fullmatch(path.name))

    def tidy(self, before: datetime) -> int:
        """Remove the files that were never moved into place."""
        left = [path for path in self.files(before) if path.name.endswith(UNFINISHED)]
        with telling():
            for path in left:
                path.unlink(missing_ok=True)
        return len(left)

    def files(self, before: datetime) -> Iterator[Path]:
        """Return every file that was last written before a moment."""
        with telling():
            for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
                for path in sorted(folder.iterdir()):
                    with suppress(FileNotFoundError):
                        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                            yield path

    def path(self, key: str) -> Path:
        """Return where a key's file lies; raise ValueError for what is no key."""
        if not KEY.fullmatch(key):
            raise ValueError("not a key")
        return self.root / key[-2:] / key


@contextmanager
def telling() -> Iterator[None]:
    """Tell a failure of the disk as StorageUnavailableError."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailableError(os.strerror(error.errno or 0)) from error


def write_all(descriptor: int, part: bytes) -> None:
    """Write the whole of ``part``: a disk that fills up takes less at first, and fails only then."""
    left = memoryview(part)
    while left:
        left = left[os.write(descriptor, left) :]


def sync_folder(folder: Path) -> None:
    """Write a folder's own entries to the disk: without this a power cut can take a new name back."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage() -> Storage:
    """Return the current application's storage."""
    return cast(Storage, current_app.extensions["storage"])
