"""What in an inquiry calls for advice at once, and for a quick look by staff. It is sent all the same.

Words are looked for in every language of the site, whatever the page's: people write in their own. Each
language's stand in ``app/languages/<language>/urgent_words.txt``. A false alarm costs a calm sentence, a
missed one more: so "no fever" counts as fever.
"""

import re
import unicodedata
from collections.abc import Iterable
from configparser import ConfigParser
from functools import cache, lru_cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from app.core.terms import LEVELS_OF_REGION, Choices
from app.inquiries.answers import MESSAGE_LENGTH

URGENT: Choices = {
    "suicidal": _l("Words of suicidal thoughts"),
    "dysreflexia": _l("Words of autonomic dysreflexia"),
    "infection": _l("Words of an infection"),
    "high_level": _l("Level T6 or above: autonomic dysreflexia can happen"),
}
"""Kinds, the most urgent first, with their words for staff."""

HIGH_LEVELS = frozenset(LEVELS_OF_REGION["cervical"] + LEVELS_OF_REGION["thoracic"][:6])
"""C1 to T6, where autonomic dysreflexia can happen.

Source: Consortium for Spinal Cord Medicine, Acute Management of Autonomic Dysreflexia, 2nd ed., 2001.
"""

LANGUAGES = Path(__file__).parents[1] / "languages"

APOSTROPHES = "'`´ʼ‘’"
"""Left out of words: "dont" is "don't"."""

ARABIC_LETTERS = str.maketrans({"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ء": None, "ـ": None})
"""Forms that are written for one another. Hamza above or below its letter goes with the accents."""

ARABIC_PREFIXES = "[وف]?(?:[بكل]?ال|لل|[بلكس])?"
"""And, so, with, like, for, the, and the future: written together with the word that follows."""


def urgent_kinds(level: str, region: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of ``URGENT`` that an inquiry gives reason for, the most urgent first.

    ``level`` is one of ``terms.LEVELS`` or empty, ``region`` a key of ``terms.INJURY_REGION`` or empty;
    ``texts`` are what was written freely.
    """
    forms = [compared_form(text) for text in texts]
    kinds = {kind for kind, words in patterns().items() if any(words.search(form) for form in forms)}
    if level in HIGH_LEVELS or (not level and region == "cervical"):
        kinds.add("high_level")
    return tuple(kind for kind in URGENT if kind in kinds)


def hint_words(kinds: Iterable[str]) -> list[str]:
    """Return the words of kinds for staff, in the reader's language, the most urgent first."""
    given = set(kinds)
    return [str(words) for kind, words in URGENT.items() if kind in given]


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Return what finds the words of each kind, in all languages at once, in a ``compared_form``."""
    phrases: dict[str, list[str]] = {}
    for path in sorted(LANGUAGES.glob("*/urgent_words.txt")):
        for kind, found in phrases_in(path).items():
            phrases.setdefault(kind, []).extend(found)
    return {
        kind: re.compile(rf"(?<!\S){ARABIC_PREFIXES}(?:{'|'.join(map(phrase_pattern, found))})(?!\S)")
        for kind, found in phrases.items()
    }


def phrases_in(path: Path) -> dict[str, list[str]]:
    """Return the phrases under each heading of a file; raises DuplicateOptionError if one stands twice."""
    lines = ConfigParser(allow_no_value=True, delimiters="=", comment_prefixes="#", interpolation=None)
    lines.read_string(path.read_text("utf-8"), path.name)
    return {kind: list(lines[kind]) for kind in lines.sections()}


def phrase_pattern(phrase: str) -> str:
    """Return the pattern of a phrase: "infect*" is every word with that start, "..." up to four words."""
    return "".join(
        r"(?:\w+ ){0,4}" if word == "..." else compared_form(word) + r"\w*" * word.endswith("*") + " "
        for word in phrase.split()
    ).strip()


def compared_form(text: str) -> str:
    """Return a text, cut at ``MESSAGE_LENGTH``, for comparing: no case, accents or marks, single spaces."""
    letters = "".join(map(plain_letter, text[:MESSAGE_LENGTH].casefold()))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


@lru_cache(maxsize=4096)
def plain_letter(char: str) -> str:
    """Return what is compared of a character: often itself, nothing for a mark, several of a ligature.

    One by one, because to normalise a text takes the square of the number of marks that stand in a row.
    """
    if char in APOSTROPHES or unicodedata.category(char) == "Cf":
        return ""
    decomposed = unicodedata.normalize("NFKD", char)
    return "".join(part for part in decomposed if not unicodedata.combining(part)).translate(ARABIC_LETTERS)
