"""Sending an inquiry over HTTP, one after another on one connection, on SQLite and on PostgreSQL.

Each is a right form of its own, from a network address of its own, as a visitor without script sends it: the
check of a proof of work costs on purpose, and is not counted. The site runs on granian with one process and
its logs as in production. It is held against

- a raw WSGI application on the same server that parses the form, inserts the very rows that the site wrote
  for one inquiry, and commits once (``references/raw_rows.py``);
- the same page and form in Django 5, which writes the same kinds of rows by its ORM.

What counts is how many a second come through, by the clock; what the server's processors work for one is
told besides. Every answer has to lead to the confirmation, and every row has to be there in the end, the
references' too.
"""

import pickle
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

from app.core.clock import now
from app.core.database import db
from app.core.links import new_token
from app.inquiries.models import Inquiry
from bench.figures import Figure, WrongAnswerError, at_least, pairs, ratios
from bench.references import django_site, raw_rows
from bench.sites import ENGINES, EngineName, Server, Site, ask, served, site
from tests.support.cast import EXAMPLE_ONE
from tests.support.sending import filled

TIMES = 40
"""Inquiries of one round; in ten minutes 60 would be a flood, so each round's are made older."""
DJANGO_TIMES = 15
AGE = timedelta(days=30)
OF_EACH = {
    "inquiries": 1,
    "consents": 2,
    "inquiry_lookups": 20,
    "inquiry_events": 1,
    "audit_entries": 1,
    "outbox_mails": 2,
}
"""Rows of one inquiry: it is found by an address, a number and words of a name, and told of by two mails."""
OURS = {table: table for table in OF_EACH}
"""Where these rows are, here and in the raw reference."""
DJANGO = {
    "inquiries": "django_site_inquiry",
    "consents": "django_site_consent",
    "inquiry_lookups": "django_site_inquirylookup",
    "inquiry_events": "django_site_inquiryevent",
    "audit_entries": "django_site_auditentry",
    "outbox_mails": "django_site_outboxmail",
}
OF_EACH_AT_DJANGO = {**OF_EACH, "inquiry_lookups": 19}
"""It looks for no hints in the answers, of which the portal finds one."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Sender:
    """A crowd of people who each send the form once; all of them through one connection."""

    def __init__(
        self, server: Server, headers: dict[str, str], fields: dict[str, Any], first: int = 0
    ) -> None:
        """Take what a browser sends, headers and the form's fields, and a number that no other begins at."""
        self.server, self.headers, self.fields = server, headers, fields
        self.connection: HTTPConnection = server.connect()
        self.first = first
        self.sent = 0
        self.processor_seconds: list[float] = []
        """Of one inquiry, round by round."""

    def send(self) -> None:
        """Send one inquiry; raise WrongAnswerError unless it is confirmed."""
        self.sent += 1
        number = self.first + self.sent
        body = urlencode({**self.fields, **own(number)}, doseq=True).encode()
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        headers = {**self.headers, **FORM, "X-Forwarded-For": address}
        answer = ask(self.connection, "/inquiries", headers, body=body, status=303)
        if not answer.headers["Location"].endswith("/inquiries/sent"):
            raise WrongAnswerError(f"an inquiry was answered with the way to {answer.headers['Location']}")

    def seconds(self, times: int) -> float:
        """Send so many, and return the seconds that one took."""
        worked, start = self.server.processor_seconds(), time.perf_counter()
        for _time in range(times):
            self.send()
        passed = time.perf_counter() - start
        self.processor_seconds.append((self.server.processor_seconds() - worked) / times)
        return passed / times


def own(number: int) -> dict[str, str]:
    """Return what is different in each form."""
    return {"form_key": new_token(), "email": f"person{number}@mail.example"}


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ENGINES:
        tell(f"{engine}: a site")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)  # PostgreSQL has a user of its own
            yield from measured_on(engine, Path(folder), tell)


