"""Names of countries, languages and months, as people write them and as a page shows them.

``usual_countries.txt`` and ``usual_months.txt`` in a language's folder hold names that people use and the
CLDR's lists do not have, one a line: ``name = code``.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from babel import Locale

import config

COMPARED_LENGTH = 200
"""Characters of a text that are compared: to normalise a long one with many accents takes minutes."""
ARABIC_SPELLINGS = str.maketrans("ىةیکە", "يهيكه", "\u0640ء")
"""Letters that are written one for the other, or left out, in Arabic and its neighbours."""
ARABIC_ARTICLE = re.compile(r"\b(و?)ال(?=\w{2})")
MOST_LANGUAGES = 32
"""Languages whose names are kept ready."""


def read_country(text: str, language: str) -> str | None:
    """Return the code of a country named by its code, in ``language``, in English or in any other language
    of the site; None if unknown."""
    wanted = spelling(text)
    known = (countries_by_spelling(each) for each in languages_to_try(language))
    return next((codes[wanted] for codes in known if wanted in codes), None)


def languages_to_try(language: str) -> Iterator[str]:
    """Yield a language, then the site's: people write in theirs, whatever the page is in."""
    yield language
    yield from (other for other in languages_in(config.LANGUAGES_FOLDER) if other != language)


@lru_cache(maxsize=MOST_LANGUAGES)
def languages_in(folder: Path) -> tuple[str, ...]:
    """Return the languages that a folder holds, looked up once."""
    return config.languages(folder)


@lru_cache(maxsize=MOST_LANGUAGES)
def countries_by_spelling(language: str) -> dict[str, str]:
    """Return the codes of the countries by every name that they have in a language, and by the code."""
    names = country_names(language)
    return {
        **usual_names("countries", language),
        **{spelling(name): code for code, name in names.items()},
        **{code.casefold(): code for code in names},
    }


@lru_cache(maxsize=MOST_LANGUAGES)
def usual_names(of_what: str, language: str) -> dict[str, str]:
    """Return what the usual names in a language stand for, by their spelling."""
    path = config.LANGUAGES_FOLDER / language.replace("-", "_") / f"usual_{of_what}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = (line.split("=", 1) for line in lines if line.strip())
    return {spelling(name): code.strip() for name, code in pairs}


@lru_cache(maxsize=MOST_LANGUAGES)
def country_names(language: str) -> dict[str, str]:
    """Return the ISO 3166 alpha-2 codes with their names in ``language``, in the names' order."""
    territories = Locale.parse(language, sep="-").territories
    return in_order({code: name for code, name in territories.items() if is_country(code)})


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


@lru_cache(maxsize=MOST_LANGUAGES)
def language_names(language: str) -> dict[str, str]:
    """Return the two-letter codes of languages with their names in ``language``, in order."""
    names = Locale.parse(language, sep="-").languages
    return in_order({code: name for code, name in names.items() if len(code) == 2})


def in_order(names: Mapping[str, str]) -> dict[str, str]:
    """Return names as a list has them: by their letters, whatever marks these carry."""
    return dict(sorted(names.items(), key=lambda item: plain_form(item[1]).translate(ARABIC_SPELLINGS)))


def plain_form(text: str) -> str:
    """Return text for comparing: no case, no accents, no punctuation, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text[:COMPARED_LENGTH].casefold())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


def spelling(text: str) -> str:
    """Return a name for comparing: as ``plain_form``, and without what people write in one way or another."""
    # CLDR writes "Bosnia & Herzegovina"; its comparing form has neither sign nor word.
    plain = plain_form(re.sub(r"\band\b", "&", text[:COMPARED_LENGTH].casefold()))
    # "and" is a letter that may stand by itself or at the next word, which may begin with the article.
    joined = re.sub(r"\bو ", "و", plain.translate(ARABIC_SPELLINGS))
    return ARABIC_ARTICLE.sub(r"\1", joined)


def code_of(text: str, names: Mapping[str, str]) -> str | None:
    """Return the code whose code or name ``text`` is, case and accents aside, or None."""
    wanted = spelling(text)
    by_code = (code for code in names if code.casefold() == wanted)
    by_name = (code for code, name in names.items() if spelling(name) == wanted)
    return next(by_code, None) or next(by_name, None)


def read_language(text: str, language: str) -> str | None:
    """Return the code of a language named by its code, or by its name in ``language``, in English or in any
    other language of the site; None if unknown."""
    wanted = spelling(text)
    known = (languages_by_spelling(each) for each in languages_to_try(language))
    return next((codes[wanted] for codes in known if wanted in codes), None)


@lru_cache(maxsize=MOST_LANGUAGES)
def languages_by_spelling(language: str) -> dict[str, str]:
    """Return the codes of the languages by their names in a language, and by the code."""
    names = language_names(language)
    # Of two with the same spelling, the first one counts.
    by_name = {spelling(name): code for code, name in reversed(names.items())}
    return {**by_name, **{code.casefold(): code for code in names}}


def read_month(text: str, language: str) -> int | None:
    """Return the month, 1 to 12, that a number in any digits tells, or a name in ``language``, in English
    or in any other language of the site; None if it tells none."""
    if text.isdecimal() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    wanted = spelling(text)
    known = (months_by_spelling(each) for each in languages_to_try(language))
    return next((months[wanted] for months in known if wanted in months), None)


@lru_cache(maxsize=MOST_LANGUAGES)
def months_by_spelling(language: str) -> dict[str, int]:
    """Return the numbers of the months by every name that they have in a language."""
    months = Locale.parse(language, sep="-").months
    listed = (
        months[context][width] for context in ("format", "stand-alone") for width in ("wide", "abbreviated")
    )
    return {
        **{name: int(month) for name, month in usual_names("months", language).items()},
        **{spelling(name): int(month) for names in listed for month, name in names.items()},
    }
