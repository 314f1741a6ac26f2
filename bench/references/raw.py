"""The least that an answer costs: a WSGI application that gives one body with its headers to every request.

On granian, ``bench.references.raw:app`` answers with the file that ``RAW_BODY`` names and the headers that
``RAW_HEADERS`` holds, a JSON list of names and values; what it is made of is read once.
"""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def answering(body: bytes, headers: Sequence[tuple[str, str]] = ()) -> "WSGIApplication":
    """Return an application that answers every request in the same way."""
    all_headers = [*headers, ("Content-Length", str(len(body)))]

    def app(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", list(all_headers))
        return [body]

    return app


def environment_of(body: Path, headers: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Return the environment in which ``app`` answers with a file's content and these headers."""
    return {"RAW_BODY": str(body), "RAW_HEADERS": json.dumps(list(headers))}


def from_environment() -> "WSGIApplication":
    """Return the application that the environment asks for; an empty answer where it asks for none."""
    path = os.environ.get("RAW_BODY")
    headers = json.loads(os.environ.get("RAW_HEADERS", "[]"))
    body = Path(path).read_bytes() if path else b""
    return answering(body, [(str(name), str(value)) for name, value in headers])


app = from_environment()
