"""What staff send when they answer a person, keep a contact, or write a template."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from app.core.clock import now
from app.core.days import today
from app.core.fields import (
    ChangeForm,
    ChoiceField,
    Required,
    TickField,
    long_text_field,
    text_field,
)
from app.core.i18n import comma_list, own_name
from app.inquiries.answering import REPLY_LENGTH, Contact
from app.inquiries.models import ReplyTemplate
from app.inquiries.replies import NAME_LENGTH, Template, placeholders_in, unknown_placeholders
from app.inquiries.services import NOTE_LENGTH
from app.inquiries.vocabulary import CONTACT_CHANNEL, CONTACT_OUTCOME, STATUS

ALL = "all"
"""Chosen where a template is offered whatever the status."""
TIME_LENGTH = 5


def free_text_field(label: Any, limit: int, *, required: Any) -> Any:
    """Return a question that is answered in several lines, in any language and direction."""
    field = long_text_field(label, limit, required=required)
    field.kwargs["render_kw"] = {"dir": "auto"}  # the form has not made the field yet
    return field


class ReplyForm(ChangeForm):
    """An answer by mail."""

    text = free_text_field(_l("Your answer"), REPLY_LENGTH, required=_l("Write the answer first."))
    template = HiddenField()
    """The handle of the template that the text began with."""
    then_wait = TickField(_l("Then wait for the patient"))

    def validate_text(self, field: Field) -> None:
        """Ask for what belongs in the place of a placeholder that nothing was put in for."""
        left = placeholders_in(field.data)
        if left:
            raise ValidationError(
                _(
                    "%(placeholders)s still stands in the text. Write what belongs there, or take it out.",
                    placeholders=comma_list(left),
                )
            )


class ContactForm(ChangeForm):
    """A contact outside of this site."""

    channel = ChoiceField(_l("How?"), CONTACT_CHANNEL, [Required(_l("Choose how you were in contact."))])
    outcome = ChoiceField(_l("What came of it?"), CONTACT_OUTCOME, [Required(_l("Choose what came of it."))])
    time = text_field(
        _l("Earlier today at (optional)"),
        TIME_LENGTH,
        hint=_l("Leave it empty if it was just now"),
        type="time",
    )
    note = long_text_field(
        _l("Note (optional)"), NOTE_LENGTH, hint=_l("Colleagues see it. The person who asked does not.")
    )

    def validate_time(self, field: Field) -> None:
        """Ask again for what is no time of the day so far."""
        moment = self.moment() if field.data else None
        if field.data and moment is None:
            raise ValidationError(_("Write the time as hours and minutes, for example 14:30."))
        if moment and moment > now():
            raise ValidationError(_("This time has not come yet. Leave it empty if it was just now."))

    def moment(self) -> datetime | None:
        """Return the time of today, in the site's zone, that was typed; None for just now or no time."""
        try:
            typed = time.fromisoformat(self.time.data or "")
        except ValueError:
            return None
        zone = ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])
        return datetime.combine(today(), typed.replace(tzinfo=None), zone).astimezone(UTC)

    def contact(self) -> Contact:
        """Return what was keyed in, once the form is valid."""
        return Contact(self.channel.data, self.outcome.data, self.note.data or "", self.moment())


class ReplyTemplateForm(ChangeForm):
    """A template."""

    name = text_field(
        _l("Name"), NAME_LENGTH, hint=_l("Colleagues choose it by this"), required=_l("Write a name.")
    )
    language = ChoiceField(_l("Language"), {}, [Required(_l("Choose the language it is written in."))])
    status = ChoiceField(
        _l("Offered for inquiries that stand at"),
        {ALL: _l("Any status"), **STATUS},
        [Required(_l("Choose what it is offered for."))],
    )
    text = free_text_field(_l("Text"), REPLY_LENGTH, required=_l("Write the text."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the site's languages."""
        super().__init__(*args, **kwargs)
        self.language.offer({code: own_name(code) for code in current_app.config["LANGUAGES"]})

    @classmethod
    def of(cls, row: ReplyTemplate) -> "ReplyTemplateForm":
        """Return the form with what stands in a template."""
        form = cls(
            formdata=None,
            data={"name": row.name, "language": row.language, "status": row.status or ALL, "text": row.text},
        )
        form.show_version(row.version)
        return form

    def validate_text(self, field: Field) -> None:
        """Refuse placeholders that nothing would come in the place of."""
        unknown = unknown_placeholders(field.data)
        if unknown:
            raise ValidationError(
                _(
                    "Nothing comes in the place of %(placeholders)s. Use only what stands in the list.",
                    placeholders=comma_list(unknown),
                )
            )

    def template(self) -> Template:
        """Return what was written, once the form is valid."""
        status = "" if self.status.data == ALL else self.status.data
        return Template(self.name.data, status, self.language.data, self.text.data)
