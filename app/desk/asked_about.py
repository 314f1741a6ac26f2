"""Words of a text that staff are asked about before it goes out, as the pages that ask show them."""

from collections.abc import Mapping
from typing import NamedTuple

from app.core.terms import Choices
from app.inquiries.phrases import Place, merged

Places = Mapping[str, list[Place]]
"""Where words stand in a text, by their kinds."""


class Found(NamedTuple):
    """Words of one kind."""

    text: str
    """What kind it is, in words."""
    quotes: list[str]
    """The words, each once."""


def found_of(text: str, places: Places, kinds: Choices) -> list[Found]:
    """Return what was found in a text of some kinds."""
    return [
        Found(str(words), list(dict.fromkeys(text[start:end] for start, end in places[kind])))
        for kind, words in kinds.items()
        if kind in places
    ]


def pieces(text: str, places: Places) -> list[tuple[str, bool]]:
    """Return a text in pieces, and of each whether it is asked about."""
    cut: list[tuple[str, bool]] = []
    done = 0
    for start, end in merged(place for found in places.values() for place in found):
        cut += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in [*cut, (text[done:], False)] if piece[0]]
