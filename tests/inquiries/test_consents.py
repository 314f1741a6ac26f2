"""Each inquiry is stored with the consent texts that were read: changed words need a new version."""

import hashlib

import pytest
from flask import Flask

from app.inquiries import consents

DIGESTS = {
    ("consent_processing", "2026-11-23"): "43622a9feecec072",
    ("understands_limits", "2026-11-23"): "dbaac110c2ba0031",
}


def test_every_consent_is_held_to_its_version() -> None:
    assert set(DIGESTS) == set(consents.VERSIONS.items())


@pytest.mark.parametrize(("kind", "version"), DIGESTS)
def test_the_words_of_a_consent_belong_to_its_version(app: Flask, kind: str, version: str) -> None:
    with app.test_request_context():
        words = str(consents.text(kind))
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == DIGESTS[kind, version]
