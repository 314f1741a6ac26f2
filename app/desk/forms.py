"""What staff send from the desk."""

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired
from wtforms.widgets import HiddenInput

from app.core.fields import PortalForm, Required, ShorterThan, ShownCharacters, one_line, several_lines
from app.inquiries.services import NOTE_LENGTH

SEARCH_LENGTH = 254


class ChangeForm(PortalForm):
    """A change of an inquiry; names the version that its author saw."""

    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class MoveForm(ChangeForm):
    """A move to another status."""

    # Moves that need a reason or a review are not made from here.
    target = HiddenField(validators=[AnyOf(["in_contact"])])


class NoteForm(ChangeForm):
    """A note for colleagues."""

    text = TextAreaField(
        _l("Add a note"),
        [ShownCharacters(), Required(_l("Write the note first.")), ShorterThan(NOTE_LENGTH)],
        filters=[several_lines],
        description=_l("Colleagues see it. The person who asked does not."),
        widget=GovTextArea(),
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
