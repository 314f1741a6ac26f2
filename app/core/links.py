"""Addresses for mails and one-time links, independent of the request and its Host header."""

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

TOKEN_BYTES = 32  # 256 bits, above the 128 that guessing must cost
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """Return a random URL-safe token of 43 characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def public_address(endpoint: str, **values: Any) -> str:
    """Return the full public address of a view, under ``PUBLIC_URL``."""
    root = current_app.config["PUBLIC_URL"]
    # The host is a stand-in: only the path of the built address is used.
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return f"{root}{path}"


def site_host() -> str:
    """Return the host name in ``PUBLIC_URL``, for the right-hand side of Message-IDs."""
    return urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"


def is_token(text: str | None) -> bool:
    """Return whether text has the form of a token that ``new_token`` makes."""
    return bool(text and TOKEN.fullmatch(text))
