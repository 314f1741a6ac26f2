"""What a person answered, checked, as the form hands it to the service."""

from dataclasses import dataclass
from typing import Any

NAME_LENGTH = 120
"""Characters of a person's name."""
SHORT_TEXT_LENGTH = 120
"""Characters of a relationship or a language."""
EMAIL_LENGTH = 254
"""Characters of an e-mail address (RFC 5321, 4.5.3.1.3)."""
MESSAGE_LENGTH = 4000
"""Characters of the free message."""
FIRST_BIRTH_YEAR = 1900
ADULT_AGE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The first table of the intake. Empty text or None is "not answered".

    Someone who asks to be called answers few of them; the rest is asked by phone.
    """

    filling_in: str = ""
    helper_name: str = ""
    helper_relationship: str = ""
    helper_authority: str = ""
    patient_aware: str = ""
    patient_name: str
    birth_year: int | None = None
    country: str
    language: str = ""
    email: str = ""
    phone: str = ""
    contact_by: str = ""
    best_time: str = ""
    injury_region: str = ""
    injury_level: str = ""
    completeness: str = ""
    injury_year: int | None = None
    injury_month: int | None = None
    hopes: tuple[str, ...] = ()
    message: str = ""


def by_name(answers: Answers) -> dict[str, Any]:
    """Return every answer by its name, as it is: ``dataclasses.asdict`` would copy each."""
    return {name: getattr(answers, name) for name in Answers.__slots__}


PLAIN = (
    "filling_in",
    "country",
    "injury_region",
    "injury_level",
    "completeness",
    "injury_year",
    "injury_month",
)
"""The answers that the desk filters by; all others are kept encrypted, in one value."""
