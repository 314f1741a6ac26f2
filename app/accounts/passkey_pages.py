"""The pages about passkeys: keeping one's own, and signing in with one."""

from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user, login_user
from flask_security.proxies import _security
from flask_security.tf_plugin import tf_check_state, tf_clean_session
from werkzeug.wrappers import Response

from app.accounts import challenges, passkeys, signing_in
from app.accounts.actor import actor_of
from app.accounts.blueprint import DESK, blueprint
from app.accounts.forms import asked_for
from app.accounts.freshness import confirmed, fresh
from app.accounts.models import User
from app.accounts.password_forms import PasskeyForm
from app.core.access import PUBLIC, SIGNED_IN, allow

Page = tuple[str, int] | Response

SETTING_UP = ["setup_from_login", "validating_profile"]
"""Flask-Security's names for the steps of a sign-in at which a second factor is set up."""


@blueprint.get("/account/passkeys", endpoint="passkeys")
@allow(SIGNED_IN)
@fresh
def show_passkeys() -> Page:
    """Show one's own passkeys, and the form for another one."""
    return passkeys_page(PasskeyForm(me()))


@blueprint.post("/account/passkeys")
@allow(SIGNED_IN)
@confirmed
def add_passkey() -> Page:
    """Keep a new passkey; who has no recovery codes makes some next."""
    form = PasskeyForm(me())
    if not (form.validate() and is_kept(form)):
        return passkeys_page(form, 422)
    flash(_("Your new passkey is kept."))
    if not me().mf_recovery_codes:
        return redirect(url_for("security.mf_recovery_codes"), 303)
    return redirect(url_for("accounts.passkeys"), 303)


@blueprint.post("/account/passkeys/remove")
@allow(SIGNED_IN)
@confirmed
def remove_passkey() -> Page:
    """Forget a passkey of one's own; one that was forgotten already stays so."""
    passkey = passkeys.passkey_named(me(), request.form.get("passkey", ""))
    try:
        if passkey is not None:
            passkeys.remove(me(), passkey, actor_of(me()))
            flash(_("The passkey is removed. It does not sign in any more."))
    except passkeys.LastFactorError:
        flash(_("This passkey is your only second factor. Set up another one first, then remove it."))
    return redirect(url_for("accounts.passkeys"), 303)


@blueprint.get("/second-factor/set-up/passkey")
@allow(PUBLIC)
def ask_for_passkey() -> Page:
    """Show the form for a first passkey, in the middle of a sign-in that needs one."""
    user = who_signs_in(SETTING_UP)
    if user is None:
        return redirect(url_for("accounts.passkeys"), 303)
    return set_up_page(PasskeyForm(user))


@blueprint.post("/second-factor/set-up/passkey")
@allow(PUBLIC)
def set_up_passkey() -> Page:
    """Keep a first passkey, complete the sign-in, and lead on to the recovery codes."""
    user = who_signs_in(SETTING_UP)
    if user is None or signing_in.has_second_factor(user):
        return redirect(url_for("security.login"), 303)
    form = PasskeyForm(user)
    if not (form.validate() and is_kept(form)):
        return set_up_page(form, 422)
    _security.two_factor_plugins.tf_complete(user, True)
    return redirect(url_for("security.mf_recovery_codes"), 303)


@blueprint.post("/second-factor/passkey")
@allow(PUBLIC)
def check_passkey() -> Page:
    """Sign in who gave the right password and has the passkey."""
    user = who_signs_in(["ready"])
    if user is None:
        return redirect(url_for("security.login"), 303)
    if answered(user) is None:
        signing_in.record_wrong_code(user.id)
        flash(try_again_words())
        return redirect(url_for("security.two_factor_token_validation", next=asked_for()), 303)
    _security.two_factor_plugins.tf_complete(user, True)
    return redirect(asked_for(), 303)


@blueprint.post("/sign-in/passkey")
@allow(PUBLIC)
def sign_in_by_passkey() -> Page:
    """Sign in whose passkey answered, and made sure of its owner: that is both factors."""
    if current_user.is_authenticated:
        return redirect(DESK, 303)
    user = answered(None)
    if user is None:
        signing_in.record_failed_sign_in(None)
        flash(try_again_words())
        return redirect(url_for("security.login", next=asked_for()), 303)
    tf_clean_session()  # type: ignore[no-untyped-call]
    login_user(user, remember=False, authn_via=["passkey"])
    return redirect(asked_for(), 303)


def who_signs_in(steps: list[str]) -> User | None:
    """Return who gave the right password, if the sign-in is at one of these steps."""
    return cast("User | None", tf_check_state(steps))


def me() -> User:
    """Return who is signed in."""
    return cast(User, current_user._get_current_object())


def answered(user: User | None) -> User | None:
    """Return whose passkey answered this page's challenge; ``user`` is who gave the password."""
    challenge = challenges.take()
    if challenge is None:
        return None
    try:
        return passkeys.check(request.form.get("credential", ""), challenge, user)
    except passkeys.PasskeyRefusedError:
        return None


def is_kept(form: PasskeyForm) -> bool:
    """Register the passkey of a form, or say in it what to do."""
    challenge = challenges.take()
    try:
        if challenge is None:
            raise passkeys.PasskeyRefusedError
        passkeys.register(
            form.user,
            name=form.name.data,
            answer=form.credential.data or "",
            challenge=challenge,
            actor=actor_of(form.user),
        )
    except passkeys.PasskeyNameTakenError:
        form.name.errors = [_("You have a passkey of this name. Choose another name.")]
        return False
    except passkeys.PasskeyRefusedError:
        form.name.errors = [try_again_words()]
        return False
    return True


def try_again_words() -> str:
    """Return what to do when a passkey's answer does not count."""
    return _("That did not work with this passkey. Try again, or use another one.")


def passkeys_page(form: PasskeyForm, status: int = 200) -> Page:
    """Return the page of one's own passkeys."""
    return render_template("accounts/passkeys.html", form=form, passkeys=me().passkeys), status


def set_up_page(form: PasskeyForm, status: int = 200) -> Page:
    """Return the page that sets up a first passkey during a sign-in."""
    return render_template("accounts/set_up_passkey.html", form=form), status
