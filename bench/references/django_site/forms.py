"""The portal's questions as Django's form fields: the same labels, hints, answers and limits.

They are read from the portal's own form, so that both ask the same.
"""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy
from wtforms import TextAreaField

from app.core import clock, names, terms
from app.core.fields import ChoiceField, ChoicesField, Required, ShorterThan, TickField
from app.inquiries.answers import FIRST_BIRTH_YEAR
from app.inquiries.forms import InquiryForm
from app.inquiries.phones import shown

SECTIONS = {
    "": ("filling_in",),
    "If you write for someone else": (
        "helper_name",
        "helper_relationship",
        "helper_authority",
        "patient_aware",
    ),
    "The injured person": ("patient_name", "birth_year", "country"),
    "How to reach you": ("email", "phone", "contact_by", "language"),
    "The injury": (
        "injury_region",
        "injury_level",
        "completeness",
        "injury_month",
        "injury_year",
    ),
    "What you hope for": ("hopes", "message"),
    "Before you send": ("consent_processing", "understands_limits"),
}
"""Headings, and the names of the questions under each."""
CARRIED = ("form_key", "treatment_version", "lang", "opened", "proof", "email_asked", "words_read")
LANGUAGE = "en"


def question(name: str) -> forms.Field:
    """Return a question of the portal's form as a field of Django's."""
    field = getattr(InquiryForm, name)
    answers = next((argument for argument in field.args if isinstance(argument, dict)), {})
    checks = next((argument for argument in field.args if isinstance(argument, list)), [])
    hint = field.kwargs.get("description")
    required = next((check for check in checks if isinstance(check, Required)), None)
    limit = next((check.limit for check in checks if isinstance(check, ShorterThan)), None)
    given: dict[str, Any] = {
        "label": gettext_lazy(str(field.args[0])),
        "help_text": gettext_lazy(str(hint)) if hint else "",
        "required": required is not None,
        "error_messages": {"required": gettext_lazy(str(required.message))} if required else {},
    }
    choices = [(key, gettext_lazy(str(words))) for key, words in answers.items()]
    kind = field.field_class
    if issubclass(kind, ChoicesField):
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **given)
    if issubclass(kind, ChoiceField):
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **given)
    if issubclass(kind, TickField):
        return forms.BooleanField(**given)
    if issubclass(kind, TextAreaField):
        area = forms.Textarea(attrs={"rows": 5, "class": "govuk-textarea"})
        return forms.CharField(max_length=limit, widget=area, **given)
    attributes = {"class": "govuk-input", **field.kwargs.get("render_kw", {})}
    if name == "email":
        return forms.EmailField(max_length=limit, widget=forms.EmailInput(attributes), **given)
    return forms.CharField(max_length=limit, widget=forms.TextInput(attributes), **given)


class Checks(forms.Form):
    """The checks that the portal makes of single answers, in short."""

    def clean_country(self) -> str:
        """Take a country's name or code."""
        code = names.read_country(self.cleaned_data["country"], LANGUAGE)
        if code is None:
            raise forms.ValidationError(gettext_lazy("We do not know this country."))
        return code

    def clean_phone(self) -> str:
        """Take a number of any country."""
        typed = self.cleaned_data["phone"]
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, names.read_country(self.data.get("country", ""), LANGUAGE))
        except phonenumbers.NumberParseException:
            raise forms.ValidationError(gettext_lazy("Check the phone number.")) from None
        if not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(gettext_lazy("Check the phone number."))
        return shown(number)

    def clean_birth_year(self) -> int | None:
        """Take a year that can be."""
        return year(self.cleaned_data["birth_year"])

    def clean_injury_year(self) -> int | None:
        """Take a year that can be."""
        return year(self.cleaned_data["injury_year"])

    def clean_injury_month(self) -> int | None:
        """Take a month by number or name."""
        typed = self.cleaned_data["injury_month"]
        month = names.read_month(typed, LANGUAGE) if typed else None
        if typed and month is None:
            raise forms.ValidationError(gettext_lazy("Write the month as a number, or its name."))
        return month

    def clean_injury_level(self) -> str:
        """Take a neurological level."""
        typed = self.cleaned_data["injury_level"]
        level = terms.read_level(typed) if typed else ""
        if level is None:
            raise forms.ValidationError(gettext_lazy("Write the level as a letter and a number."))
        return level

    def clean_language(self) -> str:
        """Take a language by its name or code where it is known."""
        typed = str(self.cleaned_data["language"])
        return (typed and names.read_language(typed, LANGUAGE)) or typed

    def clean(self) -> dict[str, Any]:
        """Ask for a way to reach the person."""
        given = super().clean()
        if not given.get("email") and not given.get("phone") and not self.errors.keys() & {"email", "phone"}:
            self.add_error("email", gettext_lazy("Write an e-mail address or a phone number."))
        return dict(given)

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the headings with their questions."""
        return [(heading, [self[name] for name in fields]) for heading, fields in SECTIONS.items()]


def year(typed: str) -> int | None:
    """Return a year that can be, None for none."""
    if not typed:
        return None
    if not typed.isdecimal() or not FIRST_BIRTH_YEAR <= int(typed) <= clock.now().year:
        raise forms.ValidationError(gettext_lazy("Write a year."))
    return int(typed)


PeerForm: type[Checks] = type(
    "PeerForm",
    (Checks,),
    {
        **{name: question(name) for fields in SECTIONS.values() for name in fields},
        **{name: forms.CharField(required=False, widget=forms.HiddenInput) for name in CARRIED},
    },
)
