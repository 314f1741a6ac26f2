"""The start page with the whole form, as a first visit gets it: with a session, tokens and a nonce.

It is held against

- Flask answering one word, both in this process, by the processor's time for one request;
- the same page and form in Django 5, and
- a raw WSGI application that gives the same headers and the same compressed body to everyone, each on granian
  with one process, by what the server's processors work for one request.

The site runs with its logs as in production. The browser takes brotli; Django's page is not compressed. Each
page has to hold the form whole, in every content coding, and a form that was got so has to be taken.
"""

import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from flask import Flask
from werkzeug.test import EnvironBuilder

from bench.figures import Cost, Figure, WrongAnswerError, at_least, at_most, pairs, processor_seconds, ratios
from bench.references import django_site, hello, raw
from bench.sites import Server, Site, ask, served, site
from tests.support.sending import filled, post

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "en-GB,en;q=0.9,es;q=0.8"}
"""What a browser says of itself."""
FIELDS = 30
"""So many fields and buttons the form has at least."""
IN_PROCESS, ON_SERVER, OF_DJANGO = 2000, 1500, 40
"""Requests of one round."""
VALUES = re.compile(r'(nonce=|name="(?:csrf_token|form_key|opened)"[^>]* value=)"[^"]+"')
"""What each visit has its own of."""
NOT_SERVED = {"connection", "content-length", "date", "server", "transfer-encoding"}
"""Headers that a server writes by itself."""


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on SQLite, with the content that comes with the site."""
    with tempfile.TemporaryDirectory() as name, site(Path(name)) as ours:
        tell("checking the answers")
        check(ours.app)
        tell("against Flask")
        yield against_hello(ours.app)
        with served("wsgi:app", ours.environ) as server:
            tell("against a raw application")
            yield against_raw(server, Path(name))
            tell("against Django")
            yield against_django(server, ours, Path(name))


def against_hello(app: Flask) -> Figure:
    """Compare with Flask answering one word."""
    costs = pairs(calling(app, BROWSER), calling(hello.app, BROWSER))
    ours, theirs = (sum(cost) / len(cost) * 1e6 for cost in zip(*costs, strict=True))
    told = f"{ours:.0f} µs of the processor for a first visit, {theirs:.0f} µs for hello"
    return at_most("home: first visit", 3, "× Flask hello", ratios(costs), told)


def against_raw(server: Server, folder: Path) -> Figure:
    """Compare with an application that gives everyone the same."""
    answer = ask(server.connect(), "/", BROWSER)
    if answer.headers["Content-Encoding"] != "br":
        raise WrongAnswerError("the start page did not come in brotli")
    body = folder / "body"
    body.write_bytes(answer.body)
    headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in NOT_SERVED]
    with served("bench.references.raw:app", raw.environment_of(body, headers)) as other:
        costs = pairs(asking(other, ON_SERVER), asking(server, ON_SERVER))
    theirs, ours = (sum(cost) / len(cost) * 1e6 for cost in zip(*costs, strict=True))
    told = (
        f"{len(answer.body)} bytes; {ours:.0f} µs of the server's processors, {theirs:.0f} µs for the raw one"
    )
    return at_least("home: first visit, raw", 0.75, "of raw WSGI", ratios(costs), told)


def against_django(server: Server, ours: Site, folder: Path) -> Figure:
    """Compare with the same page in Django."""
    information = folder / "information"
    information.write_text(information_of(ours.app))
    environ = django_site.environment_of(f"sqlite:///{folder / 'django.sqlite'}", information)
    django_site.make_tables(environ)
    with served("bench.references.django_site.wsgi:app", environ) as other:
        check_form(ask(other.connect(), "/", BROWSER).body.decode())
        costs = pairs(asking(other, OF_DJANGO), asking(server, OF_DJANGO * 10))
    theirs, here = (sum(cost) / len(cost) * 1e3 for cost in zip(*costs, strict=True))
    told = f"{theirs:.1f} ms of the server's processors in Django, {here:.2f} ms here"
    return at_least("home: first visit, Django", 40, "× Django", ratios(costs), told)


def calling(app: Flask, headers: dict[str, str]) -> Cost:
    """Return what measures an application in this process."""
    environ = EnvironBuilder(path="/", headers=list(headers.items())).get_environ()

    def call() -> None:
        answer = app({**environ}, lambda _status, _headers: bytes)  # type: ignore[arg-type]
        for _part in answer:
            pass
        if hasattr(answer, "close"):
            answer.close()

    return lambda: processor_seconds(call, IN_PROCESS)


def asking(server: Server, times: int) -> Cost:
    """Return what measures a server: the seconds that its processors work for one request."""
    connection = server.connect()

    def cost() -> float:
        before = server.processor_seconds()
        ask(connection, "/", BROWSER, times=times)
        return (server.processor_seconds() - before) / times

    return cost


def check(app: Flask) -> None:
    """Raise WrongAnswerError unless the page is whole in each coding, and its form is taken."""
    plain = app.test_client().get("/").text
    check_form(plain)
    pages = {
        "br": brotli.decompress,
        "gzip": lambda body: zlib.decompress(body, 16 + zlib.MAX_WBITS),
    }
    for coding, decompress in pages.items():
        answer = app.test_client().get("/", headers={"Accept-Encoding": coding})
        page = decompress(answer.data).decode()
        if answer.headers["Content-Encoding"] != coding or VALUES.sub("", page) != VALUES.sub("", plain):
            raise WrongAnswerError(f"the start page is another one in {coding}")
    client = app.test_client()
    if post(client, filled(client)).status_code != 303:
        raise WrongAnswerError("a form of the start page was not taken")


def check_form(page: str) -> None:
    """Raise WrongAnswerError unless a page holds the whole form."""
    found = len(re.findall(r"<(?:input|textarea|select|button)\b", page))
    if found < FIELDS or "csrf" not in page:
        raise WrongAnswerError(f"the form has {found} fields and buttons only")


def information_of(app: Flask) -> str:
    """Return the treatment page as it stands beside the form."""
    page = app.test_client().get("/").text
    begin, end = page.index('<div class="information">'), page.index('<section class="home__form-card')
    return page[begin:end]
