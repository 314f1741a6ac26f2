"""Words of an answer that promise what nobody can: staff are asked about them before it is sent.

They are looked for in every language of the site, as in ``urgency.py``; each language's stand in
``app/languages/<language>/promise_words.txt``. What says that nobody can promise anything, under the heading
``honest``, is no promise. A false alarm costs one press.
"""

from flask_babel import lazy_gettext as _l

from app.core.terms import Choices
from app.inquiries.phrases import Place, patterns_of, places_of

PROMISES: Choices = {
    "outcome": _l("Tells what treatment will do"),
    "certainty": _l("Says that something is certain"),
    "safety": _l("Says that nothing can go wrong"),
}
"""Kinds, with their words for staff."""
HONEST = "honest"
"""The heading of what takes a promise back, as in "no guarantee"."""
WORDS = "promise_words"
"""The lists' name in each language's folder."""


def promises_in(text: str) -> dict[str, list[Place]]:
    """Return where a text promises something, by the kinds of ``PROMISES``; others are left out."""
    patterns = patterns_of(WORDS)
    honest = list(places_of(text, patterns[HONEST]))
    found = {
        kind: [place for place in places_of(text, patterns[kind]) if not meets_any(place, honest)]
        for kind in PROMISES
    }
    return {kind: places for kind, places in found.items() if places}


def meets_any(place: Place, others: list[Place]) -> bool:
    """Return whether a place has a letter in common with one of these."""
    return any(place[0] < end and start < place[1] for start, end in others)
