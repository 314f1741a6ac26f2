"""Words that a page of the desk says again and again: found once for each page, not for each row.

A page is in one language. What stands on it in another one does not come from here.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import g
from flask_babel import gettext as translated

Value = TypeVar("Value")
Words = TypeVar("Words")


def once_a_page(words: Callable[[Value], Words]) -> Callable[[Value], Words]:
    """Let a function find the words of a value once for each page."""

    @wraps(words)
    def kept(value: Value) -> Words:
        said = g.setdefault("said_at_the_desk", {})
        if (words, value) not in said:
            said[words, value] = words(value)
        found: Words = said[words, value]
        return found

    return kept


@once_a_page
def in_its_language(text: str) -> str:
    """Return a text in the page's language, as it stands in the translations."""
    return str(translated(text))


def gettext(text: str, /, **variables: object) -> str:
    """Return a text in the page's language, as Flask-Babel's does."""
    words = in_its_language(text)
    return words % variables if variables else words
