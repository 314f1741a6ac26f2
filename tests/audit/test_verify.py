"""``flask audit verify`` finds whatever was altered, taken out or put in by hand."""

import base64
import secrets
from dataclasses import asdict
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app import create_app
from app.audit import chain, cli, verifying
from app.audit.chain import link, link_all, link_new
from app.audit.models import SEAL_BYTES, AuditEntry, AuditLink
from app.audit.seals import SEALED, encoded
from app.core.clock import now
from app.core.database import db, new_id
from app.outbox.worker import Worker, work_once
from tests.audit.altering import add_entries, by_hand, chained, drop_triggers, head, is_sqlite, verified
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.environment import FIELD_KEY, OLDER_FIELD_KEY

AN_ID = "01234567-89ab-7def-8123-456789abcdef"


def test_a_record_as_it_was_written_is_right(app: Flask) -> None:
    count = len(chained(app, 5))
    add_entries(app, 2)

    result = verified(app)

    assert result.exit_code == 0
    assert f"Entries in the chain: {count}\n" in result.output
    assert "Waiting for the chain: 2\n" in result.output
    assert result.output.endswith("The record is as it was written.\n")


@pytest.mark.parametrize(
    "change",
    [
        "id = :other",
        "at = '2026-01-01 12:00:00+00:00'",
        "actor = 'visitor'",
        "staff_id = :other",
        "address = '192.0.2.1'",
        "action = 'example.left'",
        "object_type = 'other'",
        "object_id = :other",
        'details = \'{"number": 2, "words": []}\'',
        "seal = NULL",
        "seal = :seal",
    ],
)
@pytest.mark.parametrize("is_linked", [True, False], ids=["linked", "waiting"])
def test_a_change_of_any_column_is_found(app: Flask, change: str, is_linked: bool) -> None:
    position, entry_id = chained(app, 3)[-1]
    if not is_linked:
        add_entries(app, 1)
        with app.app_context():
            entry_id = str(db.session.scalar(sa.select(AuditEntry.id).order_by(AuditEntry.id.desc())))
            entry_id = entry_id.replace("-", "") if is_sqlite(app) else entry_id
            # Entries without a seal are expected for a while after the first one with a seal.
            opened = time_machine.travel(now() + timedelta(days=2))
    drop_triggers(app)
    others = {"other": AN_ID.replace("-", "") if is_sqlite(app) else AN_ID, "seal": bytes(36)}
    named = {name: value for name, value in others.items() if f":{name}" in change}

    by_hand(app, f"UPDATE audit_entries SET {change} WHERE id = :id", id=entry_id, **named)
    if is_linked:
        result = verified(app)
    else:
        with opened:
            result = verified(app)

    assert result.exit_code == 1
    lines = [line for line in result.output.splitlines() if "position" in line or "not in the chain" in line]
    # With another id it is missing at its own place, and is one that nobody sealed.
    assert len(lines) == (2 if is_linked and change.startswith("id ") else 1)
    assert f"position {position}" in lines[0] if is_linked else "not in the chain yet" in lines[0]
    assert shown(entry_id) in lines[0] or AN_ID in lines[0]


def shown(entry_id: str) -> str:
    """Return an id as it is printed."""
    plain = entry_id.replace("-", "")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


@ON_SQLITE
@pytest.mark.parametrize(
    "change",
    [
        "id = 'x'",
        "at = 'yesterday'",
        "details = '{'",
        "details = 'null'",
        "details = x'00'",
        "object_id = 'x'",
    ],
)
@pytest.mark.parametrize("is_linked", [True, False], ids=["linked", "waiting"])
def test_what_cannot_even_be_read_is_found(app: Flask, change: str, is_linked: bool) -> None:
    _, entry_id = chained(app, 2)[-1]
    if not is_linked:
        add_entries(app, 1)
        with app.app_context():
            newest = db.session.scalar(sa.select(AuditEntry.id).order_by(AuditEntry.id.desc()))
            assert newest is not None
            entry_id = newest.hex
    drop_triggers(app)

    by_hand(app, f"UPDATE audit_entries SET {change} WHERE id = :id", id=entry_id)

    assert verified(app).exit_code == 1
    with app.app_context():
        link_all()  # goes on with the others
    assert verified(app).exit_code == 1


