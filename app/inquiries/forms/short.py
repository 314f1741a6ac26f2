"""The short forms beside the inquiry's: to be called, to have a link mailed, to come back by a code."""

from flask_babel import lazy_gettext as _l

from app.core.fields import PortalForm, Required, TickField, text_field
from app.inquiries import consents
from app.inquiries.answers import NAME_LENGTH, SHORT_TEXT_LENGTH, Answers
from app.inquiries.forms.person import FormOfPerson, country_field, email_field, phone_field


class LinkForm(FormOfPerson):
    """Where the link to a form that was saved shall be mailed."""

    email = email_field(_l("Your e-mail address"), required=_l("Write your e-mail address."))


class CodeForm(PortalForm):
    """The code that leads back to a form that was saved."""

    code = text_field(
        _l("Code"),
        SHORT_TEXT_LENGTH,
        hint=_l("You find it at the end of the link. Capitals and dashes do not matter."),
        required=_l("Write the code."),
        autocomplete="off",
        spellcheck="false",
    )


class CallForm(FormOfPerson):
    """What is asked of someone who would rather be called: the rest is asked on the phone."""

    patient_name = text_field(
        _l("Your name"), NAME_LENGTH, required=_l("Write your name."), autocomplete="name"
    )
    country = country_field(_l("Write the country that you are in, so that we call at a good hour."))
    phone = phone_field(_l("Phone number"), required=_l("Write the number that we should call."))
    best_time = text_field(
        _l("When is a good time? (optional)"),
        SHORT_TEXT_LENGTH,
        hint=_l("For example mornings, or after 16:00"),
    )
    consent_processing = TickField(
        consents.text("consent_processing"),
        [Required(_l("Tick the box if you agree. Without it we may not keep your number."))],
    )

    def answers(self) -> Answers:
        """Return the checked answers."""
        return Answers(
            patient_name=self.patient_name.data,
            country=self.country_code,
            phone=self.phone.data,
            contact_by="phone",
            best_time=self.best_time.data,
        )
