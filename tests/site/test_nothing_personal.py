"""Canary values go through the whole site; they may stand on the desk's pages and nowhere else."""

import re
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.database import db
from tests.support import cast
from tests.support.databases import PostgreSQL
from tests.support.engines import ON_POSTGRESQL, ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.pages import page_of
from tests.support.sending import sent_reference
from tests.support.staff import signed_in
from tests.support.worker import send_all

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def needles(*encodings: str) -> list[bytes]:
    """Return every canary in every spelling, as a file in one of the encodings could hold it."""
    texts = {spelled for text in cast.CANARIES for spelled in (text, text.lower(), text.upper())}
    return [text.encode(encoding) for text in texts for encoding in encodings or ENCODINGS]


def work_with_canaries(app: Flask, client: FlaskClient) -> str:
    """Send an inquiry, read it, move it and write a note; return its reference."""
    reference = sent_reference(client, cast.EXAMPLE_TWO)
    desk = signed_in(app, "coordinator")
    page = page_of(desk.get(f"/desk/inquiries/{reference}"))
    notes = f"/desk/inquiries/{reference}/notes"
    assert desk.post(notes, data={**page.values(notes), "text": cast.NOTE}).status_code == 303
    assert cast.NOTE in page_of(desk.get(f"/desk/inquiries/{reference}")).text
    page = page_of(desk.get("/desk"))
    desk.post("/desk/search", data={**page.values("/desk/search"), "sought": cast.PATIENT_EMAIL})
    return reference


@ON_SQLITE
def test_no_file_of_a_sqlite_database_holds_a_canary(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    work_with_canaries(app, client)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"portal.sqlite", "portal.sqlite-wal"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert [needle for needle in needles() if needle in content] == [], path.name


@ON_POSTGRESQL
def test_no_file_of_a_postgresql_server_holds_a_canary(
    app: Flask, client: FlaskClient, engine: PostgreSQL
) -> None:
    work_with_canaries(app, client)
    engine.run("CHECKPOINT")
    with psycopg.connect(engine.server) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)

    files = [path for part in ("base", "pg_wal") for path in (Path(folder) / part).rglob("*")]
    searched = 0
    for path in files:
        with suppress(FileNotFoundError, IsADirectoryError):  # another test's database was dropped
            content = path.read_bytes()
            assert [needle for needle in needles("utf-8") if needle in content] == [], path
            searched += len(content)
    assert searched > 1_000_000


def test_no_column_of_any_table_holds_a_canary(app: Flask, client: FlaskClient) -> None:
    work_with_canaries(app, client)

    with app.app_context():
        tables = sa.inspect(db.engine).get_table_names()
        cells = [
            (table, cell if isinstance(cell, bytes) else str(cell).encode())
            for table in tables
            for row in db.session.execute(sa.text(f'SELECT * FROM "{table}"'))
            for cell in row
        ]
    assert {"inquiries", "inquiry_events", "inquiry_lookups", "outbox_mails"} <= {table for table, _ in cells}
    assert [table for table, cell in cells if any(needle in cell for needle in needles())] == []


def test_no_mail_tells_more_than_the_reference(app: Flask, client: FlaskClient, smtp: Mailbox) -> None:
    reference = work_with_canaries(app, client)

    send_all(app)

    mails = smtp.wait_for(3)
    for mail in mails:
        words = mail.text.replace(f"To: {cast.PATIENT_EMAIL}", "")
        assert reference in words
        assert [canary for canary in cast.CANARIES if canary.lower() in words.lower()] == []
        assert not re.search(r"\b(T10|Spain|incomplete|thoracic|1985|2019|bladder)\b", words)
    assert len({mail.message["Message-ID"] for mail in mails}) == 3


def test_no_address_holds_a_canary(app: Flask, client: FlaskClient) -> None:
    reference = work_with_canaries(app, client)
    desk = signed_in(app, "doctor")

    for path in ("/desk", f"/desk/inquiries/{reference}"):
        page = page_of(desk.get(path))
        addresses = [
            element.get(name, "")
            for element in page.root.iter()
            for name in ("href", "src", "action", "formaction")
        ]
        assert not [address for address in addresses if any(c in address for c in cast.CANARIES)]


@pytest.mark.parametrize("path", ["/", "/inquiries/sent", "/nothing", "/desk", "/readyz"])
def test_another_visitor_sees_nothing_of_it(app: Flask, client: FlaskClient, path: str) -> None:
    reference = work_with_canaries(app, client)

    for visitor in (app.test_client(), client):
        text = visitor.get(path).text
        assert [canary for canary in cast.CANARIES if canary in text] == []
    assert reference not in app.test_client().get(path).text


def test_a_mail_says_who_writes_what_happened_and_what_to_do(
    app: Flask, client: FlaskClient, smtp: Mailbox
) -> None:
    reference = sent_reference(client, cast.EXAMPLE_TWO)

    send_all(app)

    mails = {mail.recipients[0]: mail for mail in smtp.wait_for(3)}
    to_sender, to_coordinator = mails[cast.PATIENT_EMAIL], mails["coordinator.one@clinic.example"]
    for mail in (to_sender, to_coordinator):
        kinds = [part.get_content_type() for part in mail.message.walk() if not part.is_multipart()]
        assert kinds == ["text/plain", "text/html"]
        assert mail.message["From"].addresses[0].addr_spec == "no-reply@portal.example"
    assert f"https://portal.example/desk/inquiries/{reference}" in to_coordinator.text
    assert "/desk" not in to_sender.text
