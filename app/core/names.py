"""Names of countries, languages and months, as people write them and as a page shows them."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale

COMPARED_LENGTH = 200
"""Characters of a text that are compared: to normalise a long one with many accents takes minutes."""

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