def test_an_entry_that_was_taken_out_is_found(app: Flask) -> None:
    position, entry_id = chained(app, 3)[-2]
    drop_triggers(app)

    by_hand(app, "DELETE FROM audit_entries WHERE id = :id", id=entry_id)

    result = verified(app)
    assert result.exit_code == 1
    assert f"Missing, the chain names it but it is not there: position {position}, {shown(entry_id)}." in (
        result.output
    )


def test_entries_that_were_taken_out_with_their_links_leave_a_gap(app: Flask) -> None:
    first, last = chained(app, 6)[-4:-1][0], chained(app, 0)[-2]
    drop_triggers(app)

    by_hand(
        app, "DELETE FROM audit_links WHERE position BETWEEN :first AND :last", first=first[0], last=last[0]
    )
    by_hand(app, "DELETE FROM audit_entries WHERE id BETWEEN :first AND :last", first=first[1], last=last[1])

    result = verified(app)
    assert result.exit_code == 1
    assert f"Missing from the chain: positions {first[0]} to {last[0]}." in result.output


def test_a_gap_that_was_closed_by_counting_anew_is_found(app: Flask) -> None:
    rows = chained(app, 4)
    position, entry_id = rows[-2]
    drop_triggers(app)

    by_hand(app, "DELETE FROM audit_links WHERE position = :position", position=position)
    by_hand(app, "DELETE FROM audit_entries WHERE id = :id", id=entry_id)
    by_hand(
        app, "UPDATE audit_links SET position = position - 1 WHERE position > :position", position=position
    )
    with app.app_context():  # and the plain digest made anew
        before = db.session.get_one(AuditLink, position - 1)
        entry = db.session.get_one(AuditEntry, db.session.get_one(AuditLink, position).entry_id)
        content = encoded({name: getattr(entry, name) for name in SEALED})
        start = chain.Link(before.position, before.digest, before.seal)
        digest = chain.digest_of(start, content, entry.seal)
    by_hand(
        app,
        "UPDATE audit_links SET digest = :digest WHERE position = :position",
        digest=digest,
        position=position,
    )

    result = verified(app)
    assert result.exit_code == 1
    assert f"The chain was altered here: position {position}" in result.output


@pytest.mark.parametrize("change", ["digest = :bytes32", "seal = :bytes36", "entry_id = :other"])
def test_a_link_that_was_altered_is_found(app: Flask, change: str) -> None:
    position, _ = chained(app, 4)[-3]
    drop_triggers(app)
    others = {
        "bytes32": bytes(32),
        "bytes36": bytes(36),
        "other": AN_ID.replace("-", "") if is_sqlite(app) else AN_ID,
    }
    named = {name: value for name, value in others.items() if f":{name}" in change}

    by_hand(app, f"UPDATE audit_links SET {change} WHERE position = :position", position=position, **named)

    result = verified(app)
    assert result.exit_code == 1
    assert any(f"position {number}" in result.output for number in (position, position + 1))


def test_two_entries_that_changed_places_are_found(app: Flask) -> None:
    (one, first), (two, second) = chained(app, 4)[-3:-1]
    drop_triggers(app)

    aside = AN_ID.replace("-", "") if is_sqlite(app) else AN_ID
    for position, entry_id in ((one, aside), (two, first), (one, second)):
        by_hand(app, "UPDATE audit_links SET entry_id = :id WHERE position = :at", id=entry_id, at=position)

    result = verified(app)
    assert result.exit_code == 1
    assert f"The chain breaks here, this entry does not continue the one before it: position {one}" in (
        result.output
    )


