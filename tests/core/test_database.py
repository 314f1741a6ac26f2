import threading
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError

from app.core.database import db, new_id
from app.inquiries.models import InquiryEvent
from app.outbox.models import OutboxWorker
from tests.support.engines import ON_SQLITE


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
