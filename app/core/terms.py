"""The field's terms: region and neurological level of an injury, and its completeness.

Terms follow the International SCI Core Data Set 3.0 and ISNCSCI (8th edition); the keys are the
portal's own. ``tests/core/test_terms.py`` holds them against the intake's contract.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.names import COMPARED_LENGTH

Choices = Mapping[str, Any]
"""Key stored, to the words shown (a lazy string)."""

INJURY_REGION: Choices = {
    "cervical": _l("Neck (C1 to C8)"),
    "thoracic": _l("Upper or middle back (T1 to T12)"),
    "lumbar": _l("Lower back (L1 to L5)"),
    "sacral": _l("Base of the spine (S1 to S5)"),
    "unknown": _l("I do not know"),
}
COMPLETENESS: Choices = {
    "complete": _l("Complete"),
    "incomplete": _l("Incomplete"),
    "unknown": _l("I do not know if it is complete"),
}

LEVELS_OF_REGION = {
    "cervical": tuple(f"C{number}" for number in range(1, 9)),
    "thoracic": tuple(f"T{number}" for number in range(1, 13)),
    "lumbar": tuple(f"L{number}" for number in range(1, 6)),
    "sacral": ("S1", "S2", "S3", "S4-5"),
}
LEVELS = tuple(level for levels in LEVELS_OF_REGION.values() for level in levels)
"""The 29 neurological levels of injury."""


def read_level(text: str) -> str | None:
    """Return the neurological level that ``text`` names ("t 10", "S4/5", "L-1"), or None."""
    plain = re.sub(r"[\s./\u2013-]", "", unicodedata.normalize("NFKC", text[:COMPARED_LENGTH])).upper()
    if plain in {"S4", "S5", "S45"}:
        return "S4-5"
    return plain if plain in LEVELS else None


def region_of(level: str) -> str:
    """Return the region of the spine that a level lies in."""
    return next(region for region, levels in LEVELS_OF_REGION.items() if level in levels)
