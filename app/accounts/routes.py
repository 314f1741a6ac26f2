"""The pages of accounts: Flask-Security's views at our addresses, and the invitation."""

from typing import cast

from flask import Flask, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user, login_user, logout_user, recovery_codes, views
from flask_security.proxies import _security
from flask_security.tf_plugin import tf_clean_session
from werkzeug.wrappers import Response

from app.accounts import invitations
from app.accounts.blueprint import DESK, blueprint, sign_in_pages
from app.accounts.forms import InvitedForm, WelcomeForm, with_local_next
from app.accounts.models import Invitation, User
from app.accounts.passkey_pages import SETTING_UP, who_signs_in
from app.accounts.signing_in import has_second_factor
from app.core.access import PUBLIC, SIGNED_IN, allow, declare_endpoints
from app.core.http import client_address

Page = tuple[str, int] | Response | str

LIBRARY_PERMISSIONS = {
    "security.login": PUBLIC,
    "security.verify": SIGNED_IN,
    # Where a second factor is required it is set up before the sign-in is complete: the view itself
    # asks for a right password first.
    "security.two_factor_setup": PUBLIC,
    "security.mf_recovery": PUBLIC,
    "security.mf_recovery_codes": SIGNED_IN,
}

LEADS_ON = {"security.login", "security.verify", "security.check_code", "security.mf_recovery"}
"""Those whose form leads to another page when nothing is wrong with it."""


def init_routes(app: Flask) -> None:
    """Register the pages; an address of Flask-Security's that is not here does not exist."""
    app.register_blueprint(sign_in_pages)
    app.register_blueprint(blueprint)
    declare_endpoints(app, LIBRARY_PERMISSIONS)


for _address, _endpoint, _view in (
    ("/sign-in", "login", views.login),
    ("/confirm-password", "verify", views.verify),
    ("/second-factor/set-up", "two_factor_setup", views.two_factor_setup),
    ("/recovery-code", "mf_recovery", recovery_codes.mf_recovery),
    ("/recovery-codes", "mf_recovery_codes", recovery_codes.mf_recovery_codes),
):
    sign_in_pages.add_url_rule(_address, _endpoint, _view, methods=["GET", "POST"])


@sign_in_pages.before_request
def lead_to_the_desk_only() -> None:
    """Let the library's views find no ``next`` but our own: theirs may be anywhere on this host."""
    request.args = with_local_next(request.args)
    request.form = with_local_next(request.form)


@sign_in_pages.before_request
def forget_a_late_set_up() -> None:
    """Let nobody set up a second factor by a sign-in that was begun before there was one."""
    if session.get("tf_state") in SETTING_UP and not current_user.is_authenticated:
        user = who_signs_in(SETTING_UP)
        if user is not None and has_second_factor(user):
            tf_clean_session()  # type: ignore[no-untyped-call]


@sign_in_pages.after_request
def tell_what_was_refused(response: Response) -> Response:
    """Answer 422 where a form comes back, for which the library's views have no status."""
    if request.method == "POST" and request.endpoint in LEADS_ON and response.status_code == 200:
        response.status_code = 422
    return response


@sign_in_pages.post("/sign-out", endpoint="logout")
@allow(SIGNED_IN)
def sign_out() -> Response:
    """End the session, and say so on the sign-in page."""
    response = cast(Response, views.logout())
    flash(_("You are signed out."))
    return response


@sign_in_pages.get("/second-factor", endpoint="two_factor_token_validation")
@allow(PUBLIC)
def ask_for_code() -> Page:
    """Ask for a code. Flask-Security would sign out who comes back to this page later."""
    if current_user.is_authenticated and session.get("tf_state") != "validating_profile":
        return redirect(DESK, 303)
    return cast(Page, views.two_factor_token_validation())


@sign_in_pages.post("/second-factor", endpoint="check_code")
@allow(PUBLIC)
def check_code() -> Page:
    """Check a code; a first one, which ends the set-up, leads on to the recovery codes."""
    was_setting_up = session.get("tf_state") == "validating_profile"
    if current_user.is_authenticated and not was_setting_up:
        return redirect(DESK, 303)
    page = cast(Page, views.two_factor_token_validation())
    if was_setting_up and "tf_state" not in session and current_user.is_authenticated:
        return redirect(url_for("security.mf_recovery_codes"), 303)
    return page


@sign_in_pages.get("/second-factor/help", endpoint="two_factor_rescue")
@allow(PUBLIC)
def help_without_code() -> str:
    """Tell who has no code at hand what to do."""
    return render_template("accounts/no_code.html")


@blueprint.get("/welcome/<token>")
@allow(PUBLIC)
def show_welcome(token: str) -> Page:
    """Show what a one-time link opens: the form that makes an account."""
    invitation = invitations.find_invitation(token)
    return welcome_page(invitation, welcome_form(invitation))


@blueprint.post("/welcome/<token>")
@allow(PUBLIC)
def accept_invitation(token: str) -> Page:
    """Make the account and sign its owner in, or give the form back with what to change."""
    invitation = invitations.find_invitation(token)
    form = welcome_form(invitation)
    if not form.validate():
        return welcome_page(invitation, form, 422)
    user = invitations.accept_invitation(
        token,
        name=form.name.data,
        email=form.email.data if form.email else None,
        password=form.password.data,
        address=client_address(),
    )
    return sign_in_new(user)


@blueprint.errorhandler(invitations.InvitationUnknownError)
def show_unknown(_error: Exception) -> Page:
    """Say that a link is none of ours."""
    return render_template("accounts/welcome_unknown.html"), 404


@blueprint.errorhandler(invitations.InvitationOverError)
def show_over(_error: Exception) -> Page:
    """Say that a link does not work any more."""
    return render_template("accounts/welcome_over.html"), 410


def welcome_form(invitation: Invitation) -> WelcomeForm:
    """Return the form that asks for what the invitation does not tell."""
    return InvitedForm() if invitation.email else WelcomeForm()


def welcome_page(invitation: Invitation, form: WelcomeForm, status: int = 200) -> Page:
    """Return the page that makes an account."""
    return render_template("accounts/welcome.html", invitation=invitation, form=form), status


def sign_in_new(user: User) -> Response:
    """Sign in whose account was just made; where a second factor is required, its set-up comes first."""
    if current_user.is_authenticated:
        logout_user()
    second_factor = _security.two_factor_plugins.tf_enter(user, False, "invitation", next_loc=DESK)
    if second_factor is not None:
        return cast(Response, second_factor)
    login_user(user, remember=False, authn_via=["invitation"])
    return redirect(DESK, 303)
