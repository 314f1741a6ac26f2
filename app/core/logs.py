"""Logs: JSON lines in production, readable ones elsewhere; never a personal value or an address's path.

A request is logged by its endpoint, because a path can hold a one-time link or a reference. An exception
is logged by its type and place: its message can quote what a person typed (a driver's does), so only
development, where nobody's data is real, shows it.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any

import structlog
from flask import Flask, Response, g, request

from app.core.clock import now

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def init_logs(app: Flask) -> None:
    """Log each request once, when it is answered."""
    is_production = app.config["PORTAL_ENV"] == "production"
    lines = Lines(sys.stderr)
    configure(app.config["PORTAL_ENV"], lines)
    app.extensions["tell_answer"] = partial(write_answer, lines) if is_production else tell_answer

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def log_request(response: Response) -> Response:
        started = g.get("started", time.perf_counter())
        log_answer(app, request.method, request.endpoint, response.status_code, started)
        return response


def log_answer(app: Flask, method: str, endpoint: str | None, status: int, started: float) -> None:
    """Log a request that is answered; ``started`` is when it came, of ``time.perf_counter``."""
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    app.extensions["tell_answer"](method, endpoint, status, milliseconds)


def tell_answer(method: str, endpoint: str | None, status: int, milliseconds: float) -> None:
    """Log what is told of an answer as everything else is logged."""
    log.info("request", method=method, endpoint=endpoint, status=status, milliseconds=milliseconds)


def write_answer(lines: "Lines", method: str, endpoint: str | None, status: int, milliseconds: float) -> None:
    """Write the same in JSON. It is the line of every request, and this costs a third of structlog's way."""
    kind, timestamp = kind_of_answer(method, endpoint, status), now().isoformat().replace("+00:00", "Z")
    lines.msg(f'{{{kind}, "milliseconds": {milliseconds}, "timestamp": "{timestamp}"}}')


@lru_cache(maxsize=256)
def kind_of_answer(method: str, endpoint: str | None, status: int) -> str:
    """Return the keys and values that many answers have in common, in JSON."""
    told = {"event": "request", "level": "info", "method": method, "endpoint": endpoint, "status": status}
    return json.dumps(told)[1:-1]


class Lines(structlog.WriteLogger):
    """Writes lines. One that cannot be written, as on a full disk, fails nobody's request."""

    def msg(self, message: str) -> None:
        """Write a line."""
        with suppress(OSError):
            super().msg(message)

    debug = info = warning = error = critical = msg


def configure(portal_env: str, lines: Lines) -> None:
    """Set structlog up for this process, and let libraries' records through the same formatter."""
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if portal_env == "development" else name_exception,
    ]
    renderer = (
        structlog.processors.JSONRenderer()
        if portal_env == "production"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Straight to where the handler below writes: the way through ``logging`` costs twice as much.
        logger_factory=lambda *_names: lines,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It logs each request's path.
    logging.getLogger("_granian").setLevel(logging.WARNING)


def name_exception(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace ``exc_info`` by the types of the exception and its causes, and the lines they came through."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if isinstance(given, tuple):
        error = given[1]
    told = []
    while error is not None:
        lines = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"{type(error).__module__}.{type(error).__qualname__}\n{lines}")
        error = error.__cause__ or error.__context__
    if told:
        event["exception"] = "caused by ".join(told)
    return event
