import base64
import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import altcha
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.core.links import new_token
from app.core.proof import COST, LONGEST_PAYLOAD, MOST_TRIES, is_proven, new_challenge
from tests.support.databases import close
from tests.support.engines import ON_SQLITE
from tests.support.environment import FIELD_KEY, OLDER_FIELD_KEY

pytestmark = ON_SQLITE

FORM = "A" * 43
OTHER_FORM = "B" * 43


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def solved(challenge: dict[str, Any]) -> dict[str, Any]:
    """Return what a browser makes of a challenge, before it is packed."""
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    assert solution is not None
    return {"challenge": challenge, "solution": solution.to_dict()}


@cache
def solved_once() -> dict[str, Any]:
    """Return the proof of a form: finding it in Python takes long, and it counts under the same keys."""
    return solved(new_challenge(FORM))


def packed(content: Any) -> str:
    """Return a payload as a browser sends it."""
    return base64.b64encode(json.dumps(content).encode()).decode()


@pytest.mark.usefixtures("context")
def test_a_proof_counts_for_the_form_that_it_was_made_for_and_no_other() -> None:
    payload = packed(solved_once())

    assert is_proven(FORM, payload)
    assert is_proven(FORM, payload), "the same form may be sent again, as after an error"
    assert not is_proven(OTHER_FORM, payload)
    assert not is_proven(new_token(), payload)
    assert len(payload) < LONGEST_PAYLOAD / 2


@pytest.mark.usefixtures("context")
def test_each_challenge_is_another_one_and_takes_no_more_work_than_said() -> None:
    challenges = [new_challenge(FORM) for _ in range(2)]

    solutions = [solved(challenge)["solution"]["counter"] for challenge in challenges]
    assert len({challenge["signature"] for challenge in challenges}) == 2
    assert all(MOST_TRIES / 2 <= counter < MOST_TRIES for counter in solutions)
    assert all(challenge["parameters"]["cost"] == COST for challenge in challenges)
    assert "expiresAt" not in challenges[0]["parameters"]


@pytest.mark.usefixtures("context")
def test_a_challenge_does_not_tell_the_form_key() -> None:
    assert FORM not in json.dumps(new_challenge(FORM))


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cost", 1),
        ("keyPrefix", ""),
        ("keyPrefix", "00"),
        ("keyLength", 0),
        ("algorithm", "SHA-256"),
        ("nonce", "00" * 16),
        ("salt", "00" * 16),
        ("keySignature", "00" * 32),
        ("data", {"more": 1}),
        ("expiresAt", 4_000_000_000),
    ],
)
def test_a_challenge_made_easier_or_changed_at_all_does_not_count(name: str, value: Any) -> None:
    proof = deepcopy(solved_once())
    proof["challenge"]["parameters"][name] = value

    assert not is_proven(FORM, packed(proof))


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "changes",
    [
        {"counter": 0},
        {"counter": -1},
        {"counter": 2**32},
        {"counter": 1.5},
        {"counter": True},
        {"counter": "1"},
        {"counter": None},
        {"derivedKey": ""},
        {"derivedKey": None},
        {"derivedKey": ["00"]},
        {"derivedKey": "00" * 32},
    ],
    ids=str,
)
def test_an_altered_solution_does_not_count(changes: dict[str, Any]) -> None:
    proof = deepcopy(solved_once())
    proof["solution"].update(changes)

    assert not is_proven(FORM, packed(proof))


@pytest.mark.usefixtures("context")
def test_a_challenge_signed_by_someone_else_or_not_at_all_does_not_count() -> None:
    for secret in (None, "a guess", FORM):
        challenge = altcha.create_challenge("PBKDF2/SHA-256", 1, counter=1, hmac_secret=secret)

        assert not is_proven(FORM, packed(solved(challenge.to_dict())))


def test_a_proof_outlives_a_new_secret_key_and_a_new_field_key(environ: dict[str, str]) -> None:
    settings: list[dict[str, str]] = [
        {"FIELD_KEYS": OLDER_FIELD_KEY},
        {"FIELD_KEYS": OLDER_FIELD_KEY, "SECRET_KEY": "another secret, as after a change of keys"},
        {"FIELD_KEYS": f"{FIELD_KEY},{OLDER_FIELD_KEY}"},
        {"FIELD_KEYS": FIELD_KEY},
    ]
    before, renewed, rotated, forgotten = (create_app({**environ, **changes}) for changes in settings)
    with before.app_context():
        payload = packed(solved(new_challenge(FORM)))

    for app, counts in ((renewed, True), (rotated, True), (forgotten, False)):
        with app.app_context():
            assert is_proven(FORM, payload) is counts
    with rotated.app_context():
        newest = packed(solved(new_challenge(FORM)))
    with before.app_context():
        assert not is_proven(FORM, newest), "the newest key makes"
    for app in (before, renewed, rotated, forgotten):
        close(app)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "form_key", [None, "", "short", "é" * 43, "\ud800" * 43, "A" * 42 + "\n", "\x00" * 43]
)
def test_what_is_no_form_key_has_no_proof(form_key: str | None) -> None:
    assert not is_proven(form_key, packed(solved_once()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)
NAMES = "algorithm cost data expiresAt keyLength keyPrefix keySignature memoryCost nonce salt __proto__"
CHALLENGES = st.fixed_dictionaries(
    {"parameters": JSON | st.dictionaries(st.sampled_from(NAMES.split()), JSON)},
    optional={"signature": JSON, "codeChallenge": JSON},
)
SOLUTIONS = JSON | st.fixed_dictionaries({"counter": JSON, "derivedKey": JSON}, optional={"time": JSON})


def test_no_garbage_counts_or_does_harm(app: Flask) -> None:
    @given(
        st.text()
        | st.binary().map(lambda some: base64.b64encode(some).decode())
        | JSON.map(packed)
        | st.fixed_dictionaries({"challenge": JSON | CHALLENGES, "solution": SOLUTIONS}).map(packed)
    )
    def check(payload: str) -> None:
        with app.app_context():
            assert not is_proven(FORM, payload)

    check()


def test_whatever_stands_in_a_signed_challenges_solution_does_no_harm(app: Flask) -> None:
    with app.app_context():
        challenge = new_challenge(FORM)

    @given(SOLUTIONS)
    def check(solution: Any) -> None:
        with app.app_context():
            assert not is_proven(FORM, packed({"challenge": challenge, "solution": solution}))

    check()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "payload",
    [
        None,
        "",
        "\x00",
        "\ud800",
        "é" * 100,
        "A" * 10_000_000,
        base64.b64encode(b"[" * 1_400).decode(),
        base64.b64encode(b'{"challenge":' * 100).decode(),
        base64.b64encode(b'{"challenge":{"parameters":{"cost":' + b"9" * 1_400 + b"}}}").decode(),
        base64.b64encode(b'{"challenge": NaN, "solution": Infinity}').decode(),
    ],
    ids=["none", "empty", "nul", "surrogate", "letters", "long", "deep", "nested", "number", "no number"],
)
def test_odd_payloads_do_not_count(payload: str | None) -> None:
    assert not is_proven(FORM, payload)


@pytest.mark.usefixtures("context")
def test_a_good_proof_with_something_beside_it_is_bounded_in_length() -> None:
    proof = {**solved_once(), "more": "x" * LONGEST_PAYLOAD}

    assert not is_proven(FORM, packed(proof))
