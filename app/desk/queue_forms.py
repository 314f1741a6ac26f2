"""What the queue's search takes."""

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField

from app.core.fields import PortalForm, Required, ShorterThan, ShownCharacters, one_line

SEARCH_LENGTH = 254
"""Characters: the longest that is sought is an e-mail address."""


class SearchForm(PortalForm):
    """A search; sent in the body, because a name or an address must not stand in an address line."""

    sought = StringField(
        _l("Find by reference, name, e-mail or phone"),
        [ShownCharacters(), Required(_l("Write what to look for.")), ShorterThan(SEARCH_LENGTH)],
        filters=[one_line],
        widget=GovTextInput(),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
