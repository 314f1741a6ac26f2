"""The field's terms, as the form asks them and the desk shows them.

Terms follow the International SCI Core Data Set 3.0 and ISNCSCI (8th edition); the keys are the
portal's own. ``tests/inquiries/test_vocabulary.py`` holds them against the intake's contract.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale
from flask_babel import lazy_gettext as _l

COMPARED_LENGTH = 200
"""Characters of a text that are compared: to normalise a long one with many accents takes minutes."""

Choices = Mapping[str, Any]
"""Key stored, to the words shown (a lazy string)."""

FILLING_IN: Choices = {
    "self": _l("I am the injured person"),
    "relative": _l("A relative or friend"),
    "professional": _l("A professional"),
}
PATIENT_AWARE: Choices = {
    "yes": _l("Yes"),
    "no": _l("No"),
    "cannot_be_asked": _l("They cannot be asked"),
}
CONTACT_BY: Choices = {
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "whatsapp": _l("WhatsApp"),
}
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
    "unknown": _l("I do not know"),
}
HOPES: Choices = {
    "movement": _l("Movement"),
    "strength": _l("Strength"),
    "sensation": _l("Sensation"),
    "limb_control": _l("Control of arms or legs"),
    "bladder": _l("Bladder control"),
    "bowel": _l("Bowel control"),
    "sweating": _l("Ability to sweat"),
    "other": _l("Something else"),
}
STATUS: Choices = {
    "new": _l("New"),
    "in_contact": _l("In contact"),
    "waiting_for_patient": _l("Waiting for patient"),
    "medical_review": _l("Medical review"),
    "offered": _l("Offered"),
    "declined": _l("Declined"),
    "closed": _l("Closed"),
    "withdrawn": _l("Withdrawn"),
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


USUAL_NAMES = {
    "america": "US",
    "burma": "MM",
    "cape verde": "CV",
    "czech republic": "CZ",
    "east timor": "TL",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "hong kong": "HK",
    "ivory coast": "CI",
    "macau": "MO",
    "macedonia": "MK",
    "northern ireland": "GB",
    "palestine": "PS",
    "scotland": "GB",
    "swaziland": "SZ",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "usa": "US",
    "wales": "GB",
}
"""English names that people use and the CLDR's list does not have."""


def read_country(text: str, language: str) -> str | None:
    """Return the code of a country named in ``language`` or English, or by its code; None if unknown."""
    return (
        code_of(text, country_names(language))
        or code_of(text, country_names("en"))
        or USUAL_NAMES.get(plain_form(text))
    )


@lru_cache(maxsize=8)
def country_names(language: str) -> dict[str, str]:
    """Return the ISO 3166 alpha-2 codes with their names in ``language``, in the names' order."""
    territories = Locale.parse(language, sep="-").territories
    named = {code: name for code, name in territories.items() if is_country(code)}
    return dict(sorted(named.items(), key=lambda item: plain_form(item[1])))


def is_country(code: str) -> bool:
    """Return whether a CLDR territory code is an ISO 3166-1 country (not a region or a group)."""
    not_countries = {
        "AC",
        "CP",
        "CQ",
        "DG",
        "EA",
        "EU",
        "EZ",
        "IC",
        "QO",
        "TA",
        "UN",
        "XA",
        "XB",
        "ZZ",
    }
    return len(code) == 2 and code.isalpha() and code not in not_countries


@lru_cache(maxsize=8)
def language_names(language: str) -> dict[str, str]:
    """Return the two-letter codes of languages with their names in ``language``, in order."""
    names = Locale.parse(language, sep="-").languages
    named = {code: name for code, name in names.items() if len(code) == 2}
    return dict(sorted(named.items(), key=lambda item: plain_form(item[1])))


def plain_form(text: str) -> str:
    """Return text for comparing: no case, no accents, no punctuation, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text[:COMPARED_LENGTH].casefold())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


def code_of(text: str, names: Mapping[str, str]) -> str | None:
    """Return the code whose code or name ``text`` is, case and accents aside, or None."""
    # CLDR writes "Bosnia & Herzegovina"; its comparing form has neither sign nor word.
    wanted = plain_form(re.sub(r"\band\b", "&", text[:COMPARED_LENGTH].casefold()))
    by_code = (code for code in names if code.casefold() == wanted)
    by_name = (code for code, name in names.items() if plain_form(name) == wanted)
    return next(by_code, None) or next(by_name, None)


def read_month(text: str, language: str) -> int | None:
    """Return the month, 1 to 12, that a number or a name in ``language`` or English tells, or None."""
    if text.isdecimal() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    wanted = plain_form(text)
    for locale in (Locale.parse(language, sep="-"), Locale("en")):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in locale.months[context][width].items():
                    if plain_form(name) == wanted:
                        return int(month)
    return None


def shown_phone(number: phonenumbers.PhoneNumber) -> str:
    """Return a number in E.164, and its extension behind it if it has one."""
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain} ext. {number.extension}" if number.extension else plain


def readable_phone(shown: str) -> str:
    """Return a number that ``shown_phone`` made, with the spaces its country writes."""
    if not shown:
        return ""
    number = phonenumbers.parse(shown)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
