"""Pages without anything of one visitor's, which a browser keeps and asks for again each time (RFC 9110, 13).

A page that was asked for again once is known by its ETag for as long as the content's revision and the day
stay the same: it is not even rendered to say that it has not changed.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, Response, current_app, make_response, request

from app.content import queries
from app.content.kept import keep
from app.core.http import csp_nonce
from app.core.i18n import page_language

MOST_TAGS = 1024
"""More are not remembered at once; the oldest goes first."""

Parameters = ParamSpec("Parameters")


def init_revalidated(app: Flask) -> None:
    """Give an application its own memory of tags."""
    app.extensions["page_tags"] = {}


def asked_for_again(view: Callable[Parameters, Any]) -> Callable[Parameters, Response]:
    """Let browsers keep what a view answers, and ask each time whether it is still the same."""

    @wraps(view)
    def answer(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Response:
        if not request.if_none_match:
            return tagged(make_response(view(*args, **kwargs)))
        tags: dict[Any, str] = current_app.extensions["page_tags"]
        # Whoever asks chooses how long an address is.
        address = hashlib.sha256(request.full_path.encode(errors="surrogatepass")).digest()
        key = (address, page_language(), queries.revision(), queries.today())
        tag = tags.get(key)
        if tag and request.if_none_match.contains_weak(tag):
            return with_tag(Response(status=304), tag)
        response = tagged(make_response(view(*args, **kwargs)))
        if tag := response.get_etag()[0]:
            keep(tags, key, tag, MOST_TAGS)
        return response

    return answer


def tagged(response: Response) -> Response:
    """Return an answer with its ETag: that of all that is in it, but for this answer's nonce.

    It is without its body if the browser has it already.
    """
    if response.status_code == 200:
        page = response.get_data().replace(csp_nonce().encode(), b"")
        with_tag(response, hashlib.sha256(page).hexdigest()[:32]).make_conditional(request)
    return response


def with_tag(response: Response, tag: str) -> Response:
    """Return an answer with the headers by which a browser keeps it, for itself alone."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    return response
