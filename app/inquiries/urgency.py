"""What in an inquiry calls for advice at once, and for a quick look by staff. It is sent all the same.

Words are looked for in every language of the site, whatever the page's: people write in their own. Each
language's stand in ``app/languages/<language>/urgent_words.txt``. A false alarm costs a calm sentence, a
missed one more: so "no fever" counts as fever.
"""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from app.core.terms import LEVELS_OF_REGION, Choices
from app.inquiries.answers import MESSAGE_LENGTH
from app.inquiries.phrases import compared_form, patterns_of

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

WORDS = "urgent_words"
"""The lists' name in each language's folder."""


def urgent_kinds(level: str, region: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of ``URGENT`` that an inquiry gives reason for, the most urgent first.

    ``level`` is one of ``terms.LEVELS`` or empty, ``region`` a key of ``terms.INJURY_REGION`` or empty;
    ``texts`` are what was written freely.
    """
    forms = [compared_form(text[:MESSAGE_LENGTH]) for text in texts]
    kinds = {kind for kind, words in patterns_of(WORDS).items() if any(words.search(form) for form in forms)}
    if level in HIGH_LEVELS or (not level and region == "cervical"):
        kinds.add("high_level")
    return tuple(kind for kind in URGENT if kind in kinds)


def hint_words(kinds: Iterable[str]) -> list[str]:
    """Return the words of kinds for staff, in the reader's language, the most urgent first."""
    given = set(kinds)
    return [str(words) for kind, words in URGENT.items() if kind in given]
