"""The built front end, served by WhiteNoise: fingerprinted, precompressed, kept for ever by browsers."""

from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import Headers

DIST = Path(__file__).parent.parent / "static" / "dist"
PREFIX = "static/"


def init_static(app: Flask) -> None:
    """Serve ``app/static/dist`` under ``/static/``, before the application is asked."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
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
