"""What staff send from the desk."""

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired
from wtforms.widgets import HiddenInput

from app.core.fields import (
    ChangeForm,
    PortalForm,
    Required,
    ShorterThan,
    ShownCharacters,
    long_text_field,
    one_line,
)
from app.inquiries.forms import InquiryForm
from app.inquiries.services import NOTE_LENGTH

SEARCH_LENGTH = 254


class MoveForm(ChangeForm):
    """A move to another status."""

    # Moves that need a reason or a review are not made from here.
    target = HiddenField(validators=[AnyOf(["in_contact"])])


class NoteForm(ChangeForm):
    """A note for colleagues."""

    text = long_text_field(
        _l("Add a note"),
        NOTE_LENGTH,
        hint=_l("Colleagues see it. The person who asked does not."),
        required=_l("Write the note first."),
    )


class SearchForm(PortalForm):
    """A search; sent in the body, because a name or an address must not stand in an address line."""

    sought = StringField(
        _l("Find by reference, name, e-mail or phone"),
        [ShownCharacters(), Required(_l("Write what to look for.")), ShorterThan(SEARCH_LENGTH)],
        filters=[one_line],
        widget=GovTextInput(),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class CompletedForm(InquiryForm):
    """The answers of an inquiry, put in or corrected by staff during a call; names the version they saw."""

    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    show_version = ChangeForm.show_version