def measured_on(engine: EngineName, folder: Path, tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on one engine."""
    with (
        site(folder, engine, TRUSTED_PROXIES="1", COORDINATOR_EMAILS="coordinator@clinic.example") as ours,
        beside(ours, folder / "raw", migrated=True) as raw_url,
        beside(ours, folder / "django", migrated=False) as django_url,
        served("wsgi:app", ours.environ) as server,
    ):
        url = ours.environ["DATABASE_URL"]
        before = counts(url)
        sender = Sender(server, *filled_in(ours.app))
        sender.send()
        rows = folder / "rows"
        rows.write_bytes(pickle.dumps(raw_rows.rows_of(url)))
        tell(f"{engine}: against raw inserts")
        with served("bench.references.raw_rows:app", raw_rows.environment_of(raw_url, rows)) as other:
            raw = Sender(other, {}, sender.fields)
            raw_before = counts(raw_url)
            costs = turns(ours.app, sender, raw, TIMES)
            check_rows(raw_url, raw_before, raw.sent)
            yield at_least(f"sending on {engine}", 0.5, "of raw inserts", *by_rate(costs, sender, raw))
        tell(f"{engine}: against Django")
        information = folder / "information"
        information.write_text("")
        environ = django_site.environment_of(django_url, information)
        django_site.make_tables(environ)
        with served("bench.references.django_site.wsgi:app", environ) as other:
            django = Sender(other, *filled_in_at(other, sender.fields))
            django_before = counts(django_url, DJANGO)
            costs = turns(ours.app, sender, django, DJANGO_TIMES)
            check_rows(django_url, django_before, django.sent, DJANGO, OF_EACH_AT_DJANGO)
            yield at_least(f"sending on {engine}, Django", 4, "× Django", *by_rate(costs, sender, django))
        check_rows(url, before, sender.sent)
        check_no_marks(ours.app)


def beside(ours: Site, folder: Path, *, migrated: bool) -> Any:
    """Give the address of another database on the same engine."""
    folder.mkdir()
    return ours.engine.database(folder, migrated=migrated)


def turns(app: Flask, ours: Sender, other: Sender, times: int) -> list[tuple[float, float]]:
    """Return the seconds that one inquiry took here and there, in turns."""

    def own_seconds() -> float:
        make_older(app)
        return ours.seconds(times)

    return pairs(own_seconds, lambda: other.seconds(times))


def by_rate(costs: list[tuple[float, float]], ours: Sender, other: Sender) -> tuple[list[float], str]:
    """Return how many come through here for one there, and what stands behind it."""
    worked = list(zip(*(each.processor_seconds[-len(costs) :] for each in (ours, other)), strict=True))
    told = "; ".join(
        f"{name} {1 / median(passed):.0f} a second, each {median(seconds) * 1000:.1f} ms of processors"
        for name, passed, seconds in zip(
            ("ours", "the other"), zip(*costs, strict=True), zip(*worked, strict=True), strict=True
        )
    )
    by_processor = median(1 / ratio for ratio in ratios(worked))
    return [1 / ratio for ratio in ratios(costs)], f"{told}; {by_processor:.2f} by the processors' time"


def filled_in(app: Flask) -> tuple[dict[str, str], dict[str, Any]]:
    """Open the site's form, and return the cookie and the fields of a visitor who filled it in."""
    client = app.test_client()
    fields = filled(client, EXAMPLE_ONE)
    cookie = client.get_cookie("portal")
    if cookie is None:
        raise WrongAnswerError("the page with the form set no cookie")
    return {"Cookie": f"portal={cookie.value}"}, fields


def filled_in_at(server: Server, fields: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Do the same at Django's site, whose form has the same fields and a token of its own."""
    answer = ask(server.connect(), "/")
    cookies = dict(each.split(";")[0].split("=", 1) for each in answer.headers.get_all("Set-Cookie", []))
    token = answer.body.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}, {
        **fields,
        "csrfmiddlewaretoken": token,
    }


def make_older(app: Flask) -> None:
    """Let everything have been sent long ago, so that nothing counts as a flood."""
    with app.app_context():
        db.session.execute(sa.update(Inquiry).values(sent_at=now() - AGE))
        db.session.commit()


def counts(url: str, tables: Mapping[str, str] = OURS) -> dict[str, int]:
    """Return how many rows there are in each table that sending writes to."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = {
            name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table)))
            for name, table in tables.items()
        }
    engine.dispose()
    return {name: count or 0 for name, count in found.items()}


def check_rows(
    url: str,
    before: dict[str, int],
    sent: int,
    tables: Mapping[str, str] = OURS,
    of_each: Mapping[str, int] = OF_EACH,
) -> None:
    """Raise WrongAnswerError unless each inquiry that was sent has all its rows."""
    added = {name: count - before[name] for name, count in counts(url, tables).items()}
    if added != {name: number * sent for name, number in of_each.items()}:
        raise WrongAnswerError(f"{sent} inquiries were sent, and there are {added}")


def check_no_marks(app: Flask) -> None:
    """Raise WrongAnswerError if an inquiry was taken for a machine's: that would be another path."""
    with app.app_context():
        if db.session.scalar(sa.select(sa.func.count()).where(Inquiry.suspicious)):
            raise WrongAnswerError("inquiries were marked as a machine's")
