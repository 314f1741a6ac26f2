"""PDFs: what cannot be taken is refused in words, what acts by itself is taken out."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from flask_babel import lazy_gettext as _l
from PIL import Image

from app.files.pictures import PreparedPicture, variants_of
from app.files.sniff import LARGEST_PDF_BYTES, UnusableFileError, refuse_empty_or_larger
from app.files.storage import StorageUnavailableError, telling

MOST_PAGES = 2_000
SECONDS = 6
BYTES_A_SECOND = 15_000_000
"""Seconds of computing that a PDF may take, and for how many bytes it is given one more."""
WAITING_FACTOR = 4
"""How much longer than that is waited, on a machine that has much else to do."""
APART = Path(__file__).with_name("pdf_apart.py")

WORDS = {
    "fake": _l(
        "This is not a PDF, although its name may say so. Open it in the program that made it and save it as "
        "PDF again."
    ),
    "locked": _l("This PDF is locked with a password. Save a copy without the password and upload that."),
    "damaged": _l(
        "This PDF is damaged or not complete. Open it to see whether every page is there, save or print it "
        "as PDF again, and upload that."
    ),
    "too long": _l("This PDF has more than %(pages)s pages. Upload it in parts."),
}
TOO_HEAVY = _l("This PDF takes too long to read. Print it as PDF, and upload what that makes.")


@dataclass(frozen=True)
class PreparedPdf:
    """A PDF that can be kept: ``content`` is read from its start, and gone when the block ends."""

    content: BinaryIO
    size: int
    pages: int
    first_page: PreparedPicture


@contextmanager
def prepare_pdf(source: BinaryIO) -> Iterator[PreparedPdf]:
    """Give the PDF without what acts by itself, in the order of reading (linearised), and its first page.

    Raises UnusableFileError, and StorageUnavailableError when there is no room. The files in between have
    no name, and are gone with the process.
    """
    size = refuse_empty_or_larger(source, LARGEST_PDF_BYTES)
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as made,
        tempfile.TemporaryFile() as shown,
    ):
        with telling():
            shutil.copyfileobj(source, given)
            given.flush()
        told = run_apart(given, made, shown, SECONDS + size // BYTES_A_SECOND)
        shown.seek(0)
        first_page = variants_of(Image.open(shown, formats=["PNG"]))
        made.seek(0)
        yield PreparedPdf(made, os.fstat(made.fileno()).st_size, int(told["pages"]), first_page)


def run_apart(given: BinaryIO, made: BinaryIO, shown: BinaryIO, seconds: int) -> dict[str, Any]:
    """Return what ``pdf_apart`` tells; raise UnusableFileError or StorageUnavailableError."""
    files = [file.fileno() for file in (given, made, shown)]
    given.seek(0)
    try:
        ended = subprocess.run(  # noqa: S603 -- this interpreter, our own file and numbers
            [sys.executable, "-I", str(APART), *map(str, files), str(MOST_PAGES), str(seconds)],
            pass_fds=files,
            # What reads a stranger's file learns neither keys nor addresses.
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds * WAITING_FACTOR,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise UnusableFileError(TOO_HEAVY) from None
    told = dict(json.loads(ended.stdout))
    problem = told.get("problem")
    if problem == "full":
        raise StorageUnavailableError("no room for the files in between")
    if problem:
        raise UnusableFileError(WORDS[problem], pages=MOST_PAGES)
    return told
