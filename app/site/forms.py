"""The inquiry form: its questions, and what each answer must be."""

from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from app.core import clock, names, terms
from app.core.fields import (
    ChoiceField,
    ChoicesField,
    OptionalAnswer,
    PortalForm,
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
from app.core.links import is_token
from app.inquiries import consents, vocabulary
from app.inquiries.answers import (
    ADULT_AGE,
    EMAIL_LENGTH,
    FIRST_BIRTH_YEAR,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    SHORT_TEXT_LENGTH,
    Answers,
)


class InquiryForm(PortalForm):
    """The questions of the intake's first table, in the order they are asked."""

    form_key = HiddenField()
    treatment_version = HiddenField()
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
    country = text_field(
        _l("Country of residence"),
        SHORT_TEXT_LENGTH,
        hint=_l("Start typing, then choose"),
        required=_l("Write the country that the injured person lives in."),
        list="country-names",
        autocomplete="country-name",
    )
    email = text_field(
        _l("E-mail (this or a phone number)"),
        EMAIL_LENGTH,
        type="email",
        autocomplete="email",
        spellcheck="false",
    )
    phone = text_field(
        _l("Phone (this or an e-mail address)"),
        SHORT_TEXT_LENGTH,
        hint=_l("With the country code if you can, for example +34 600 000 000"),
        type="tel",
        autocomplete="tel",
    )
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
    injury_month = text_field(_l("Month (optional)"), SHORT_TEXT_LENGTH)
    injury_year = text_field(_l("Year (optional)"), SHORT_TEXT_LENGTH, inputmode="numeric")
    hopes = ChoicesField(
        _l("What would you most like to improve? (optional)"),
        vocabulary.HOPES,
        description=_l("Choose as many as you like"),
    )
    message = TextAreaField(
        _l("Anything else you want us to know (optional)"),
        [ShownCharacters(), OptionalAnswer(), ShorterThan(MESSAGE_LENGTH)],
        filters=[several_lines],
        description=_l("Up to %(limit)s characters", limit=f"{MESSAGE_LENGTH:,}"),
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start without a country read from the answer."""
        super().__init__(*args, **kwargs)
        self.country_code = ""

    def forgive_tokens(self) -> bool:
        """Return whether the page's own tokens failed, and take that out of the form's errors.

        A lost cookie, a new server key or a page kept open for days is no fault of the person's. A form
        key that this site did not make is dropped.
        """
        failed = bool(self.csrf_token.errors or self.form_key.errors)
        if self.form_key.errors:
            self.form_key.data = None
        self.csrf_token.errors = self.form_key.errors = ()
        return failed

    def validate_form_key(self, field: HiddenField) -> None:
        """Accept only a key that this site could have made."""
        if not is_token(field.data):
            raise ValidationError("not a form key")

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

    def validate_country(self, field: StringField) -> None:
        """Take a country's name in the page's language or English, or its ISO 3166 code."""
        code = names.read_country(field.data, page_language())
        if code is None:
            raise ValidationError(_("We do not know this country. Choose one from the list."))
        self.country_code = code
        field.data = names.country_names(page_language())[code]

    def validate_email(self, field: StringField) -> None:
        """Check that mail can be sent to the address."""
        try:
            checked = validate_email(field.data, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            raise ValidationError(
                _("Check the e-mail address. It looks like name@example.com, in letters a to z.")
            ) from None
        field.data = checked.normalized

    def validate_phone(self, field: StringField) -> None:
        """Take a number of any country; without a country code it is one of the country given."""
        region = names.read_country(self.country.data or "", page_language())
        try:
            number = phonenumbers.parse(field.data, region)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(
                _("Check the phone number. Start with + and the country code, as in +34 600 000 000.")
            )
        field.data = vocabulary.shown_phone(number)

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
        answers_are_good = super().validate(extra_validators)
        missing = self.missing_way_to_reach()
        if missing:
            field, words = missing
            field.errors = [*field.errors, words]
        return answers_are_good and not missing

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

    def answers(self) -> Answers:
        """Return the checked answers; a helper's are kept only where a helper writes."""
        helped = self.filling_in.data != "self"
        known = names.language_names(page_language())
        language = self.language.data
        return Answers(
            filling_in=str(self.filling_in.data),
            helper_name=self.helper_name.data if helped else "",
            helper_relationship=self.helper_relationship.data if helped else "",
            patient_aware=(self.patient_aware.data or "") if helped else "",
            patient_name=self.patient_name.data,
            birth_year=whole_number(self.birth_year.data),
            country=self.country_code,
            language=names.code_of(language, known) or language,
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


def read_year(field: StringField, first: int) -> int:
    """Return the year in a field and leave it there in plain digits; ask again if it is none."""
    year = whole_number(field.data)
    this_year = clock.now().year
    if year is None or not first <= year <= this_year:
        raise StopValidation(_("Write a year from %(first)s to %(last)s.", first=first, last=this_year))
    field.data = str(year)
    return year
