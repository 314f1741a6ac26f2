"""Lists of phrases, a language a file, and finding them in what somebody wrote, however it is written.

The lists stand in ``app/languages/<language>/<name>.txt``: phrases under headings, each of which is a kind.
Every language is looked for at once. "infect*" is every word with that start, "..." up to four words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from functools import cache, lru_cache
from pathlib import Path

LANGUAGES = Path(__file__).parents[1] / "languages"

APOSTROPHES = "'`´ʼ‘’"
"""Left out of words: "dont" is "don't"."""

ARABIC_LETTERS = str.maketrans({"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ء": None, "ـ": None})
"""Forms that are written for one another. Hamza above or below its letter goes with the accents."""

ARABIC_PREFIXES = "[وف]?(?:[بكل]?ال|لل|[بلكس])?"
"""And, so, with, like, for, the, and the future: written together with the word that follows."""

PERCENT_SIGNS = "%٪％"
"""Read as a word, the only sign that is one: "100 %" is more than "100"."""

Place = tuple[int, int]
"""Where words stand in a text: the index of their first letter, and the one after their last."""


@cache
def patterns_of(name: str) -> dict[str, re.Pattern[str]]:
    """Return what finds the phrases of each kind, in all languages at once, in a ``compared_form``."""
    phrases: dict[str, list[str]] = {}
    for path in sorted(LANGUAGES.glob(f"*/{name}.txt")):
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


def places_of(text: str, pattern: re.Pattern[str]) -> Iterator[Place]:
    """Yield where a pattern of ``patterns_of`` finds something in a text."""
    form, origins = compared(text)
    for found in pattern.finditer(form):
        yield origins[found.start()], origins[found.end() - 1] + 1


def words_at(text: str) -> list[tuple[str, Place]]:
    """Return the words of a text in their ``compared_form``, each with where it stands."""
    form, origins = compared(text)
    return [
        (found.group(), (origins[found.start()], origins[found.end() - 1] + 1))
        for found in re.finditer(r"\S+", form)
    ]


def merged(places: Iterable[Place]) -> list[Place]:
    """Return places in their order, those that overlap as one."""
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def compared_form(text: str) -> str:
    """Return a text for comparing: no case, accents or marks, single spaces."""
    return " ".join("".join(map(plain_letters, text)).split())


def compared(text: str) -> tuple[str, list[int]]:
    """Return a text's ``compared_form``, and for each of its letters where in the text it comes from."""
    letters: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(text):
        for letter in plain_letters(char):
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                origins.append(index)
    if letters and letters[-1] == " ":
        letters.pop()
        origins.pop()
    return "".join(letters), origins


@lru_cache(maxsize=4096)
def plain_letters(char: str) -> str:
    """Return what is compared of a character: often itself, nothing for a mark, several of a ligature.

    What parts words becomes a space. One by one, because to normalise a text takes the square of the number
    of marks that stand in a row.
    """
    if char in PERCENT_SIGNS:
        return " percent "
    return "".join(
        letter if letter.isalnum() else " " for folded in char.casefold() for letter in plain_letter(folded)
    )


def plain_letter(char: str) -> str:
    """Return a character of no case without its accents, with one form for letters that are mixed up."""
    if char in APOSTROPHES or unicodedata.category(char) == "Cf":
        return ""
    decomposed = unicodedata.normalize("NFKD", char)
    return "".join(part for part in decomposed if not unicodedata.combining(part)).translate(ARABIC_LETTERS)
