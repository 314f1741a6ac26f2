"""The forms about passwords and passkeys: changing, asking for a link, setting anew, adding."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from app.accounts.forms import PasswordLength, button, email_field, is_own_password, password_field
from app.accounts.models import LONGEST_PASSWORD, PASSKEY_NAME_LENGTH, SHORTEST_PASSWORD, User
from app.accounts.passkeys import passkey_named
from app.core.fields import PortalForm, Required, ShorterThan, ShownCharacters, one_line


def new_password_field() -> PasswordField:
    """Return the question for a new password."""
    return password_field(
        "new-password",
        PasswordLength(),
        ShorterThan(LONGEST_PASSWORD),
        label=_l("New password"),
        hint=_l(
            "At least %(least)s characters. Three or four words that do not belong together are good.",
            least=SHORTEST_PASSWORD,
        ),
    )


class ChangePasswordForm(PortalForm):
    """The password there is, and the one that takes its place."""

    password = password_field("current-password", label=_l("Your password now"))
    new_password = new_password_field()
    submit = button(_l("Change the password"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        """Take whose password it is."""
        super().__init__(*args, **kwargs)
        self.user = user

    def validate(self, extra_validators: Any = None) -> bool:
        """Compare with the password there is, once the new one is good."""
        return bool(super().validate(extra_validators)) and is_own_password(self.user, self.password)


class ShowPasswordForm(PortalForm):
    """One's own password, before something is done that somebody else must not do in one's name."""

    password = password_field("current-password")
    submit = button(_l("Go on"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        """Take whose password it is."""
        super().__init__(*args, **kwargs)
        self.user = user

    def validate(self, extra_validators: Any = None) -> bool:
        """Compare it with the password there is."""
        return bool(super().validate(extra_validators)) and is_own_password(self.user, self.password)


class AskForResetForm(PortalForm):
    """Whose password was forgotten."""

    email = email_field(_l("E-mail"))
    submit = button(_l("Send me a link"))


class NewPasswordForm(PortalForm):
    """A password in place of a forgotten one."""

    new_password = new_password_field()
    submit = button(_l("Keep this password"))


class PasskeyForm(PortalForm):
    """A new passkey: its owner's name for it, and what the browser says of it."""

    name = StringField(
        _l("Name of the passkey"),
        [
            ShownCharacters(),
            Required(_l("Write a name for the passkey.")),
            ShorterThan(PASSKEY_NAME_LENGTH),
        ],
        filters=[one_line],
        description=_l("So that you can tell it from others, such as “My phone”"),
        widget=GovTextInput(),
        render_kw={"autocomplete": "off"},
    )
    credential = HiddenField()
    submit = button(_l("Add a passkey"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        """Take whose passkey it is."""
        super().__init__(*args, **kwargs)
        self.user = user

    def validate_name(self, field: StringField) -> None:
        """Ask for a name that no other passkey of this person has."""
        if passkey_named(self.user, field.data):
            raise ValidationError(_("You have a passkey of this name. Choose another name."))
