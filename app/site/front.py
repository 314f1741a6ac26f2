"""The start page for whoever has written nothing yet, answered before Flask is asked.

Flask renders it once for each language and revision of the content. It is cut at the values of that visit
and compressed (``core/spliced.py``); those of every other visit are put in their places. The revision is
asked for each time, so that an edit or a withdrawn permission shows at the next visit in every process.
Whatever is not plainly such a visit goes on to Flask. The log tells of the rendering as of a request of its
own.
"""

import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError

from app.content import queries
from app.core.http import csp_nonce
from app.core.i18n import liked_language
from app.core.logs import log_answer
from app.core.spliced import CannotSpliceError, Spliced
from app.site.visits import Visit, Visits, new_visit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CARRIED = re.compile(rb'name="(csrf_token|form_key|opened)"[^>]* value="([^"]+)"')
"""What the form on the page carries of a visit."""
OF_ONE_ANSWER = {"Content-Length", "Content-Security-Policy", "Set-Cookie", "Vary"}
"""Headers that each answer has its own of."""

Headers = list[tuple[str, str]]
Seen = tuple[int, date]
"""What decides what visitors may see: the content's revision and the day."""


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start page in one language, without what is one visit's own."""

    page: Spliced
    headers: Headers
    policy: tuple[str, ...]
    """What stands around the nonce in the Content-Security-Policy."""
    cookie: str
    """What stands behind the session in Set-Cookie."""

    def answer(self, visits: Visits, visit: Visit, accept_encoding: str | None) -> tuple[Headers, bytes]:
        """Return the headers and the body of the answer to a visit."""
        coding, coded = self.page.liked(accept_encoding)
        nonce = secrets.token_urlsafe(16)
        headers = [*self.headers, ("Content-Length", str(coded.length))]
        headers.append(("Content-Security-Policy", nonce.join(self.policy)))
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
        if visit.is_first:
            headers.append(("Set-Cookie", visits.cookie(visit) + self.cookie))
        return headers, coded.body({**visits.carried(visit), "nonce": nonce.encode()})


def init_front(app: Flask) -> None:
    """Let plain visits of the start page be answered before everything that the application does so far."""
    app.wsgi_app = Front(app)  # type: ignore[method-assign]


class Front:
    """A WSGI application that answers plain visits of the start page and lets Flask answer the rest."""

    def __init__(self, app: Flask) -> None:
        """Stand before ``app``."""
        self.app = app
        self.behind: WSGIApplication = app.wsgi_app
        self.visits = Visits(app)
        self.kept: dict[str, tuple[Seen, StartPage | None]] = {}
        self.rendering = Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        started = time.perf_counter()
        visit = self.visits.of(environ) if asks_for_start_page(environ) else None
        page = self.page_for(visit, environ) if visit else None
        if visit is None or page is None:
            return self.behind(environ, start_response)
        headers, body = page.answer(self.visits, visit, environ.get("HTTP_ACCEPT_ENCODING"))
        method: str = environ["REQUEST_METHOD"]
        start_response("200 OK", headers)
        log_answer(self.app, method, "site.home", 200, started)
        return [body] if method == "GET" else []

    def page_for(self, visit: Visit, environ: "WSGIEnvironment") -> StartPage | None:
        """Return the page in a visitor's language as it may be seen now, or None for Flask to answer."""
        languages: tuple[str, ...] = self.app.config["LANGUAGES"]
        language = visit.language if visit.language in languages else None
        language = language or liked_language(environ.get("HTTP_ACCEPT_LANGUAGE"), languages)
        try:
            seen = (queries.revision_in(self.app), queries.today())
        except SQLAlchemyError:
            return None
        kept_of, page = self.kept.get(language, (None, None))
        if kept_of == seen:
            return page
        with self.rendering:  # whoever waits finds it rendered
            kept_of, page = self.kept.get(language, (None, None))
            return page if kept_of == seen else self.render(language, seen, environ)

    def render(self, language: str, seen: Seen, environ: "WSGIEnvironment") -> StartPage | None:
        """Keep the page as Flask has it now, and return it; None if others' values cannot be put into it."""
        with self.app.request_context(plain_visit(language, environ)):
            response = self.app.full_dispatch_request()
            nonce = csp_nonce()
        if response.status_code != 200:
            return None
        try:
            page = without_values(response, nonce, self.visits.carried(new_visit()))
        except CannotSpliceError:
            page = None
        self.kept[language] = seen, page
        return page


def without_values(response: Response, nonce: str, others: dict[str, bytes]) -> StartPage:
    """Return the page of an answer without the values of its visit.

    Raises CannotSpliceError where it carries another number of bytes than ``others``, those of another visit.
    """
    html = response.get_data()
    carried = {name.decode(): value for name, value in CARRIED.findall(html)}
    if sizes_of(carried) != sizes_of(others):
        raise CannotSpliceError
    headers = [(name, value) for name, value in response.headers if name not in OF_ONE_ANSWER]
    _session, semicolon, attributes = response.headers["Set-Cookie"].partition(";")
    return StartPage(
        Spliced(html, {**carried, "nonce": nonce.encode()}),
        [*headers, ("Vary", "Accept-Encoding, Accept-Language, Cookie")],
        tuple(response.headers["Content-Security-Policy"].split(nonce)),
        semicolon + attributes,
    )


def sizes_of(values: dict[str, bytes]) -> dict[str, int]:
    """Return the length of each value."""
    return {name: len(value) for name, value in values.items()}


def asks_for_start_page(environ: "WSGIEnvironment") -> bool:
    """Return whether a request asks for the start page and for nothing else."""
    return (
        environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        and environ.get("PATH_INFO") == "/"
        and not (environ.get("QUERY_STRING") or environ.get("SCRIPT_NAME") or environ.get("CONTENT_TYPE"))
    )


def plain_visit(language: str, environ: "WSGIEnvironment") -> "WSGIEnvironment":
    """Return a first visit in a language on the same server; nothing that a browser has sent is in it."""
    of_server = {name: value for name, value in environ.items() if name.startswith("wsgi.")}
    return {
        **of_server,
        "wsgi.input": BytesIO(),
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_ACCEPT_LANGUAGE": language,
    }
