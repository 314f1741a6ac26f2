import base64
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.core.crypto import CannotOpenError, Keyring, Sealed, digest
from tests.support.environment import FIELD_KEY, OLDER_FIELD_KEY

NEW, OLD = base64.urlsafe_b64decode(FIELD_KEY), base64.urlsafe_b64decode(OLDER_FIELD_KEY)
ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
PLACE = ("inquiries", "answers_sealed", ROW)
VALUE = "Zoë Example, +34 600".encode()


def test_a_sealed_value_opens_where_it_was_sealed_and_shows_nothing() -> None:
    sealed = Keyring([NEW]).seal(*PLACE, VALUE)

    assert Keyring([NEW]).open(*PLACE, sealed) == VALUE
    assert VALUE not in sealed
    assert sealed[:1] == b"\x01"


def test_the_same_value_is_never_sealed_the_same_way() -> None:
    ring = Keyring([NEW])

    assert len({ring.seal(*PLACE, VALUE) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "elsewhere",
    [
        ("inquiries", "answers_sealed", OTHER_ROW),
        ("inquiries", "text_sealed", ROW),
        ("inquiry_events", "answers_sealed", ROW),
    ],
)
def test_a_value_moved_to_another_row_column_or_table_does_not_open(
    elsewhere: tuple[str, str, UUID],
) -> None:
    ring = Keyring([NEW])
    sealed = ring.seal(*PLACE, VALUE)

    with pytest.raises(CannotOpenError, match="altered or moved"):
        ring.open(*elsewhere, sealed)


def test_a_value_with_any_byte_altered_does_not_open() -> None:
    ring = Keyring([NEW])
    sealed = ring.seal(*PLACE, VALUE)

    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(CannotOpenError):
            ring.open(*PLACE, bytes(altered))


def test_a_value_that_was_cut_short_does_not_open() -> None:
    ring = Keyring([NEW])
    sealed = ring.seal(*PLACE, VALUE)

    for length in range(len(sealed)):
        with pytest.raises(CannotOpenError):
            ring.open(*PLACE, sealed[:length])


def test_the_newest_key_writes_and_every_key_reads() -> None:
    before = Keyring([OLD]).seal(*PLACE, VALUE)
    ring = Keyring([NEW, OLD])
    after = ring.seal(*PLACE, VALUE)

    assert ring.open(*PLACE, before) == ring.open(*PLACE, after) == VALUE
    assert Keyring([NEW]).open(*PLACE, after) == VALUE
    with pytest.raises(CannotOpenError, match="no key"):
        Keyring([OLD]).open(*PLACE, after)


def test_a_wrong_key_fails_and_tells_no_value() -> None:
    sealed = Keyring([OLD]).seal(*PLACE, VALUE)

    with pytest.raises(CannotOpenError) as failed:
        Keyring([NEW]).open(*PLACE, sealed)

    assert "Zoë" not in str(failed.value)


def test_a_blind_index_is_the_same_for_the_same_value_of_the_same_kind_only() -> None:
    ring = Keyring([NEW])
    index = ring.blind_index("email", "a@mail.example")

    assert len(index) == 16
    assert index == Keyring([NEW]).blind_index("email", "a@mail.example")
    assert index != ring.blind_index("name_word", "a@mail.example")
    assert index != ring.blind_index("email", "b@mail.example")
    assert index != Keyring([OLD]).blind_index("email", "a@mail.example")


def test_a_blind_index_does_not_mix_up_kind_and_value() -> None:
    ring = Keyring([NEW])

    assert ring.blind_index("a", "bc") != ring.blind_index("ab", "c")


def test_a_value_is_looked_for_under_every_key() -> None:
    indexes = Keyring([NEW, OLD]).blind_indexes("email", "a@mail.example")

    assert indexes == [
        Keyring([NEW]).blind_index("email", "a@mail.example"),
        Keyring([OLD]).blind_index("email", "a@mail.example"),
    ]


def test_a_token_is_kept_as_its_sha_256() -> None:
    assert digest("abc").hex().startswith("ba7816bf8f01cfea414140de5dae2223")


class Row:
    """Looks like a row of a table to ``Sealed``."""

    __tablename__ = "rows"
    secret_sealed: bytes | None = None
    secret = Sealed()

    def __init__(self, row: UUID) -> None:
        self.id = row


def test_a_sealed_attribute_takes_any_json_value_and_keeps_nothing_for_none(app: Flask) -> None:
    row = Row(ROW)
    values: list[Any] = ["", "naïve 漢字 \u0301", {"a": [1, None, True]}, [], 0]
    with app.app_context():
        for value in values:
            row.secret = value
            assert isinstance(row.secret_sealed, bytes)
            assert row.secret == value
        row.secret = None

        assert row.secret_sealed is None
        assert row.secret is None


def test_a_sealed_attribute_copied_to_another_row_does_not_open(app: Flask) -> None:
    row, other = Row(ROW), Row(OTHER_ROW)
    with app.app_context():
        row.secret = "for one row alone"
        other.secret_sealed = row.secret_sealed

        with pytest.raises(CannotOpenError):
            _ = other.secret
