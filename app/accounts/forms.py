"""The forms of accounts. Those of Flask-Security are asked in our words, and checked by our services."""

from datetime import timedelta
from typing import Any, cast

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import (
    LoginForm,
    MfRecoveryCodesForm,
    MfRecoveryForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from wtforms import HiddenField, PasswordField, RadioField, StringField, SubmitField
from wtforms.validators import StopValidation, ValidationError

from app.accounts import signing_in, spelling
from app.accounts.attempts import TooManyTriesError
from app.accounts.blueprint import DESK
from app.accounts.models import (
    EMAIL_LENGTH,
    LONGEST_PASSWORD,
    NAME_LENGTH,
    SHORTEST_PASSWORD,
    User,
)
from app.core.emails import check_email
from app.core.fields import (
    PortalForm,
    Required,
    ShorterThan,
    ShownCharacters,
    one_line,
    without_hidden_characters,
)
from app.core.http import client_address


def email_field(label: Any, *checks: Any) -> StringField:
    """Return the question for the address that signs in."""
    return StringField(
        label,
        [Required(_l("Write your e-mail address.")), *checks],
        filters=[spelling.address_form],
        widget=GovTextInput(),
        render_kw={"type": "email", "autocomplete": "username", "spellcheck": "false"},
    )


class HiddenText(GovTextInput):
    """A text input that shows dots, and never holds what was typed before."""

    input_type = "password"

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        """Draw it empty."""
        return super().__call__(field, **{**kwargs, "value": ""})


def password_field(autocomplete: str, *checks: Any, hint: Any = "", label: Any = None) -> PasswordField:
    """Return the question for a password; nothing keeps anyone from pasting one."""
    return PasswordField(
        label or _l("Password"),
        [Required(_l("Write your password.")), *checks],
        description=hint,
        widget=HiddenText(),
        render_kw={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"},
    )


def button(words: Any) -> SubmitField:
    """Return a form's button."""
    return SubmitField(words, widget=GovSubmitInput())


def shown_line(text: str | None) -> str:
    """Return text on one line, with nothing in it that a page could not show."""
    return without_hidden_characters(one_line((text or "")[: spelling.LONGEST_TYPED]))


def local_address(text: str | None) -> str:
    """Return an address of the desk to go on to, or the desk itself where it is none of ours."""
    address = text or DESK
    is_ours = address == DESK or address.startswith((f"{DESK}/", f"{DESK}?"))
    is_plain = address == shown_line(address) and "\\" not in address
    return address if is_ours and is_plain else DESK


def with_local_next(values: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Return what was sent, with an address of the desk in place of any other ``next``."""
    return ImmutableMultiDict(
        (name, local_address(value) if name == "next" else value) for name, value in values.items(multi=True)
    )


def asked_for() -> str:
    """Return the address of the desk that someone was on the way to."""
    return local_address(request.values.get("next"))


class SignInForm(PortalForm, LoginForm):
    """E-mail and password."""

    email = email_field(_l("E-mail"))
    password = password_field("current-password")
    remember = None
    submit = button(_l("Sign in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Remember where the person was going."""
        super().__init__(*args, **kwargs)
        self.next.data = asked_for()

    def validate_next(self, field: HiddenField) -> None:
        """Accept: the form was given a checked address above."""

    def validate(self, **_kwargs: Any) -> bool:
        """Find the account; whatever fails, the words are the same."""
        if not FlaskForm.validate(self):
            return False
        try:
            self.user = signing_in.find_by_password(self.email.data, self.password.data, client_address())
        except TooManyTriesError:
            self.email.errors = [too_many_tries_words()]
            return False
        if self.user is None:
            self.email.errors = [_("The e-mail address and the password do not belong together. Check both.")]
        return self.user is not None


class ConfirmPasswordForm(PortalForm, VerifyForm):
    """The password once more, before something that a stolen session must not do."""

    password = password_field("current-password")
    submit = button(_l("Go on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Remember where the person was going."""
        super().__init__(*args, **kwargs)
        self.next.data = asked_for()

    def validate_next(self, field: HiddenField) -> None:
        """Accept: the form was given a checked address above."""

    def validate(self, **_kwargs: Any) -> bool:
        """Compare the password with that of the person who is signed in."""
        if not FlaskForm.validate(self):
            return False
        return is_own_password(cast(User, self.user), self.password)


class SetUpForm(PortalForm, TwoFactorSetupForm):
    """The wish to set up an authenticator app, the one second factor there is."""

    setup = HiddenField()
    phone = None
    submit = button(_l("Show the code to scan"))

    def validate(self, **_kwargs: Any) -> bool:
        """Let nobody choose another way, or none."""
        self.setup.data = "authenticator"
        return bool(FlaskForm.validate(self))


class SixDigits:
    """Ask for a code as apps show it; spaces do not matter."""

    def __call__(self, _form: FlaskForm, field: StringField) -> None:
        """Leave the field with six digits, or ask for them."""
        digits = "".join((field.data or "").split())
        if not (len(digits) == 6 and digits.isascii() and digits.isdecimal()):
            raise StopValidation(_("Write the 6 digits that your app shows."))
        field.data = digits


class CodeForm(PortalForm, TwoFactorVerifyCodeForm):
    """A code of the authenticator app."""

    code = StringField(
        _l("Code from your app"),
        [SixDigits()],
        filters=[shown_line],
        description=_l("6 digits"),
        widget=GovTextInput(),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )
    submit = button(_l("Go on"))

    def validate(self, **kwargs: Any) -> bool:
        """Use the code up; stop looking at codes when too many were wrong."""
        if not self.tf_totp_secret:
            self.code.errors = [
                _("You have no authenticator app here. Use your passkey, or a recovery code.")
            ]
            return False
        if signing_in.too_many_wrong_codes(cast(User, self.user).id):
            self.code.errors = [too_many_words()]
            return False
        if not FlaskForm.validate(self):
            return False
        if super().validate(**kwargs):
            return True
        self.code.errors = [
            _("This code does not match, or was used before. Wait for the next one and try again.")
        ]
        return False


class NoRescueForm(PortalForm, TwoFactorRescueForm):
    """What Flask-Security would offer who has no code; ``help_without_code`` is the page for that."""

    help_setup = RadioField(choices=[])
    submit = None


def recovery_code_form(text: str | None) -> str:
    """Return a recovery code as it was shown, however it was typed: three groups of four."""
    signs = "".join(sign for sign in (text or "")[: spelling.LONGEST_TYPED].lower() if sign.isalnum())
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


class RecoveryCodeForm(PortalForm, MfRecoveryForm):
    """A recovery code in place of one from the app."""

    code = StringField(
        _l("Recovery code"),
        [Required(_l("Write one of your recovery codes."))],
        filters=[recovery_code_form],
        description=_l("It looks like 1a2b-3c4d-5e6f"),
        widget=GovTextInput(),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    submit = button(_l("Sign in"))

    def validate(self, **kwargs: Any) -> bool:
        """Use the code up; stop looking at codes when too many were wrong."""
        user = cast(User, self.user)
        if signing_in.too_many_wrong_codes(user.id):
            self.code.errors = [too_many_words()]
            return False
        if super().validate(**kwargs):
            return True
        if self.code.data:
            signing_in.record_wrong_code(user.id)
            self.code.errors = [_("This is none of your unused recovery codes. Check it, or try another.")]
        return False


class NewRecoveryCodesForm(PortalForm, MfRecoveryCodesForm):
    """The wish for new recovery codes."""

    show_codes = None
    generate_new_codes = button(_l("Make recovery codes"))


def is_own_password(user: User, field: PasswordField) -> bool:
    """Return whether a field holds the password of someone who is signed in, or say what to do."""
    try:
        if signing_in.confirm_password(user, field.data, client_address()):
            return True
        field.errors = [_("This is not your password. Check it and try again.")]
    except TooManyTriesError:
        field.errors = [too_many_tries_words()]
    return False


def too_many_tries_words() -> str:
    """Return what to do when passwords were wrong too often."""
    return _("Too many tries did not work. Wait 15 minutes, then try again.")


def too_many_words() -> str:
    """Return what to do when codes were wrong too often."""
    minutes = signing_in.WRONG_CODES_COUNT_FOR // timedelta(minutes=1)
    return _("Too many codes were wrong. Wait %(minutes)s minutes, then try again.", minutes=minutes)


class PasswordLength:
    """Ask for a password that is long enough. Nothing else is asked of it."""

    def __call__(self, _form: FlaskForm, field: PasswordField) -> None:
        """Tell the length that is needed."""
        if len(field.data) < SHORTEST_PASSWORD:
            raise ValidationError(
                _("Make the password at least %(least)s characters long.", least=SHORTEST_PASSWORD)
            )


class WelcomeForm(PortalForm):
    """What the first administrator chooses."""

    name = StringField(
        _l("Your name"),
        [
            ShownCharacters(),
            Required(_l("Write your name, as colleagues know you.")),
            ShorterThan(NAME_LENGTH),
        ],
        filters=[one_line],
        description=_l("Colleagues see it beside what you do"),
        widget=GovTextInput(),
        render_kw={"autocomplete": "name"},
    )
    email = email_field(_l("E-mail"), ShorterThan(EMAIL_LENGTH), check_email)
    password = password_field(
        "new-password",
        PasswordLength(),
        ShorterThan(LONGEST_PASSWORD),
        hint=_l(
            "At least %(least)s characters. Three or four words that do not belong together are good.",
            least=SHORTEST_PASSWORD,
        ),
    )
    submit = button(_l("Make my account"))


class InvitedForm(WelcomeForm):
    """What an invited person chooses: not the address, which is the one that was invited."""

    email = None