def test_an_entry_that_was_put_in_by_hand_is_found_and_never_linked(app: Flask) -> None:
    chained(app, 1)
    with time_machine.travel(now() + timedelta(days=2)):
        add_unsealed(app)

        with app.app_context():
            assert (link_new(), link_all()) == (0, 0)
        result = verified(app)

    assert result.exit_code == 1
    assert "Added by hand, without a seal: not in the chain yet" in result.output


def test_an_entry_that_was_put_in_with_a_seal_of_an_unknown_key_is_found_and_never_linked(app: Flask) -> None:
    chained(app, 1)
    add_by_hand(app, secrets.token_bytes(SEAL_BYTES))

    with app.app_context():
        assert (link_new(), link_all()) == (0, 0)
    result = verified(app)

    assert result.exit_code == 1
    assert "Sealed with a key that is not among FIELD_KEYS: not in the chain yet" in result.output


def test_a_chain_that_was_made_anew_with_seals_of_an_unknown_key_is_found_and_not_continued(
    app: Flask,
) -> None:
    position, entry_id = chained(app, 4)[-3]
    drop_triggers(app)
    by_hand(app, "DELETE FROM audit_links WHERE position >= :position", position=position)
    by_hand(app, "DELETE FROM audit_entries WHERE id = :id", id=entry_id)
    with app.app_context():
        end = chain.last_link()
        for entry in chain.entries_to_link(None):
            digest = chain.digest_of(end, encoded(entry), entry["seal"])
            end = chain.Link(end.position + 1, digest, secrets.token_bytes(SEAL_BYTES))
            db.session.execute(sa.insert(AuditLink), {**asdict(end), "entry_id": entry["id"]})
        db.session.commit()

    chained(app, 1)  # the worker goes on
    result = verified(app)

    assert result.exit_code == 1
    assert "The end of the chain is sealed with a key that is not among FIELD_KEYS" in result.output


def add_unsealed(app: Flask) -> None:
    """Add an entry as the release before did, or as somebody does by hand."""
    add_by_hand(app, None)


def add_by_hand(app: Flask, seal: bytes | None) -> None:
    """Add an entry that this site did not write."""
    with app.app_context():
        entry = {"id": new_id(), "at": now(), "actor": "system", "action": "example.done", "object_type": "x"}
        db.session.execute(sa.insert(AuditEntry), {**entry, "details": {}, "seal": seal})
        db.session.commit()


def test_entries_of_the_release_before_are_sealed_when_they_are_linked(app: Flask) -> None:
    add_unsealed(app)
    assert verified(app).exit_code == 0

    (*_, (position, entry_id)) = chained(app, 0)
    result = verified(app)
    assert result.exit_code == 0
    assert "Of the chain's, from before there were seals: 1\n" in result.output

    drop_triggers(app)
    by_hand(app, "UPDATE audit_entries SET action = 'example.left' WHERE id = :id", id=entry_id)
    assert f"Altered: position {position}" in verified(app).output


def test_a_cut_end_is_found_by_the_head_that_was_noted(app: Flask) -> None:
    rows = chained(app, 4)
    noted = head(verified(app))
    assert verified(app, "--expect", noted).exit_code == 0
    chained(app, 2)
    result = verified(app, "--expect", noted)
    assert result.exit_code == 0
    assert f"Nothing up to position {rows[-1][0]} was changed since it was noted." in result.output

    drop_triggers(app)
    for position, entry_id in chained(app, 0)[-3:]:
        by_hand(app, "DELETE FROM audit_links WHERE position = :position", position=position)
        by_hand(app, "DELETE FROM audit_entries WHERE id = :id", id=entry_id)

    assert verified(app).exit_code == 0
    result = verified(app, "--expect", noted)
    assert result.exit_code == 1
    assert (
        f"Cut off: the chain went on to position {rows[-1][0]}, and ends at {rows[-2][0]} now."
        in result.output
    )

    chained(app, 1)
    result = verified(app, "--expect", noted)
    assert result.exit_code == 1
    assert f"Made anew: position {rows[-1][0]} is not what was noted." in result.output


