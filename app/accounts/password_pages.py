"""The pages about passwords: changing one's own, and setting a forgotten one anew by mail."""

from typing import cast

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from app.accounts import cookie, passwords
from app.accounts.actor import current_actor
from app.accounts.attempts import TooManyTriesError
from app.accounts.blueprint import DESK, blueprint
from app.accounts.models import RESET_LIFETIME, User
from app.accounts.password_forms import AskForResetForm, ChangePasswordForm, NewPasswordForm
from app.core.access import PUBLIC, SIGNED_IN, allow
from app.core.http import client_address

Page = tuple[str, int] | Response

ACCOUNT = f"{DESK}/account"
MINUTES = RESET_LIFETIME.seconds // 60


@blueprint.get("/account/password")
@allow(SIGNED_IN)
def change_password() -> Page:
    """Show the form that changes one's own password."""
    return change_page(ChangePasswordForm(me()))


@blueprint.post("/account/password")
@allow(SIGNED_IN)
def save_password() -> Page:
    """Change one's own password; this browser alone stays signed in."""
    user = me()
    form = ChangePasswordForm(user)
    if not form.validate():
        return change_page(form, 422)
    passwords.change_password(user, form.new_password.data, current_actor(), but=cookie.this_session())
    cookie.name_anew(user)
    flash(_("Your password is changed. Everywhere else you are signed out."))
    return redirect(ACCOUNT, 303)


@blueprint.get("/forgotten")
@allow(PUBLIC)
def forgotten() -> Page:
    """Ask whose password was forgotten."""
    return forgotten_page(AskForResetForm())


@blueprint.post("/forgotten")
@allow(PUBLIC)
def ask_for_reset() -> Page:
    """Have a link sent, and say the same whether or not there is an account."""
    form = AskForResetForm()
    if not form.validate():
        return forgotten_page(form, 422)
    try:
        passwords.ask_for_reset(form.email.data, client_address())
    except TooManyTriesError:
        form.email.errors = [
            _("Links were asked for too often. Look among your mails for the newest one, or wait an hour.")
        ]
        return forgotten_page(form, 422)
    return redirect(url_for("accounts.reset_asked"), 303)


@blueprint.get("/forgotten/sent")
@allow(PUBLIC)
def reset_asked() -> Page:
    """Say what comes next."""
    return render_template("accounts/reset_asked.html", minutes=MINUTES), 200


@blueprint.get("/reset/<token>")
@allow(PUBLIC)
def show_reset(token: str) -> Page:
    """Show what a link opens: the form that sets a new password."""
    _reset, user = passwords.find_reset(token)
    return reset_page(user, NewPasswordForm())


@blueprint.post("/reset/<token>")
@allow(PUBLIC)
def reset_password(token: str) -> Page:
    """Set the new password; signing in with it comes next, with the second factor."""
    _reset, user = passwords.find_reset(token)
    form = NewPasswordForm()
    if not form.validate():
        return reset_page(user, form, 422)
    passwords.reset_password(token, form.new_password.data, client_address())
    flash(_("Your new password is kept. Sign in with it now."))
    return redirect(url_for("security.login"), 303)


@blueprint.errorhandler(passwords.ResetUnknownError)
def show_reset_unknown(_error: Exception) -> Page:
    """Say that a link is none of ours."""
    return render_template("accounts/reset_over.html"), 404


@blueprint.errorhandler(passwords.ResetOverError)
def show_reset_over(_error: Exception) -> Page:
    """Say that a link does not work any more."""
    return render_template("accounts/reset_over.html"), 410


def me() -> User:
    """Return who is signed in."""
    return cast(User, current_user._get_current_object())


def change_page(form: ChangePasswordForm, status: int = 200) -> Page:
    """Return the page that changes one's own password."""
    return render_template("accounts/change_password.html", form=form), status


def forgotten_page(form: AskForResetForm, status: int = 200) -> Page:
    """Return the page that asks whose password was forgotten."""
    return render_template("accounts/forgotten.html", form=form, minutes=MINUTES), status


def reset_page(user: User, form: NewPasswordForm, status: int = 200) -> Page:
    """Return the page that sets a new password."""
    return render_template("accounts/reset.html", form=form, email=user.email), status
