"""Visitors who have written nothing yet, and what a page with the form carries for each of them."""

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

from app.core.links import is_token, new_token
from app.core.signing import moment_of, signing_as
from app.site.marks import signer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

UNSEEN = {"call_key", "csrf_token", "form_key", "is_replaced", "language", "sent"}
"""What a session may hold without the start page showing it, but for its language."""
SECRET = re.compile("[0-9a-f]{40}")
"""What Flask-WTF keeps in a session and signs in its tokens."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser on which nothing is kept of the form, and which nobody is signed in with."""

    form_key: str
    secret: str
    language: str | None = None
    """The one that was chosen before."""
    is_first: bool = False
    """Whether the browser has no session yet."""


def new_visit() -> Visit:
    """Return the first visit of a browser."""
    return Visit(new_token(), secrets.token_hex(20), is_first=True)


class Visits:
    """Reads sessions and signs tokens with the keys of one application, as Flask and Flask-WTF do."""

    def __init__(self, app: Flask) -> None:
        """Derive the keys."""
        self.app = app
        self.cookie_name: str = app.config["SESSION_COOKIE_NAME"]
        session: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        tokens = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
        self.sign_session = signing_as(session.make_signer(session.salt))
        self.sign_token = signing_as(tokens.make_signer(tokens.salt))
        with app.app_context():
            self.sign_opened = signing_as(signer())
        self.moment = lru_cache(maxsize=1)(self.signed_moment)

    def of(self, environ: "WSGIEnvironment") -> Visit | None:
        """Return whose visit a request is, or None if it is for Flask to say."""
        if self.cookie_name not in environ.get("HTTP_COOKIE", ""):
            return new_visit()
        request = self.app.request_class(environ)
        if self.cookie_name not in request.cookies:
            return new_visit()
        session: Mapping[str, Any] = self.app.session_interface.open_session(self.app, request) or {}
        form_key, secret = str(session.get("form_key")), str(session.get("csrf_token"))
        if session.keys() <= UNSEEN and is_token(form_key) and SECRET.fullmatch(secret):
            return Visit(form_key, secret, session.get("language"))
        return None

    def carried(self, visit: Visit) -> dict[str, bytes]:
        """Return what the form carries: by the names of its fields."""
        moment, opened = self.moment(int(time.time()))
        token = self.sign_token(base64_encode(f'"{visit.secret}"'), moment)
        return {"csrf_token": token, "form_key": visit.form_key.encode(), "opened": opened}

    def cookie(self, visit: Visit) -> str:
        """Return the cookie that holds a first visit's session: its name and value."""
        moment, _opened = self.moment(int(time.time()))
        session = f'{{"form_key":"{visit.form_key}","csrf_token":"{visit.secret}"}}'
        return f"{self.cookie_name}={self.sign_session(base64_encode(session), moment).decode()}"

    def signed_moment(self, second: int) -> tuple[bytes, bytes]:
        """Return a second, since 1970, as signatures have it, and as the form has it as its opening."""
        moment = moment_of(second)
        return moment, self.sign_opened(b"", moment)
