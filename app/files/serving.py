"""Answering with a stored file: whole or in ranges, never more than a chunk of it in memory."""

import re
import unicodedata
from typing import IO, cast
from urllib.parse import quote

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from app.files.blobs import CHUNK_BYTES, open_file
from app.files.models import StoredFile

POLICY = "; ".join(
    (
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "sandbox",
    )
)
# It may be withdrawn at any time, so a browser asks each time; if it is still there, that costs no bytes.
CACHING = "private, no-cache"
PART_BYTES = 32 * CHUNK_BYTES
"""What is read into memory and handed to the server in one piece, at most: 2 MiB."""
PLAYED = ("audio/", "video/")
"""How the media types begin that players fetch piece by piece."""
ENDINGS = {
    "application/pdf": ".pdf",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "image/avif": ".avif",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "text/vtt": ".vtt",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
"""The end of a name that says truly what is in the file."""
LONGEST_NAME = 120
"""Characters of a name to save a file under; systems take 255 bytes."""
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|%;\s]+')
"""What a system forbids in a name, or a browser reads otherwise than it is meant."""


def send_stored(file: StoredFile, *, download_name: str = "", as_attachment: bool = False) -> Response:
    """Return the answer with a file: 200, or 206 for one range of it, or 304 if the browser has it.

    Raises 416 for a range beyond its end, CannotOpenError and StorageUnavailableError. Several ranges at
    once, and what is none, are answered with the whole (RFC 9110, 14.2).
    """
    content = FileWrapper(cast(IO[bytes], open_file(file)), CHUNK_BYTES)
    response = Response(content, mimetype=file.media_type, direct_passthrough=True)
    response.content_length = file.size
    response.set_etag(file.digest.hex())
    response.headers["Cache-Control"] = CACHING
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Disposition"] = disposition(file.media_type, download_name, as_attachment)
    environ = {**request.environ, "HTTP_RANGE": wanted_range(file, to_save=as_attachment)}
    if not environ["HTTP_RANGE"]:
        del environ["HTTP_RANGE"]
    response.make_conditional(environ, accept_ranges=True, complete_length=file.size)
    if response.status_code in {200, 206} and (response.content_length or 0) <= PART_BYTES:
        # Handed over at once: who reads slowly then keeps no thread of the server's.
        response.set_data(b"".join(response.response))  # type: ignore[arg-type]
        response.direct_passthrough = False
    return response


def wanted_range(file: StoredFile, *, to_save: bool) -> str:
    """Return the one range to answer with, "" for the whole file.

    Of a recording, a range without an end is answered in part, as a server may (RFC 9110, 15.3.7): players
    ask for a whole film and then again for what they have not got. A download that goes on where it was cut
    off does not ask again, so that the whole rest is sent where a file is ``to_save``, or with If-Range.
    """
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return ""
    if request.if_none_match.contains(file.digest.hex()):
        return ""  # it comes first (RFC 9110, 13.2.2)
    start, end = wanted.ranges[0]
    # Asked for more of its end than there is, a file comes whole (RFC 9110, 14.1.2).
    start = max(start, -file.size)
    is_played = file.media_type.startswith(PLAYED) and not to_save and "If-Range" not in request.headers
    if end is None and start >= 0 and is_played:
        end = start + PART_BYTES
    if end is not None:
        return f"bytes={start}-{end - 1}"
    return f"bytes={start}-" if start >= 0 else f"bytes={start}"


def disposition(media_type: str, name: str, as_attachment: bool) -> str:
    """Return the Content-Disposition (RFC 6266): shown or saved, and the name to save under, if any.

    Old programs read ``filename``, in ASCII; all others ``filename*`` (RFC 8187).
    """
    kind = "attachment" if as_attachment else "inline"
    safe = safe_name(media_type, name)
    if not safe:
        return kind
    ascii_only = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode()
    plain = ascii_only if re.match(r"\w", ascii_only) else f"file{ENDINGS.get(media_type, '')}"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def safe_name(media_type: str, name: str) -> str:
    """Return a name without what is odd in one, whose end says what the file is; "" for no name."""
    ending = ENDINGS.get(media_type, "")
    shown = "".join(char for char in NOT_IN_NAMES.sub(" ", name) if unicodedata.category(char)[0] != "C")
    stem = shown[: -len(ending)] if ending and shown.lower().endswith(ending) else shown
    stem = stem.strip(" .")[:LONGEST_NAME].strip(" .")
    return stem + ending if stem else ""
