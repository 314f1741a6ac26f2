import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateIndex

from app import create_app
from app.core.database import Base, db, new_id
from app.core.inserting import insert_rows
from app.inquiries.models import InquiryEvent
from app.outbox.models import OutboxMail, OutboxWorker
from app.outbox.queue import new_mail
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.locking import locked, wait_shorter


def pragma(name: str) -> object:
    return db.session.scalar(sa.text(f"PRAGMA {name}"))


@ON_SQLITE
def test_sqlite_keeps_what_it_acknowledged_and_checks_what_it_is_given(app: Flask) -> None:
    with app.app_context():
        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2  # FULL
        assert pragma("foreign_keys") == 1
        assert isinstance(wait := pragma("busy_timeout"), int)
        assert wait >= 1000


def test_an_index_of_some_rows_is_made_for_these_alone(app: Flask) -> None:
    tables = Base.metadata.tables.values()
    of_some = [index for table in tables for index in table.indexes if "where" in index.info]

    with app.app_context():
        made = [str(CreateIndex(index).compile(db.engine)) for index in of_some]

    assert {str(index.info["where"]) for index in of_some} >= {
        "withdrawn_at IS NULL",
        "waiting_since IS NOT NULL",
    }
    assert all(
        text.endswith(f" WHERE {index.info['where']}") for index, text in zip(of_some, made, strict=True)
    )


def test_each_request_gives_its_connection_back_and_starts_no_thread(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def note(thread: threading.Thread) -> None:
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", note)
    sessions: list[Session] = []

    @app.after_request
    def look(response: Response) -> Response:
        db.session.execute(sa.select(OutboxWorker.id))
        sessions.append(db.session)
        return response

    assert client.get("/healthz").status_code == 200

    assert not sessions[0].in_transaction()
    assert not started
    with app.app_context():
        assert isinstance(pool := db.engine.pool, QueuePool)
        assert pool.checkedout() == 0


def write_often(app: Flask, times: int) -> None:
    """Keep so many rows, each in a transaction of its own."""
    for _time in range(times):
        with app.app_context():
            insert_rows({OutboxWorker: [{}], OutboxMail: [a_mail()]})
            db.session.commit()


def write_often_elsewhere(environ: dict[str, str], times: int) -> None:
    """Keep so many rows from another process."""
    app = create_app(environ)
    write_often(app, times)
    close(app)


def a_mail() -> dict[str, Any]:
    return new_mail("inquiry_received", recipient="one@mail.example", language="en", params={})


def test_eight_writers_at_once_in_several_processes_all_get_through(
    app: Flask, environ: dict[str, str]
) -> None:
    each = 25
    with (
        ProcessPoolExecutor(2, get_context("spawn")) as processes,
        ThreadPoolExecutor(6) as threads,
    ):
        writers = [processes.submit(write_often_elsewhere, environ, each) for _writer in range(2)]
        writers += [threads.submit(write_often, app, each) for _writer in range(6)]
        for writer in writers:
            writer.result()

    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxWorker)) == 8 * each


@ON_SQLITE
def test_who_waits_for_the_write_lock_for_too_long_is_told_that_it_is_locked(
    app: Flask, environ: dict[str, str], tmp_path: Path
) -> None:
    wait_shorter(app)
    with app.app_context(), locked(tmp_path / "portal.sqlite"):
        with pytest.raises(OperationalError, match="locked"):
            insert_rows({OutboxWorker: [{}]})
        db.session.rollback()
        assert pragma("busy_timeout") == 100  # what it was before


@ON_SQLITE
def test_readers_go_on_while_one_writes(app: Flask) -> None:
    with app.app_context():
        db.session.add(OutboxWorker())
        db.session.flush()
        seen: list[int | None] = []

        def read() -> None:
            with app.app_context():
                seen.append(db.session.scalar(sa.select(sa.func.count()).select_from(OutboxWorker)))

        reader = threading.Thread(target=read)
        reader.start()
        reader.join(10)

        assert seen == [0]
        db.session.commit()


def test_a_row_that_names_a_missing_one_is_refused(app: Flask) -> None:
    with app.app_context():
        db.session.add(InquiryEvent(inquiry_id=uuid4(), kind="sent"))

        with pytest.raises(IntegrityError):
            db.session.commit()


def test_a_failed_statement_does_not_tell_its_values(app: Flask) -> None:
    with app.app_context(), pytest.raises(IntegrityError) as failed:
        db.session.execute(
            sa.insert(InquiryEvent).values(inquiry_id=uuid4(), kind="canary-value", id=uuid4())
        )
    assert "canary-value" not in str(failed.value).replace(str(failed.value.orig), "")


def test_a_moment_comes_back_aware_and_in_utc(app: Flask) -> None:
    noon_elsewhere = datetime(2026, 3, 1, 12, 30, 15, 123456, timezone(timedelta(hours=5)))
    with app.app_context():
        worker = OutboxWorker(beat_at=noon_elsewhere)
        db.session.add(worker)
        db.session.commit()
        db.session.expire_all()

        assert worker.beat_at == noon_elsewhere
        assert worker.beat_at.tzinfo is UTC
        assert db.session.scalars(sa.select(OutboxWorker).where(OutboxWorker.beat_at == noon_elsewhere)).one()


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with app.app_context():
        db.session.add(OutboxWorker(beat_at=datetime(2026, 3, 1)))  # noqa: DTZ001 -- the mistake itself

        with pytest.raises(StatementError, match="without a time zone"):
            db.session.commit()


def test_ids_are_uuid_7_and_in_order_of_time() -> None:
    before = datetime.now(UTC)
    ids = [new_id() for _ in range(50)]
    made = datetime.fromtimestamp((ids[0].int >> 80) / 1000, UTC)

    assert {row.version for row in ids} == {7}
    assert {row.variant for row in ids} == {"specified in RFC 4122"}
    assert len(set(ids)) == 50
    assert abs(made - before) < timedelta(seconds=1)
    assert [row.int >> 80 for row in ids] == sorted(row.int >> 80 for row in ids)


@ON_SQLITE
def test_a_part_of_a_transaction_that_may_fail_begins_with_the_write_lock_too(app: Flask) -> None:
    with app.app_context():
        with db.session.begin_nested():
            db.session.add(OutboxWorker())
        db.session.rollback()

        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxWorker)) == 0
