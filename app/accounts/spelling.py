"""How addresses and passwords are compared: one form of each, however it was typed."""

import unicodedata

from app.core.fields import one_line, without_hidden_characters

LONGEST_TYPED = 4096
"""Characters of a password, an address or a code that count: argon2's library refuses more, and Unicode
normalisation takes time that grows with the square of them."""


def address_form(text: str | None) -> str:
    """Return an e-mail address as accounts keep it: on one line, in lower case."""
    return without_hidden_characters(one_line((text or "")[:LONGEST_TYPED])).lower()


def normal_password(text: str) -> str:
    """Return a password in the one form that is hashed, however a keyboard composed its letters."""
    return unicodedata.normalize("NFKD", text[:LONGEST_TYPED])[:LONGEST_TYPED]
