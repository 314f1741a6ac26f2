"""The desk with few inquiries and with many, and a coordinator who is signed in at each."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench import million
from bench.figures import Cost, WrongAnswerError, processor_seconds
from bench.sites import site
from tests.support.staff import signed_in

Ask = Callable[[], str]
"""Asks for a page and returns it."""


@dataclass(frozen=True)
class Desk:
    """The program with inquiries, and the browser of a coordinator of it."""

    app: Flask
    client: FlaskClient


@contextmanager
def desks(folder: Path, tell: Callable[[str], None]) -> Iterator[tuple[Desk, Desk]]:
    """Give a desk with few inquiries and one with many, on copies of the databases of ``bench.million``."""
    made = million.databases(tell=tell)
    with ExitStack() as stack:
        tell("copying the databases")
        few, many = (
            stack.enter_context(desk(made[size], folder / str(size))) for size in (min(made), max(made))
        )
        yield few, many


@contextmanager
def desk(environ: Mapping[str, str], folder: Path) -> Iterator[Desk]:
    """Give a desk on a copy of a database."""
    shutil.copytree(Path(environ["INSTANCE_PATH"]), folder)
    url = f"sqlite:///{folder / million.database_file(dict(environ)).name}"
    with site(folder, database_url=url, PORTAL_ENV="development") as place:
        yield Desk(place.app, signed_in(place.app))


def asking(desk: Desk, address: str, form: Mapping[str, str] | None = None) -> Ask:
    """Return what asks for a page, or sends a form, as the coordinator, without a test client's own cost."""
    path, _mark, query = address.partition("?")
    kept = desk.client._cookies or {}  # a client tells only of cookies that it is asked for
    cookies = "; ".join(f"{each.key}={each.value}" for each in kept.values())
    builder = EnvironBuilder(
        path=path,
        query_string=query,
        method="GET" if form is None else "POST",
        data=form and dict(form),
        headers=[("Cookie", cookies)],
    )
    environ = builder.get_environ()
    body = environ["wsgi.input"]

    def ask() -> str:
        body.seek(0)
        parts, status, _headers = run_wsgi_app(desk.app, {**environ})
        page = b"".join(parts).decode()
        if not status.startswith("200"):
            raise WrongAnswerError(f"a page of the desk was answered with {status}")
        return page

    return ask


def cost_of(ask: Ask, times: int) -> Cost:
    """Return what measures the processor's seconds of one page."""
    return lambda: processor_seconds(ask, times)