@ON_SQLITE
@pytest.mark.parametrize("noted", ["", "1", "1:", "1:abc", "x:" + "0" * 64, "1:" + "g" * 64])
def test_a_head_that_was_copied_wrong_is_refused_with_what_to_do(app: Flask, noted: str) -> None:
    result = verified(app, "--expect", noted)

    assert result.exit_code == 2
    assert "Write what “flask audit verify” printed" in result.output


@ON_SQLITE
def test_the_head_of_an_empty_chain_can_be_noted_too(app: Flask) -> None:
    noted = head(verified(app))

    assert noted.startswith("0:")
    chained(app, 1)
    assert verified(app, "--expect", noted).exit_code == 0


def test_the_record_stays_provable_when_keys_change(app: Flask, environ: dict[str, str]) -> None:
    _, entry_id = chained(app, 2)[-1]
    newer = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()

    both = create_app({**environ, "FIELD_KEYS": f"{newer},{FIELD_KEY}"})
    chained(both, 2)
    assert verified(both).exit_code == 0
    close(both)
    alone = create_app({**environ, "FIELD_KEYS": newer})
    result = verified(alone)
    assert result.exit_code == 0
    assert "Sealed with a key that FIELD_KEYS no longer holds, vouched for by the chain: " in result.output

    drop_triggers(alone)
    by_hand(alone, "UPDATE audit_entries SET action = 'example.left' WHERE id = :id", id=entry_id)
    result = verified(alone)
    assert result.exit_code == 1
    assert shown(entry_id) in result.output
    close(alone)


def test_without_the_keys_nothing_is_called_right(app: Flask, environ: dict[str, str]) -> None:
    chained(app, 1)
    add_entries(app, 1)

    other = create_app({**environ, "FIELD_KEYS": OLDER_FIELD_KEY})
    result = verified(other)

    assert result.exit_code == 1
    assert "The end of the chain is sealed with a key that is not among FIELD_KEYS" in result.output
    assert "Sealed with a key that is not among FIELD_KEYS: not in the chain yet" in result.output
    close(other)


def test_a_long_record_is_read_in_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 3)
    monkeypatch.setattr(verifying, "BATCH", 2)
    rows = chained(app, 7)
    add_entries(app, 5)
    assert [position for position, _ in rows] == list(range(1, len(rows) + 1))
    assert verified(app).exit_code == 0

    drop_triggers(app)
    by_hand(app, "UPDATE audit_entries SET action = 'example.left'")

    result = verified(app)
    assert result.output.count("Altered: ") == len(rows) + 5


def test_a_worker_links_what_was_added(app: Flask) -> None:
    add_entries(app, 2)
    assert "Waiting for the chain: 0\n" not in verified(app).output

    work_once(app, Worker())

    assert "Waiting for the chain: 0\n" in verified(app).output


@ON_SQLITE
def test_reading_that_takes_long_shows_that_it_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    chained(app, 1)
    assert "Reading the record" not in verified(app).output

    monkeypatch.setattr(cli, "SHOWN_AFTER_SECONDS", 0)
    assert "Reading the record" in verified(app).output


def test_two_who_link_at_once_make_one_chain(app: Flask) -> None:
    add_entries(app, 3)
    with app.app_context():
        before, entries = chain.last_link(), chain.entries_to_link(None)
        assert link() == len(entries)  # the other one is faster

        digest = chain.digest_of(before, encoded(entries[0]), entries[0]["seal"])
        late = {
            "position": 1,
            "digest": digest,
            "seal": chain.link_seal(1, digest),
            "entry_id": entries[0]["id"],
        }
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(sa.insert(AuditLink), [late])
        db.session.rollback()
        assert link_all() == 0

    assert verified(app).exit_code == 0


def test_an_entry_that_was_committed_late_is_linked_all_the_same(app: Flask) -> None:
    chained(app, 1)
    with time_machine.travel(now() - timedelta(hours=3)):
        add_entries(app, 1)  # or the clock was put back
    with app.app_context():
        assert link_new() == 0
        assert link_all() == 1

    assert verified(app).exit_code == 0
