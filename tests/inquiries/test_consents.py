"""Each inquiry is stored with the consent texts that were read: changed words need a new version."""

import hashlib

import pytest
from flask import Flask
from flask_babel import force_locale

from app.inquiries import consents
from config import FIRST_LANGUAGE, languages
from tests.support.engines import ON_SQLITE

DIGESTS = {
    ("consent_processing", "2026-11-24", "en"): "d63c54746cbbf86c",
    ("consent_processing", "2026-11-24", "es"): "6fdc98991dfa18e1",
    ("consent_processing", "2026-11-24", "ar"): "b92cbd7a2ee29b81",
    ("understands_limits", "2026-11-23", "en"): "dbaac110c2ba0031",
    ("understands_limits", "2026-11-23", "es"): "8672f0b22eefaddd",
    ("understands_limits", "2026-11-23", "ar"): "4ae823dade0b9d12",
}
"""The texts in force by kind, version and language; translated words are another text."""


def test_every_consent_is_held_to_its_version() -> None:
    held = {(kind, version) for kind, version, language in DIGESTS if language == FIRST_LANGUAGE}

    assert held == set(consents.VERSIONS.items())
    assert {language for _kind, _version, language in DIGESTS} == set(languages())
    assert {(kind, version) for kind, version, _language in DIGESTS} == held


@ON_SQLITE
@pytest.mark.parametrize(("kind", "version", "language"), DIGESTS)
def test_the_words_of_a_consent_belong_to_its_version(
    app: Flask, kind: str, version: str, language: str
) -> None:
    with app.test_request_context(), force_locale(language):
        words = str(consents.text(kind))

    assert language in app.config["LANGUAGES"]
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == DIGESTS[kind, version, language]
