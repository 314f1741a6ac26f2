"""Rows that are kept without the session come out as the session would have kept them."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError

from app.audit.log import VISITOR, new_entry
from app.audit.models import AuditEntry
from app.core.database import db, new_id
from app.core.inserting import Rows, insert_rows
from app.inquiries.models import Draft
from app.outbox.models import OutboxMail, OutboxWorker
from app.outbox.queue import new_mail

MOMENT = datetime(2026, 3, 1, 12, 30, 15, 123456, UTC)
AWKWARD = {"text": '"quoted" \\back\\ \n العربية 👋', "none": None, "list": [1, 2.5, True]}


def test_rows_of_several_tables_come_back_as_they_were_given(app: Flask) -> None:
    with app.app_context():
        about = uuid4()
        entry = new_entry(VISITOR, "tested", "nothing", about, **AWKWARD)
        mail = new_mail(
            "inquiry_received", recipient="Ána@mail.example", language="es", params=AWKWARD, about_id=about
        )
        worker = new_id()
        insert_rows(
            {AuditEntry: [entry], OutboxMail: [mail], OutboxWorker: [{"id": worker, "beat_at": MOMENT}]}
        )
        db.session.commit()

        kept = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.object_id == about)).one()
        assert {name: getattr(kept, name) for name in entry} == entry
        sent = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.about_id == about)).one()
        assert {name: getattr(sent, name) for name in mail} == mail
        assert (sent.recipient, sent.params) == ("Ána@mail.example", AWKWARD)
        assert db.session.get_one(OutboxWorker, worker).beat_at == MOMENT


def test_what_is_not_given_is_the_models_default_or_nothing(app: Flask) -> None:
    with app.app_context():
        mail = new_mail("inquiry_received", recipient="one@mail.example", language="en", params={})
        insert_rows({OutboxMail: [mail], OutboxWorker: [{}, {}]})
        db.session.commit()

        sent = db.session.scalars(sa.select(OutboxMail)).one()
        assert (sent.state, sent.attempts, sent.unanswered) == ("queued", 0, 0)
        assert (sent.about_id, sent.worker, sent.sent_at, sent.answer) == (None, None, None, None)
        assert len(set(db.session.scalars(sa.select(OutboxWorker.id)))) == 2


@pytest.mark.parametrize("rows", [{OutboxWorker: [{}]}, {}])
def test_what_is_gone_with_new_rows_is_removed_and_nothing_else(app: Flask, rows: Rows) -> None:
    with app.app_context():
        drafts = [draft(key) for key in (b"one", b"two")]
        insert_rows(rows, (Draft, "form_key_digest", drafts[0]))
        db.session.commit()

        assert list(db.session.scalars(sa.select(Draft.form_key_digest))) == drafts[1:]


def test_what_is_gone_stays_where_the_rows_cannot_be_added(app: Flask) -> None:
    with app.app_context():
        kept = draft(b"one")
        worker = new_id()
        with pytest.raises(IntegrityError):
            insert_rows({OutboxWorker: [{"id": worker}, {"id": worker}]}, (Draft, "form_key_digest", kept))
        db.session.rollback()

        assert list(db.session.scalars(sa.select(Draft.form_key_digest))) == [kept]


def draft(form_key: bytes) -> bytes:
    """Keep a draft, and return the digest of its form's key."""
    row = Draft(form_key_digest=sha256(form_key).digest(), path="form", page_language="en", ends_at=MOMENT)
    row.id, row.version = new_id(), 1
    row.content = {"form_key": "one"}
    db.session.add(row)
    db.session.commit()
    return row.form_key_digest


def test_a_kind_without_rows_adds_none(app: Flask) -> None:
    with app.app_context():
        insert_rows({OutboxMail: [], OutboxWorker: [{}]})
        db.session.commit()

        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxWorker)) == 1


def test_nothing_is_added_where_no_kind_has_rows(app: Flask) -> None:
    with app.app_context():
        insert_rows({OutboxMail: [], OutboxWorker: []})
        db.session.commit()

        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxWorker)) == 0


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises((ValueError, StatementError), match="without a time zone"):
        insert_rows({OutboxWorker: [{"beat_at": MOMENT.replace(tzinfo=None)}]})


def test_rows_are_kept_all_or_none_of_them(app: Flask) -> None:
    with app.app_context():
        mail = new_mail("inquiry_received", recipient="one@mail.example", language="en", params={})
        with pytest.raises(IntegrityError):
            insert_rows({OutboxWorker: [{}], OutboxMail: [mail, {**mail, "id": new_id()}]})
        db.session.rollback()

        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxWorker)) == 0
