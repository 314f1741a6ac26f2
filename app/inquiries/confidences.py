"""What an answer tells of a person's health or words: mail can be read on its way, so staff are asked first.

Words of illness stand in ``app/languages/<language>/health_words.txt``, under headings that are kinds of
``CONFIDENCES``. The others are of the person: what they wrote, and the name of whoever is not written to.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.terms import Choices, read_level
from app.inquiries.phrases import Place, merged, patterns_of, places_of, words_at

CONFIDENCES: Choices = {
    "level": _l("The level of an injury"),
    "region": _l("Where an injury is"),
    "completeness": _l("Whether an injury is complete"),
    "diagnosis": _l("Words of an illness or its treatment"),
    "name": _l("The name of someone else"),
    "message": _l("Words from the inquiry"),
}
"""Kinds, with their words for staff."""
WORDS = "health_words"
"""The lists' name in each language's folder."""
LISTED = ("region", "completeness", "diagnosis")
QUOTED_WORDS = 5
"""So many words in a row that the person wrote are theirs; fewer are anybody's."""
SHORTEST_NAME = 3
"""Letters of a part of a name that is looked for."""
LEVEL = re.compile(r"(?<![\w'’])(?:[CTLS][\s.\u2013-]?|[ctls]-?)\d{1,2}(?:[/\u2013-]5)?(?!\w)")


def confidences_in(text: str, given: Mapping[str, Any]) -> dict[str, list[Place]]:
    """Return where a text tells something, by the kinds of ``CONFIDENCES``; others are left out.

    ``given`` holds the person's answers, by their names in ``Answers``.
    """
    patterns = patterns_of(WORDS)
    found = {
        "level": [place.span() for place in LEVEL.finditer(text) if read_level(place.group())],
        **{kind: list(places_of(text, patterns[kind])) for kind in LISTED},
        "name": list(places_of_name(text, name_of_other(given))),
        "message": merged(places_of_quotes(text, given.get("message", ""))),
    }
    return {kind: places for kind, places in found.items() if places}


def name_of_other(given: Mapping[str, Any]) -> str:
    """Return the name of the person who is not written to: the injured one's, or a helper's."""
    return str(given.get("helper_name" if writes_for_self(given) else "patient_name", ""))


def name_of_writer(given: Mapping[str, Any]) -> str:
    """Return the name of the person who is written to: a helper's, if one wrote and told it."""
    return str(given["patient_name" if writes_for_self(given) else "helper_name"])


def writes_for_self(given: Mapping[str, Any]) -> bool:
    """Return whether it is the injured person who is written to."""
    return given.get("filling_in", "self") == "self" or not given.get("helper_name")


def places_of_name(text: str, name: str) -> Iterator[Place]:
    """Yield where a part of a name stands."""
    parts = {word for word, _place in words_at(name) if len(word) >= SHORTEST_NAME}
    return (place for word, place in words_at(text) if word in parts)


def places_of_quotes(text: str, message: str) -> Iterator[Place]:
    """Yield where a text repeats ``QUOTED_WORDS`` words of a message in a row."""
    said = {words for words, _place in runs(message)}
    return (place for words, place in runs(text) if words in said)


def runs(text: str) -> Iterator[tuple[tuple[str, ...], Place]]:
    """Yield every ``QUOTED_WORDS`` words of a text that stand in a row, and where."""
    words = words_at(text)
    for first in range(len(words) - QUOTED_WORDS + 1):
        run = words[first : first + QUOTED_WORDS]
        yield tuple(word for word, _place in run), (run[0][1][0], run[-1][1][1])
