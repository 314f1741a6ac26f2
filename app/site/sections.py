"""The inquiry form in parts: what a step asks, and what "Check your answers" shows of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import Field

from app.core import names
from app.core.fields import ChoiceField, ChoicesField, TickField
from app.core.i18n import comma_list, page_language
from app.inquiries.forms import HELPERS_FIELDS, InquiryForm


@dataclass(frozen=True, slots=True)
class Section:
    """One step."""

    heading: Any
    fields: tuple[str, ...]


SECTIONS = {
    "who": Section(_l("About you"), ("filling_in",)),
    "helper": Section(_l("You write for someone else"), HELPERS_FIELDS),
    "person": Section(_l("The injured person"), ("patient_name", "birth_year", "country")),
    "reach": Section(_l("How to reach you"), ("email", "phone", "contact_by", "language")),
    "injury": Section(_l("The injury"), ("injury_region", "injury_level", "completeness")),
    "time": Section(_l("The time of the injury"), ("injury_month", "injury_year")),
    "hopes": Section(_l("What you hope for"), ("hopes", "message")),
    "agreement": Section(_l("Before you send"), ("consent_processing", "understands_limits")),
}


def steps_of(form: InquiryForm) -> list[str]:
    """Return the names of the steps that whoever fills in this form goes through."""
    is_helper = form.filling_in.data in {"relative", "professional"}
    return [name for name in SECTIONS if name != "helper" or is_helper]


def first_with_errors(form: InquiryForm, steps: Sequence[str]) -> str | None:
    """Return the first of these steps in which an answer has to be looked at again."""
    return next((name for name in steps if form.errors_of(SECTIONS[name].fields)), None)


def rows_of(form: InquiryForm, step: str) -> list[tuple[str, str, bool]]:
    """Return a step's questions and answers, and whether each is a long text.

    What was not answered is there too, so that it can be.
    """
    return [
        (question(field), answer_words(field) or _("Not answered"), field.name == "message")
        for field in (form[name] for name in SECTIONS[step].fields)
    ]


def question(field: Field) -> str:
    """Return a question without what stands in brackets behind it."""
    return str(field.label.text).rsplit(" (", 1)[0]


def answer_words(field: Field) -> str:
    """Return an answer in words; an empty text where there is none."""
    if isinstance(field, TickField):
        return _("Yes") if field.data else _("Not yet")
    if isinstance(field, ChoicesField):
        return comma_list(str(field.answers[value]) for value in field.data or () if value in field.answers)
    if isinstance(field, ChoiceField):
        return str(field.answers[field.data]) if field.data else ""
    month = names.read_month(field.data or "", page_language()) if field.name == "injury_month" else None
    if month:
        return str(format_date(date(2000, month, 1), "LLLL"))
    return str(field.data or "")
