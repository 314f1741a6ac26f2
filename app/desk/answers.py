"""An inquiry's answers in the words of staff, in groups."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date

from app.core import names, terms
from app.core.i18n import comma_list, isolated, page_language
from app.core.wording import gettext as _
from app.core.wording import once
from app.inquiries import queries, vocabulary
from app.inquiries.models import Consent, Inquiry

Rows = list[tuple[str, str, bool]]
"""Label, value, and whether the value is long text that keeps its line breaks."""
Groups = list[tuple[str, Rows]]
"""Rows under their headings."""


def answer_groups(given: Mapping[str, Any]) -> Groups:
    """Return answers as they were asked, in groups; what was not answered is left out.

    ``given`` holds what ``sending.answers_of`` returns.
    """
    hopes = comma_list(str(vocabulary.HOPES[hope]) for hope in given.get("hopes", ()))
    language = given.get("language", "")
    groups: Groups = [
        (
            _("The injured person"),
            [
                (_("Name"), given["patient_name"], False),
                (_("Year of birth"), str(given.get("birth_year", "")), False),
                (_("Country of residence"), country_name(given["country"]), False),
            ],
        ),
        (
            _("Who wrote"),
            [
                (_("Filled in by"), filling_in_text(given.get("filling_in")), False),
                (_("Helper’s name"), given.get("helper_name", ""), False),
                (_("Relationship"), given.get("helper_relationship", ""), False),
                (
                    _("Why they may write"),
                    words(vocabulary.HELPER_AUTHORITY, given.get("helper_authority")),
                    False,
                ),
                (
                    _("Does the injured person know?"),
                    words(vocabulary.PATIENT_AWARE, given.get("patient_aware")),
                    False,
                ),
            ],
        ),
        (
            _("How to answer"),
            [
                (_("E-mail"), given.get("email", ""), False),
                (_("Phone"), vocabulary.readable_phone(given.get("phone", "")), False),
                (_("Reach by"), words(vocabulary.CONTACT_BY, given.get("contact_by")), False),
                (_("Good time"), given.get("best_time", ""), False),
                (_("Language"), language_name(language), False),
            ],
        ),
        (
            _("The injury"),
            [
                (_("Region"), region_text(given.get("injury_region")), False),
                (_("Neurological level, as told"), given.get("injury_level", ""), False),
                (_("Completeness, as told"), completeness_text(given.get("completeness")), False),
                (_("When"), when_text(given.get("injury_year"), given.get("injury_month")), False),
            ],
        ),
        (
            _("What they hope for"),
            [(_("Improve"), hopes, False), (_("Message"), given.get("message", ""), True)],
        ),
    ]
    return answered(groups)


def arrival_groups(inquiry: Inquiry) -> Groups:
    """Return how an inquiry came, and what its sender read and agreed to."""
    marks = "\n".join(str(vocabulary.MARKS[mark]) for mark in inquiry.marks or ())
    agreed = [(consent.text, agreed_text(consent), False) for consent in queries.consents_of(inquiry)]
    return answered(
        [
            (
                _("What they read and agreed to"),
                [
                    *agreed,
                    (_("Treatment page"), _("version %(v)s", v=inquiry.treatment_version), False),
                    (_("Language of the page"), language_name(inquiry.page_language), False),
                    (_("It came by"), words(vocabulary.CHANNEL, inquiry.channel), False),
                    (_("May come from a machine"), marks, True),
                ],
            )
        ]
    )


def answer_named(name: str, given: Mapping[str, Any]) -> tuple[str, str]:
    """Return the label of one answer by its name in ``Answers``, and its words; nothing for a long text."""
    labels = {
        "birth_year": _("Year of birth"),
        "patient_aware": _("Does the injured person know?"),
        "injury_region": _("Region"),
        "injury_level": _("Neurological level, as told"),
        "completeness": _("Completeness, as told"),
        "injury_year": _("When"),
        "message": _("Message"),
    }
    rows = (row for _heading, rows in answer_groups(given) for row in rows)
    found = next((row for row in rows if row[0] == labels[name]), None)
    return labels[name], "" if found is None or found[2] else found[1]


def answered(groups: Groups) -> Groups:
    """Return groups without what was not answered."""
    kept = ((heading, [row for row in rows if row[1]]) for heading, rows in groups)
    return [(heading, rows) for heading, rows in kept if rows]


def agreed_text(consent: Consent) -> str:
    """Return which version of a text was agreed to, and by whom."""
    if consent.given_by in {None, "self"}:
        return _("agreed, version %(v)s", v=isolated(consent.version))
    return _("agreed by a helper, version %(v)s", v=isolated(consent.version))


def words(choices: terms.Choices, key: str | None) -> str:
    """Return the words of a key, or nothing where none was chosen."""
    return str(choices[key]) if key else ""


def country_name(code: str) -> str:
    """Return a country's name in the page's language."""
    return names.country_names(page_language()).get(code, code)


def language_name(code: str) -> str:
    """Return a language's name in the page's language."""
    return names.language_names(page_language()).get(code, code)


@once
def filling_in_text(key: str | None) -> str:
    """Return who wrote an inquiry, as staff say it."""
    texts = {
        "self": _("the injured person"),
        "relative": _("a relative or friend"),
        "professional": _("a professional"),
    }
    return texts[key] if key else _("to be asked on the phone")


@once
def region_text(key: str | None) -> str:
    """Return a region of the spine, as staff say it."""
    if key is None:
        return _("to be asked on the phone")
    return _("Region not known") if key == "unknown" else str(terms.INJURY_REGION[key])


@once
def completeness_text(key: str | None) -> str:
    """Return the completeness, as staff say it."""
    return _("Completeness not known") if key == "unknown" else words(terms.COMPLETENESS, key)


def when_text(year: int | None, month: int | None) -> str:
    """Return when the injury happened, as exactly as it was told."""
    if not year:
        return ""
    if not month:
        return str(year)
    return str(format_date(date(year, month, 1), "LLLL y"))
