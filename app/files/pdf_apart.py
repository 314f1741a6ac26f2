"""Reading a PDF in a process of its own, started by ``pdf.py`` and never imported by the application.

What reads PDFs is written in C++ and is given whatever people upload. Here it may take a bounded time and
memory, it may crash, and it holds neither keys nor a connection. Files are handed over as open ones that
have no name, so that nothing stays behind. The answer is one line of JSON: ``{"pages": 12}``, or
``{"problem": ...}`` with one of the names below.
"""

import errno
import json
import math
import re
import resource
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, BinaryIO

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, Object, Stream

FAKE, LOCKED, DAMAGED, TOO_LONG, FULL = "fake", "locked", "damaged", "too long", "full"
MOST_MEMORY = 1_500_000_000
"""Bytes of address space."""
MOST_WRITTEN = 400_000_000
"""Bytes of a file that is written."""
PICTURE_WIDTH = 1280
PICTURE_HEIGHT = 2560
"""Pixels that the first page's picture has at most, whatever size the page says it has."""
HEADER_WITHIN = 1024
"""Readers take a PDF whose header stands this far from its start (ISO 32000-2, annex I)."""
LOST = re.compile(r"expected (n n obj|endstream)|EOF|end of file|recover|reconstruct|non-dictionary|ignoring")
"""Warnings of qpdf that mean lost content. Others tell of a careless producer only."""

ACTING = {
    "/AA",
    "/AF",
    "/Collection",
    "/EF",
    "/EmbeddedFiles",
    "/JS",
    "/JavaScript",
    "/OpenAction",
    "/PA",
    "/Renditions",
    "/RichMediaContent",
    "/XFA",
}
"""Entries that make a reader act by itself, or carry a file within the file (ISO 32000-2, 12.6 and 7.11)."""
SUSPECT = re.compile("({})\\b".format("|".join(sorted(ACTING | {"/A", "/Annots"}))).encode())
"""What an object must hold, written out, to be looked at any closer: hundreds of thousands hold nothing."""
KEPT_ACTIONS = {"/GoTo", "/URI"}
KEPT_LINKS = ("http://", "https://", "mailto:", "tel:")
DROPPED_ANNOTATIONS = {"/3D", "/FileAttachment", "/Movie", "/RichMedia", "/Screen", "/Sound"}


class ProblemError(Exception):
    """The PDF cannot be taken; carries one of the names above."""


def main(source: int, output: int, picture: int, most_pages: int, seconds: int) -> dict[str, Any]:
    """Make the cleaned PDF and its first page's picture (PNG); return what is told."""
    limit(seconds)
    try:
        with open(source, "rb") as given, open(output, "w+b") as made, open(picture, "w+b") as shown:
            pages = clean_copy(given, made, most_pages)
            draw_first_page(made, shown)
    except ProblemError as problem:
        return {"problem": str(problem)}
    except MemoryError:
        raise
    except Exception as error:  # reading a malformed file can fail in any way
        full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
        return {"problem": FULL if full else DAMAGED}
    return {"pages": pages}


def limit(seconds: int) -> None:
    """Bound what this process may use; a core dump would be the file's content in the clear."""
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(kind, (most, most))


def clean_copy(given: BinaryIO, made: BinaryIO, most_pages: int) -> int:
    """Write the PDF without what acts by itself, in the order of reading; return how many pages it has.

    qpdf would repair a file that was cut short, silently and without its last pages: it may not.
    """
    if b"%PDF-" not in given.read(HEADER_WITHIN):
        raise ProblemError(FAKE)
    given.seek(0)
    try:
        with pikepdf.open(given, attempt_recovery=False) as pdf:
            pages = len(pdf.pages)
            if pages > most_pages:
                raise ProblemError(TOO_LONG)
            for item in pdf.objects:
                if isinstance(item, Object) and SUSPECT.search(written_out(item)):
                    strip(item)
            # What streams hold is left as it is: pressing it anew takes most of the time.
            pdf.save(
                made,
                linearize=True,
                encryption=False,
                compress_streams=True,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
            )
            if not pages or any(LOST.search(str(warning)) for warning in pdf.get_warnings()):
                raise ProblemError(DAMAGED)
    except pikepdf.PasswordError:
        raise ProblemError(LOCKED) from None
    except pikepdf.PdfError:
        raise ProblemError(DAMAGED if has_objects(given) else FAKE) from None
    return pages


def has_objects(given: BinaryIO) -> bool:
    """Return whether there is anything of a PDF beyond its first words."""
    given.seek(0)
    return re.search(rb"\d+ \d+ obj", given.read(64 * 1024)) is not None


def written_out(item: Object) -> bytes:
    """Return how an object is written in a file; of a stream, its dictionary."""
    if isinstance(item, Stream):
        item = item.stream_dict
    return item.unparse(resolved=True)


def strip(item: Object) -> None:
    """Take what acts out of an object and the objects written within it."""
    if isinstance(item, (Dictionary, Stream)):
        for key in ACTING.intersection(item.keys()):
            del item[key]
        if "/A" in item and is_action(item.A) and not is_kept(item.A):
            del item["/A"]
        if "/Annots" in item and isinstance(item.Annots, Array):
            item.Annots = Array(kept_annotations(item.Annots))
        strip_within(value for _, value in item.items())
    elif isinstance(item, Array):
        strip_within(iter(item))


def strip_within(values: Iterable[Any]) -> None:
    """Go on in what has no number of its own, and so is not met otherwise."""
    for value in values:
        if isinstance(value, Object) and not value.is_indirect:
            strip(value)


def is_action(value: Any) -> bool:
    """Return whether an entry ``/A`` is an action: in the structure tree it means attributes."""
    return isinstance(value, Dictionary) and "/S" in value


def is_kept(action: Any) -> bool:
    """Return whether an action only leads somewhere when it is clicked; take what would follow out of it."""
    if "/Next" in action:
        del action["/Next"]
    if str(action.S) not in KEPT_ACTIONS:
        return False
    return action.S != Name.URI or str(action.get("/URI", "")).lower().startswith(KEPT_LINKS)


def kept_annotations(annotations: Array) -> list[Any]:
    """Return the annotations without those that play or carry something."""
    return [
        annotation
        for annotation in annotations
        if isinstance(annotation, Dictionary)
        and str(annotation.get("/Subtype", "")) not in DROPPED_ANNOTATIONS
    ]


def draw_first_page(made: BinaryIO, shown: BinaryIO) -> None:
    """Draw the first page on white, no larger than the picture may be."""
    made.seek(0)
    try:
        page = pypdfium2.PdfDocument(made)[0]
        width, height = page.get_size()
        if not (0 < width < math.inf and 0 < height < math.inf):
            raise ProblemError(DAMAGED)
        scale = min(PICTURE_WIDTH / width, PICTURE_HEIGHT / height)
        page.render(scale=scale, may_draw_forms=False).to_pil().save(shown, "PNG", compress_level=1)
    except pypdfium2.PdfiumError:
        raise ProblemError(DAMAGED) from None


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))  # noqa: T201 -- the answer to who started it
