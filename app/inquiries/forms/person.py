"""What every form has that a person sends without an account."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.fields.core import UnboundField
from wtforms.validators import ValidationError

from app.core import emails, names
from app.core.fields import ChoicesField, PortalForm, TickField, carried_field, text_field
from app.core.i18n import page_language
from app.core.links import is_token
from app.inquiries import consents
from app.inquiries.answers import EMAIL_LENGTH, SHORT_TEXT_LENGTH

WRITTEN_PHONE = re.compile(r"(?i)[+\uff0b\d\s().\-\u2010-\u2015/]+(?:(?:ext(?:ension)?|x|#)[.:\s]*\d{1,9})?")
"""A number as people write it, in digits of any script, with an extension or without."""
CARRIED_ON = ("email_asked", "words_read")
"""What is kept of a form besides the answers."""


def country_field(words: Any) -> StringField:
    """Return the question for a country of residence."""
    return text_field(
        _l("Country of residence"),
        SHORT_TEXT_LENGTH,
        hint=_l("Start typing, then choose"),
        required=words,
        list="country-names",
        autocomplete="country-name",
    )


def email_field(label: Any, required: Any = None) -> StringField:
    """Return the question for an e-mail address; ``FormOfPerson`` checks the answer."""
    return text_field(
        label,
        EMAIL_LENGTH,
        required=required,
        type="email",
        autocomplete="email",
        spellcheck="false",
    )


def phone_field(label: Any, required: Any = None) -> StringField:
    """Return the question for a phone number; ``FormOfPerson`` checks the answer."""
    return text_field(
        label,
        SHORT_TEXT_LENGTH,
        hint=_l("With the country code if you can, for example +34 600 000 000"),
        required=required,
        type="tel",
        autocomplete="tel",
    )


@cache
def pattern_of(unbound: UnboundField, meta: Any, **options: Any) -> Field:
    """Return the field that a form's definition stands for, made once; its label is given, and lazy."""
    return unbound.bind(form=None, _meta=meta(), **options)


class FormOfPerson(PortalForm):
    """What every form has that a person sends without an account: its key, and what tells machines apart."""

    class Meta(PortalForm.Meta):
        """How the form comes by its fields."""

        def bind_field(self, form: PortalForm, unbound: UnboundField, options: dict[str, Any]) -> Field:
            """Return a copy of a field's pattern: to make 30 fields anew takes as long as to check them.

            Copies share labels, checks and choices. The token's field belongs to one form alone.
            """
            if options["name"] == self.csrf_field_name:
                return super().bind_field(form, unbound, options)
            own_kind: Any = type(self)
            pattern = pattern_of(unbound, own_kind, **options)
            field: Field = object.__new__(type(pattern))
            vars(field).update(vars(pattern), _form=form, meta=self)
            return field

    form_key = carried_field()
    treatment_version = carried_field()
    lang = carried_field()
    opened = carried_field()
    """When the page was opened, signed."""
    proof = carried_field()
    """What a browser with script worked out."""
    website = carried_field()
    """A field that people do not see."""
    email_asked = carried_field()
    """The address of which it was asked already whether it is mistyped."""
    words_read = carried_field()
    """The versions of the texts that stood beside the boxes."""

    def __init__(self, formdata: MultiDict[str, Any] | None = None, **kwargs: Any) -> None:
        """Take what was typed, and the address that was meant if the person has said so."""
        meant = formdata.get("email_meant") if formdata else None
        if formdata and meant and formdata.get("email") == formdata.get("email_asked"):
            formdata = MultiDict(formdata)
            formdata.setlist("email", [meant])
        super().__init__(formdata=formdata, **kwargs)
        self.country_code = ""
        if self.words_read.data not in {None, "", consents.in_force()}:
            self.untick()
        self.meant_email = ""
        self.needs_proof = True

    def forgive_tokens(self) -> bool:
        """Return whether the page's own tokens failed, and take that out of the form's errors.

        A lost cookie, a new server key or a page kept open for days is no fault of the person's. A form
        key that this site did not make is dropped.
        """
        failed = bool("csrf_token" in self and self.csrf_token.errors) or bool(self.form_key.errors)
        if self.form_key.errors:
            self.form_key.data = None
        self.form_key.errors = ()
        if "csrf_token" in self:
            self.csrf_token.errors = ()
        return failed

    def validate_form_key(self, field: HiddenField) -> None:
        """Accept only a key that this site could have made."""
        if not is_token(field.data):
            raise ValidationError("not a form key")

    def validate_country(self, field: StringField) -> None:
        """Take a country's name in any of the site's languages, or its ISO 3166 code."""
        code = names.read_country(field.data, page_language())
        if code is None:
            raise ValidationError(_("We do not know this country. Choose one from the list."))
        self.country_code = code
        field.data = names.country_names(page_language())[code]

    def validate_email(self, field: StringField) -> None:
        """Check that mail can be sent to the address, and ask once about one that looks mistyped."""
        emails.check_email(self, field)
        meant = emails.meant_instead(field.data)
        if meant and field.data != self.email_asked.data:
            self.meant_email = meant
            self.email_asked.data = field.data
            raise ValidationError(_("Did you mean %(address)s?", address=meant))

    def validate_phone(self, field: StringField) -> None:
        """Take a number of any country; without a country code it is one of the country given."""
        from app.inquiries.phones import given_phone  # noqa: PLC0415 -- large, and most pages take none

        region = names.read_country(self.country.data or "", page_language())
        # Without this, words beside a number would be taken for nothing, and letters for digits.
        number = given_phone(field.data, region) if WRITTEN_PHONE.fullmatch(field.data) else None
        if number is None:
            raise ValidationError(
                _("Check the phone number. Start with + and the country code, as in +34 600 000 000.")
            )
        field.data = number

    def values(self) -> dict[str, list[str]]:
        """Return what stands in the form, as a browser would send it."""
        kept = (field for field in self if is_question(field) or field.name in CARRIED_ON)
        return {field.name: texts for field in kept if (texts := texts_of(field))}

    def untick(self) -> None:
        """Take out every tick: the words beside it have changed since."""
        for field in self:
            if isinstance(field, TickField):
                field.data = False

    def only_asks(self) -> bool:
        """Return whether all that is left is the question whether an address is mistyped."""
        return bool(self.meant_email) and set(self.errors) == {"email"}

    def errors_of(self, fields: Sequence[str]) -> bool:
        """Return whether one of these fields has an error."""
        return any(self[name].errors for name in fields)

    def keep_errors_of(self, fields: Sequence[str]) -> None:
        """Take the errors of all other fields away: they are not asked for on this page."""
        for field in self:
            if field.name not in fields:
                field.errors = ()

    def put_into(self, language: str) -> None:
        """Write names that are typed in the page's language in another one, where they are understood."""
        code = names.read_country(self.country.data or "", page_language()) if "country" in self else None
        if code:
            self.country.data = names.country_names(language)[code]


def is_question(field: Field) -> bool:
    """Return whether a person answers a field, or the form carries it for itself."""
    return not isinstance(field, HiddenField)


def texts_of(field: Field) -> list[str]:
    """Return what a browser would send of a field."""
    if isinstance(field, TickField):
        return [field.value] if field.data else []
    if isinstance(field, ChoicesField):
        return [str(value) for value in field.data or ()]
    return [str(field.data)] if field.data else []
