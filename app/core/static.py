"""The built front end, served by WhiteNoise: fingerprinted, precompressed, kept for ever by browsers."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import Headers, StaticFile

DIST = Path(__file__).parent.parent / "static" / "dist"
PREFIX = "static/"


class ReadyLater:
    """A file whose headers are made when it is first asked for: most of two hundred seldom are."""

    def __init__(self, made: Callable[[], StaticFile]) -> None:
        """Take what makes the file ready."""
        self.made = cache(made)

    def get_response(self, method: str, environ: dict[str, Any]) -> Any:
        """Return the answer to a request."""
        return self.made().get_response(method, environ)


class BuiltFiles(WhiteNoise):  # type: ignore[misc]  # it has no types
    """Files that are found when the site starts, and made ready later."""

    def get_static_file(self, *place: Any, **known: Any) -> ReadyLater:
        """Return what answers for a file."""
        return ReadyLater(partial(super().get_static_file, *place, **known))


def init_static(app: Flask) -> None:
    """Serve ``app/static/dist`` under ``/static/``, before the application is asked."""
    app.wsgi_app = BuiltFiles(  # type: ignore[method-assign]
        app.wsgi_app,
        root=DIST,
        prefix=PREFIX,
        # Every built file's name holds a hash of its content.
        immutable_file_test=lambda _path, url: not url.endswith("manifest.json"),
        add_headers_function=add_headers,
    )


def add_headers(headers: Headers, _path: str, _url: str) -> None:
    """Say that a file is what its type says and is for this site alone."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
