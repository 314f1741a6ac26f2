"""What every answer carries: security headers, and error pages in the site's own look."""

import secrets
from collections.abc import Sequence

from flask import Flask, Response, abort, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core.database import DATABASE_UNAVAILABLE
from app.core.logs import log
from app.core.typed import typed_texts

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    # One-time links are addresses: none may leave in a Referer.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HSTS = "max-age=63072000; includeSubDomains"


def csp_nonce() -> str:
    """Return this request's nonce for script elements."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def content_security_policy(nonce: str) -> str:
    """Return the policy: scripts by nonce only, all else from our own origin, nothing inline."""
    return CONTENT_SECURITY_POLICY.format(nonce=nonce)


def init_http(app: Flask) -> None:
    """Add the headers and the error pages."""
    app.add_template_global(csp_nonce)
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(CSRFError, show_error)
    app.register_error_handler(Exception, show_unexpected_error)
    for unavailable in DATABASE_UNAVAILABLE:
        app.register_error_handler(unavailable, show_unavailable)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]

    @app.before_request
    def take_forms_only() -> None:
        # No page sends JSON; what reads forms would take it for one with anything in its fields.
        if request.is_json:
            abort(415)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        # A stored file brings a stricter one of its own. A page that a browser has kept keeps its nonce, and
        # would take another policy over from this answer (RFC 9111, 3.2).
        if response.status_code != 304:
            response.headers.setdefault("Content-Security-Policy", content_security_policy(csp_nonce()))
        # Pages carry a form token or personal answers; static files are served before this.
        response.headers.setdefault("Cache-Control", "no-store")
        if app.config["SEND_HSTS"]:
            response.headers["Strict-Transport-Security"] = HSTS
        return response


def show_error(error: HTTPException) -> Response:
    """Answer with a page that says what to do."""
    status = error.code or 500
    response = error.get_response()
    if status < 400:  # a redirect that the router raised
        return response  # type: ignore[return-value]
    response.data = error_page(status, typed_texts() if request.method == "POST" else [])
    response.content_type = "text/html; charset=utf-8"
    return response  # type: ignore[return-value]


def show_unexpected_error(error: Exception) -> tuple[str, int]:
    """Log a failure of ours by its endpoint (a path can be personal), and answer with a page."""
    log.error("request failed", endpoint=request.endpoint, exc_info=error)
    return error_page(500, typed_texts()), 500


def show_unavailable(error: Exception) -> tuple[str, int]:
    """Say that the database does not answer now, and that trying again helps."""
    log.warning("database unavailable", endpoint=request.endpoint, exc_info=error)
    return error_page(503, typed_texts()), 503


def error_page(status: int, texts: Sequence[str] = ()) -> str:
    """Return the page of a status, with the texts that were typed and could not be kept."""
    heading, advice = error_words(status)
    return render_template("errors/error.html", status=status, heading=heading, advice=advice, texts=texts)


def error_words(status: int) -> tuple[str, list[str]]:
    """Return an error page's heading and what its reader can do, in plain words."""
    go_home = _("Go to the start page to read about the treatment or send an inquiry.")
    words = {
        400: (
            _("We could not read that"),
            [_("Go back to the page before, reload it and try again.")],
        ),
        401: (_("Sign in first"), [_("This page is for staff. Sign in and try again.")]),
        403: (
            _("This page is not for your account"),
            [_("If you need it for your work, ask whoever keeps the staff accounts.")],
        ),
        404: (
            _("We could not find that page"),
            [_("The address may be mistyped, or the page may have moved."), go_home],
        ),
        405: (_("That does not work from here"), [_("Go back to the page before and try again.")]),
        409: (
            _("Someone else changed this while you were looking at it"),
            [_("Go back, reload the page to see what changed, and try again.")],
        ),
        413: (
            _("That is more than we can take at once"),
            [_("Go back, shorten your text and send it again.")],
        ),
        415: (
            _("This site takes forms only"),
            [_("Open the page with the form in a browser, and send it from there.")],
        ),
        429: (_("Too many tries"), [_("Wait a minute, then try again.")]),
        503: (
            _("We cannot answer just now"),
            [_("Wait a minute, then try again. What you sent before is safe.")],
        ),
    }
    unexpected = (
        _("Something went wrong on our side"),
        [_("Try again in a few minutes. It is written in our log."), go_home],
    )
    return words.get(status, words[400] if status < 500 else unexpected)


def client_address() -> str | None:
    """Return the address the request came from, for the audit record of staff's acts."""
    return request.remote_addr
