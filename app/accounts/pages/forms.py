"""What is sent from the pages about accounts: an invitation, roles, a name, choices."""

from typing import Any

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, StringField

from app.accounts import spelling
from app.accounts.mail_choices import MAIL_CHOICES
from app.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from app.accounts.roles import ROLES
from app.core.emails import check_email
from app.core.fields import (
    ChoicesField,
    PortalForm,
    Required,
    ShorterThan,
    ShownCharacters,
    TickField,
    one_line,
    text_field,
)

SEARCH_LENGTH = EMAIL_LENGTH


def roles_field(label: Any) -> ChoicesField:
    """Return the question for roles; at least one is asked for."""
    return ChoicesField(label, ROLES, validators=[Required(_l("Choose at least one role."))])


class FindForm(PortalForm):
    """A search among staff; sent in the body, because a name must not stand in an address line."""

    sought = StringField(
        _l("Find by name or e-mail"),
        [ShownCharacters(), Required(_l("Write what to look for.")), ShorterThan(SEARCH_LENGTH)],
        filters=[one_line],
        widget=GovTextInput(),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class InviteForm(PortalForm):
    """Whom to invite, and as what."""

    email = StringField(
        _l("E-mail"),
        [Required(_l("Write the e-mail address.")), ShorterThan(EMAIL_LENGTH), check_email],
        filters=[spelling.address_form],
        widget=GovTextInput(),
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )
    roles = roles_field(_l("Roles of the new account"))


class RolesForm(PortalForm):
    """The roles of an account; names those that its author saw."""

    seen = HiddenField()
    roles = roles_field(_l("Roles"))
    gives_up = TickField(_l("I know that I can keep no accounts any more after this"))

    def show_seen(self, names: list[str]) -> None:
        """Name the roles that its reader sees now, whatever was sent."""
        self.seen.data = ",".join(names)

    def seen_roles(self) -> list[str]:
        """Return the roles that its author saw."""
        return [name for name in (self.seen.data or "").split(",") if name]


class SwitchOffForm(PortalForm):
    """The wish to switch an account off; one's own takes a tick more."""

    sure = TickField(_l("I know that I cannot sign in any more after this"))


class NameForm(PortalForm):
    """One's own name."""

    name = text_field(
        _l("Your name"),
        NAME_LENGTH,
        hint=_l("Colleagues see it beside what you do"),
        required=_l("Write your name, as colleagues know you."),
        autocomplete="name",
    )


class MailsForm(PortalForm):
    """Which mails to the team one wants."""

    mails = ChoicesField(_l("Which mails do you want?"), MAIL_CHOICES)


class ShortcutsForm(PortalForm):
    """Whether single keys do something at the desk."""

    uses_shortcuts = TickField(_l("Use keyboard shortcuts at the desk"))
