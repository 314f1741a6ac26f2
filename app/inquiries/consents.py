"""The boxes a person ticks, and the versions of their words.

A change of words, in any language, is a new version: ``tests/inquiries/test_consents.py`` holds the
digest of each text.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

VERSIONS = {"consent_processing": "2026-11-24", "understands_limits": "2026-11-23"}

_TEXTS = {
    "consent_processing": _l(
        "I agree that you keep and use these answers, health answers included, to deal with this inquiry. "
        "If I write for someone else, I am allowed to"
    ),
    "understands_limits": _l(
        "I understand that little or no improvement is possible, and that this is not medical advice"
    ),
}


def in_force() -> str:
    """Return the versions of all texts, as a form carries them: a tick counts for the words beside it."""
    return " ".join(VERSIONS.values())


def text(kind: str) -> Any:
    """Return the words beside a box, in the reader's language when shown."""
    return _TEXTS[kind]
