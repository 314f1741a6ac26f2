"""What every check of an uploaded file begins with: how large it is, and what its first bytes say."""

import io
from typing import Any, BinaryIO

from flask_babel import lazy_gettext as _l

MEGABYTE = 1_000_000
HEAD_BYTES = 8192
LARGEST_PICTURE_BYTES = 30 * MEGABYTE
LARGEST_PDF_BYTES = 200 * MEGABYTE
LARGEST_RECORDING_BYTES = 2_000 * MEGABYTE
LARGEST_CAPTIONS_BYTES = 1 * MEGABYTE

EMPTY = _l("This file is empty. Choose the file again, or save it again in the program that made it.")
TOO_LARGE = _l("This file is larger than %(limit)s MB. Make it smaller and upload it again.")


class UnusableFileError(Exception):
    """A file cannot be taken; ``words`` tell its owner what is wrong and what to do."""

    def __init__(self, words: Any, **values: Any) -> None:
        """Take a lazy text, and the values for its places."""
        super().__init__(type(self).__name__)
        self.text, self.values = words, values

    @property
    def words(self) -> str:
        """The words in the reader's language."""
        return str(self.text) % self.values

    def __str__(self) -> str:
        """Return the words."""
        return self.words


def refuse_empty_or_larger(source: BinaryIO, limit: int) -> int:
    """Return the file's size in bytes; raise UnusableFileError if it is 0 or over ``limit``."""
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    if not size:
        raise UnusableFileError(EMPTY)
    if size > limit:
        raise UnusableFileError(TOO_LARGE, limit=limit // MEGABYTE)
    return size


def head_of(source: BinaryIO) -> bytes:
    """Return the file's first 8 KiB, and go back to its start."""
    source.seek(0)
    head = source.read(HEAD_BYTES)
    source.seek(0)
    return head
