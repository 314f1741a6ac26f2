"""The questions of an inquiry, and what each answer must be."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from app.core import clock, names, terms
from app.core.fields import (
    ChoiceField,
    ChoicesField,
    OptionalAnswer,
    Required,
    ShorterThan,
    ShownCharacters,
    TickField,
    check_level,
    several_lines,
    text_field,
    whole_number,
)
from app.core.i18n import page_language
from app.inquiries import consents, vocabulary
from app.inquiries.answers import (
    ADULT_AGE,
    FIRST_BIRTH_YEAR,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    SHORT_TEXT_LENGTH,
    Answers,
)
from app.inquiries.forms.person import FormOfPerson, country_field, email_field, phone_field

HELPERS_FIELDS = ("helper_name", "helper_relationship", "helper_authority", "patient_aware")


class InquiryForm(FormOfPerson):
    """The questions of the intake's first table, in the order they are asked."""

    filling_in = ChoiceField(
        _l("Who is filling this in?"),
        vocabulary.FILLING_IN,
        [Required(_l("Choose who is filling this in."))],
    )
    helper_name = text_field(_l("Your own name (optional)"), NAME_LENGTH, autocomplete="name")
    helper_relationship = text_field(
        _l("How you know the injured person (optional)"),
        SHORT_TEXT_LENGTH,
        hint=_l("For example mother, friend, physiotherapist"),
    )
    helper_authority = ChoiceField(_l("Why may you write for them? (optional)"), vocabulary.HELPER_AUTHORITY)
    patient_aware = ChoiceField(
        _l("Does the injured person know that you are asking? (optional)"), vocabulary.PATIENT_AWARE
    )
    patient_name = text_field(
        _l("Name of the injured person"),
        NAME_LENGTH,
        required=_l("Write the name of the injured person."),
        autocomplete="section-patient name",
    )
    birth_year = text_field(
        _l("Year of birth (optional)"),
        SHORT_TEXT_LENGTH,
        hint=_l("Of the injured person, for example 1985"),
        inputmode="numeric",
        autocomplete="section-patient bday-year",
    )
    country = country_field(_l("Write the country that the injured person lives in."))
    email = email_field(_l("E-mail (this or a phone number)"))
    phone = phone_field(_l("Phone (this or an e-mail address)"))
    contact_by = ChoiceField(_l("How should we reach you? (optional)"), vocabulary.CONTACT_BY)
    language = text_field(
        _l("Language to be answered in (optional)"),
        SHORT_TEXT_LENGTH,
        list="language-names",
    )
    injury_region = ChoiceField(
        _l("Where is the injury?"),
        terms.INJURY_REGION,
        [Required(_l("Choose where the injury is, or “I do not know”."))],
        description=_l("If you are not sure, say so. We will find out together."),
    )
    injury_level = text_field(
        _l("Level, if you were told it (optional)"),
        SHORT_TEXT_LENGTH,
        hint=_l("For example T10"),
        list="injury-levels",
    )
    completeness = ChoiceField(_l("Were you told that it is complete? (optional)"), terms.COMPLETENESS)
    injury_month = text_field(
        _l("Month (optional)"), SHORT_TEXT_LENGTH, hint=_l("Its name, or a number from 1 to 12")
    )
    injury_year = text_field(
        _l("Year (optional)"), SHORT_TEXT_LENGTH, hint=_l("For example 2019"), inputmode="numeric"
    )
    hopes = ChoicesField(
        _l("What would you most like to improve? (optional)"),
        vocabulary.HOPES,
        description=_l("Choose as many as you like"),
    )
    message = TextAreaField(
        _l("Anything else you want us to know (optional)"),
        [ShownCharacters(), OptionalAnswer(), ShorterThan(MESSAGE_LENGTH)],
        filters=[several_lines],
        description=_l("Up to %(limit)s characters", limit=LazyString(format_decimal, MESSAGE_LENGTH)),
        widget=GovTextArea(),
    )
    consent_processing = TickField(
        consents.text("consent_processing"),
        [Required(_l("Tick the box if you agree. Without it we may not read your health answers."))],
    )
    understands_limits = TickField(
        consents.text("understands_limits"),
        [Required(_l("Tick the box to say that you have read this."))],
    )

    def validate_filling_in(self, field: ChoiceField) -> None:
        """Ask that an adult writes for a child."""
        year = whole_number(self.birth_year.data or "")
        if field.data == "self" and year and 0 <= clock.now().year - year < ADULT_AGE:
            raise ValidationError(
                _(
                    "A parent or another adult has to send this for someone under 18. "
                    "Choose “A relative or friend”."
                )
            )

    def validate_birth_year(self, field: StringField) -> None:
        """Check the year of birth."""
        read_year(field, FIRST_BIRTH_YEAR)

    def validate_injury_level(self, field: StringField) -> None:
        """Take a neurological level that lies in the region given."""
        check_level(self, field)
        level = field.data
        region = terms.region_of(level)
        if self.injury_region.data not in {region, "unknown", None, ""}:
            raise ValidationError(
                _(
                    "%(level)s lies in another region: “%(region)s”. Change the region or the level.",
                    level=level,
                    region=terms.INJURY_REGION[region],
                )
            )

    def validate_injury_year(self, field: StringField) -> None:
        """Check the year of the injury against the year of birth and today."""
        born = whole_number(self.birth_year.data or "")
        year = read_year(field, FIRST_BIRTH_YEAR)
        if born and year < born:
            raise ValidationError(_("This is before the year of birth. Change one of the two."))

    def validate_injury_month(self, field: StringField) -> None:
        """Take a month by number or name, not later than this one."""
        month = names.read_month(field.data, page_language())
        if month is None:
            raise ValidationError(_("Write the month as a number from 1 to 12, or its name."))
        field.data = str(month)
        if not self.injury_year.data:
            raise ValidationError(_("Write the year of the injury too, or leave the month empty."))
        year = whole_number(self.injury_year.data)
        today = clock.now()
        if year == today.year and month > today.month:
            raise ValidationError(_("This month has not come yet. Change the month or the year."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each answer, then that there is a way to reach the person."""
        super().validate(extra_validators)
        if self.filling_in.data == "self":
            for name in HELPERS_FIELDS:  # not asked, and not kept
                self[name].errors = ()
        missing = self.missing_way_to_reach()
        if missing:
            field, words = missing
            field.errors = [*field.errors, words]
        return not self.errors

    def missing_way_to_reach(self) -> tuple[StringField, str] | None:
        """Return the field that has to be filled in so that we can answer, and the words to ask."""
        if self.email.errors or self.phone.errors:
            return None
        if not self.email.data and not self.phone.data:
            return self.email, _("Write an e-mail address or a phone number, so that we can answer.")
        if self.contact_by.data == "email" and not self.email.data:
            return self.email, _("Write an e-mail address, or choose another way to be reached.")
        if self.contact_by.data in {"phone", "whatsapp"} and not self.phone.data:
            return self.phone, _("Write a phone number, or choose to be reached by e-mail.")
        return None

    def put_into(self, language: str) -> None:
        """Write what is typed in the page's language in another one, where it is understood."""
        super().put_into(language)
        spoken = names.read_language(self.language.data or "", page_language())
        if spoken:
            self.language.data = names.language_names(language)[spoken]
        month = names.read_month(self.injury_month.data or "", page_language())
        if month:
            self.injury_month.data = str(month)

    def answers(self) -> Answers:
        """Return the checked answers; a helper's are kept only where a helper writes."""
        helped = self.filling_in.data != "self"
        language = self.language.data
        return Answers(
            filling_in=str(self.filling_in.data),
            **{name: (self[name].data or "") if helped else "" for name in HELPERS_FIELDS},
            patient_name=self.patient_name.data,
            birth_year=whole_number(self.birth_year.data),
            country=self.country_code,
            language=names.read_language(language, page_language()) or language,
            email=self.email.data,
            phone=self.phone.data,
            contact_by=self.contact_by.data or "",
            injury_region=str(self.injury_region.data),
            injury_level=self.injury_level.data,
            completeness=self.completeness.data or "",
            injury_year=whole_number(self.injury_year.data),
            injury_month=whole_number(self.injury_month.data),
            hopes=tuple(self.hopes.data or ()),
            message=self.message.data,
        )


def values_of(answers: Mapping[str, Any], language: str) -> dict[str, list[str]]:
    """Return kept answers as the form would hold them in a language."""
    written = dict(answers)
    if country := written.get("country"):
        written["country"] = names.country_names(language).get(country, country)
    if spoken := written.get("language"):
        written["language"] = names.language_names(language).get(spoken, spoken)
    return {
        name: [str(part) for part in value] if isinstance(value, list | tuple) else [str(value)]
        for name, value in written.items()
    }


def read_year(field: StringField, first: int) -> int:
    """Return the year in a field and leave it there in plain digits; ask again if it is none."""
    year = whole_number(field.data)
    this_year = clock.now().year
    if year is None or not first <= year <= this_year:
        raise StopValidation(_("Write a year from %(first)s to %(last)s.", first=first, last=this_year))
    field.data = str(year)
    return year
