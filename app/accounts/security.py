"""Flask-Security's set-up: what of it is used, and what happens when someone signs in or out."""

from datetime import timedelta
from typing import Any

from flask import Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import user_logged_out
from flask_security import (
    FSQLALiteUserDatastore,
    Security,
    current_user,
    logout_user,
    tf_code_confirmed,
    tf_profile_changed,
    user_authenticated,
    user_failed_authn,
)
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts import signing_in
from app.accounts.actor import actor_of
from app.accounts.forms import (
    DESK,
    CodeForm,
    ConfirmPasswordForm,
    NewRecoveryCodesForm,
    NoRescueForm,
    RecoveryCodeForm,
    SetUpForm,
    SignInForm,
    local_address,
)
from app.accounts.models import Role, User
from app.accounts.roles import permissions_of
from app.accounts.second_factor import (
    OneTimeCodes,
    RecoveryCodes,
    keys_for_recovery_codes,
    secrets_for_apps,
)
from app.core.access import init_access
from app.core.clock import now
from app.core.database import db
from app.core.typed import is_readable, typed_texts

SIGNED_IN_AT = "signed_in_at"
SIGNING_IN = {"security", "accounts"}
"""Blueprints whose forms are about signing in: nothing sent to them is shown again."""

SETTINGS: dict[str, Any] = {
    # Passwords: argon2id with argon2-cffi's parameters, those of RFC 9106 for less memory.
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    # Sessions: a signed cookie that goes with the browser, and no other way in.
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_FRESHNESS": timedelta(minutes=15),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
    "SECURITY_LOGOUT_CSRF": True,
    "SECURITY_POST_LOGIN_VIEW": DESK,
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_POST_VERIFY_VIEW": DESK,
    # The second factor: an authenticator app, or a recovery code. No code by mail or SMS.
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "security.mf_recovery_codes",
    # RFC 6238, 5.2: one step of delay.
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
    # Our pages, our words, our commands.
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
    "SECURITY_VERIFY_TEMPLATE": "accounts/confirm_password.html",
    "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "accounts/set_up_second_factor.html",
    "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/second_factor.html",
    "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "accounts/recovery_code.html",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "accounts/recovery_codes.html",
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
}


def init_security(app: Flask) -> None:
    """Set Flask-Security up without its own addresses, and check every request's permission."""
    field_keys = app.config["FIELD_KEYS"]
    app.config.from_mapping(
        SETTINGS,
        SECURITY_TOTP_ISSUER=app.config["SITE_NAME"],
        SECURITY_TOTP_SECRETS=secrets_for_apps(field_keys),
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=keys_for_recovery_codes(field_keys),
    )
    security = Security(
        app,
        FSQLALiteUserDatastore(db, User, Role),
        # ``routes.py`` registers the few views that are used.
        register_blueprint=False,
        login_form=SignInForm,
        verify_form=ConfirmPasswordForm,
        two_factor_setup_form=SetUpForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_rescue_form=NoRescueForm,
        mf_recovery_form=RecoveryCodeForm,
        mf_recovery_codes_form=NewRecoveryCodesForm,
        totp_cls=OneTimeCodes,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )
    # Its views would answer JSON, with a token for signing in, to whoever asks for it.
    security.want_json(lambda _request: False)
    security.login_manager.request_loader(lambda _request: None)
    connect_signals(app)
    init_access(app, granted, ask_to_sign_in)


def connect_signals(app: Flask) -> None:
    """Record what happens in Flask-Security's views."""
    user_authenticated.connect(note_sign_in, app)
    user_failed_authn.connect(note_wrong_code, app)
    user_logged_out.connect(note_sign_out, app)
    tf_code_confirmed.connect(note_code, app)
    tf_profile_changed.connect(note_set_up, app)


def granted() -> frozenset[str] | None:
    """Return the permissions of who is signed in, or None for who is not, or not any more."""
    if not current_user.is_authenticated:
        return None
    if session_is_over():
        logout_user()
        flash(_("Your session has ended. Sign in again to go on."))
        return None
    return permissions_of(role.name for role in current_user.roles)


def session_is_over() -> bool:
    """Return whether someone is signed in for too long, or without the second factor that is needed."""
    lifetime: timedelta = current_app.config["SESSION_LIFETIME"]
    is_old = now().timestamp() - session.get(SIGNED_IN_AT, 0) > lifetime.total_seconds()
    required: bool = current_app.config["SECURITY_TWO_FACTOR_REQUIRED"]
    return is_old or (required and not signing_in.has_second_factor(current_user))


def ask_to_sign_in() -> Response | tuple[str, int]:
    """Lead to the sign-in page, and back from there to a page that was asked for.

    What was typed while the session ended is shown first, to be copied.
    """
    if request.method != "GET":
        address = url_for("security.login", next=page_of_form())
        if not is_readable():
            return unread_page(address), 401
        if request.blueprint not in SIGNING_IN and (texts := typed_texts()):
            return render_template("accounts/sign_in_again.html", texts=texts, sign_in=address), 401
        return redirect(url_for("security.login"), 303)
    target = request.full_path if request.query_string else request.path
    return redirect(url_for("security.login", next=target), 303)


def unread_page(address: str) -> str:
    """Return the page that leads to signing in when a form is too large to be read, most likely a file.

    It comes with an error's status and not as a redirect: a browser is still sending when it is answered, and
    of such an answer Chromium shows errors alone.
    """
    link = Markup('<a class="stand-alone-link" href="{}">{}</a>').format(address, _("Sign in"))
    advice = [
        _("The file was not saved, because you are not signed in any more. Sign in, then send it again.")
    ]
    return render_template(
        "errors/error.html", status=401, heading=_("Your session has ended"), advice=[*advice, link], texts=[]
    )


def page_of_form() -> str:
    """Return the page that the form stood on: its address, or the one above it; else the desk."""
    adapter = current_app.create_url_adapter(request)
    for path in (request.path, request.path.rpartition("/")[0]):
        if adapter is not None and adapter.test(path, "GET"):
            return local_address(path)
    return DESK


def note_sign_in(_app: Flask, user: User, **_extra: Any) -> None:
    """Record a sign-in; where that cannot be kept, nobody is signed in."""
    session[SIGNED_IN_AT] = now().timestamp()
    try:
        signing_in.record_sign_in(actor_of(user))
    except Exception:
        session.clear()
        raise


def note_wrong_code(_app: Flask, user: User, **_extra: Any) -> None:
    """Record a wrong code. Our own forms check passwords, so that no other failure comes here."""
    signing_in.record_wrong_code(user.id)


def note_sign_out(_app: Flask, user: Any, **_extra: Any) -> None:
    """End every session of who signs out. One that was over ends alone, and leaves younger ones be."""
    was_over = isinstance(user, User) and session_is_over()
    session.pop(SIGNED_IN_AT, None)
    if isinstance(user, User) and not was_over:
        signing_in.sign_out(user, actor_of(user))


def note_code(app: Flask, user: User, **extra: Any) -> None:
    """Record that the first right code at a sign-in finished the set-up of an app."""
    if session.get("tf_state") == "validating_profile":
        note_set_up(app, user, **extra)


def note_set_up(_app: Flask, user: User, **_extra: Any) -> None:
    """Record that an app was set up."""
    signing_in.record_second_factor(user, actor_of(user))
