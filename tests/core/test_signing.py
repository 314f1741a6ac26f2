from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from app.core.signing import moment_of, signing_as
from tests.support.engines import ON_SQLITE

MOMENTS = [datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("value", [b"", b"a value", b"\xff.\x00" * 100])
@pytest.mark.parametrize("keys", ["a key", ["an older key", "a newer key"]])
def test_a_signature_is_the_one_that_itsdangerous_makes(
    moment: datetime, value: bytes, keys: str | list[str]
) -> None:
    signer = TimestampSigner(keys, salt="of a test")
    with time_machine.travel(moment, tick=False):
        assert signing_as(signer)(value, moment_of(int(moment.timestamp()))) == signer.sign(value)


@ON_SQLITE
def test_flasks_sessions_and_tokens_are_signed_alike(app: Flask) -> None:
    sessions = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    for serializer in (sessions, URLSafeTimedSerializer("a secret", salt="wtf-csrf-token")):
        with time_machine.travel(MOMENTS[0], tick=False):
            made = serializer.dumps("x" * 10)
            payload = serializer.dump_payload("x" * 10)
            signed = signing_as(serializer.make_signer(serializer.salt))
            assert signed(payload, moment_of(int(MOMENTS[0].timestamp()))).decode() == made
