"""Flask-Security's set-up: what of it is used, and what happens when someone signs in or out."""

from datetime import timedelta
from typing import Any

from flask import Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import user_logged_out
from flask_security import (
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

from app.accounts import challenges, cookie, passkeys, sessions, signing_in
from app.accounts.actor import actor_of
from app.accounts.blueprint import DESK
from app.accounts.datastore import Datastore
from app.accounts.forms import (
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
from app.accounts.refusals import note_refusal
from app.accounts.roles import permissions_of
from app.accounts.second_factor import (
    OneTimeCodes,
    RecoveryCodes,
    keys_for_recovery_codes,
    secrets_for_apps,
)
from app.accounts.sessions import WARNED_BEFORE
from app.core.access import init_access
from app.core.database import db
from app.core.typed import is_readable, typed_texts

NO_USE = {"accounts.session_left"}
"""Endpoints that script asks by itself: that is no use of a session."""
IN_BACKGROUND = "X-Background"
"""The header with which script says of any other request that nobody did anything."""
SIGNING_IN = {"security"}
"""Blueprints whose forms are about signing in alone: nothing sent to them is shown again."""
ABOUT_ACCOUNTS = {"security", "accounts"}
"""Blueprints with pages for everyone that do more for who is signed in."""

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
    # Flask-Login would write into each visitor's cookie that it was not there before. Nothing reads that.
    "SESSION_PROTECTION": None,
    "SECURITY_POST_LOGIN_VIEW": DESK,
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_POST_VERIFY_VIEW": DESK,
    # The second factor: an authenticator app, a passkey, or a recovery code. No code by mail or SMS.
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "app.accounts.second_factor.SecondFactors"},
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
        Datastore(db, User, Role),
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
    # ``core/access.py`` asks who is signed in where a view needs it; Flask-Principal would at each request.
    security.principal.identity_loaders.clear()
    add_words_for_templates(app)
    connect_signals(app)
    app.before_request(let_go_of_what_is_over)
    init_access(app, granted, ask_to_sign_in, note_refusal)


def add_words_for_templates(app: Flask) -> None:
    """Let the templates ask passkeys, and tell for how long a session goes on."""
    app.add_template_global(passkeys.can_be_used, "passkeys_can_be_used")
    app.add_template_global(challenges.ask_to_register, "ask_passkey_to_register")
    app.add_template_global(challenges.ask_to_sign_in, "ask_passkey_to_sign_in")
    app.add_template_global(cookie.seconds_left, "session_seconds_left")
    app.jinja_env.globals["session_warned_before"] = int(WARNED_BEFORE.total_seconds())


def connect_signals(app: Flask) -> None:
    """Record what happens in Flask-Security's views."""
    user_authenticated.connect(note_sign_in, app)
    user_failed_authn.connect(note_wrong_code, app)
    user_logged_out.connect(note_sign_out, app)
    tf_code_confirmed.connect(note_code, app)
    tf_profile_changed.connect(note_set_up, app)


def let_go_of_what_is_over() -> None:
    """Let a cookie whose session is over be worth nothing on the pages of accounts that are for everyone."""
    if request.blueprint in ABOUT_ACCOUNTS:
        is_signed_in()


def is_signed_in() -> bool:
    """Return whether someone is signed in; who is not any more is signed out."""
    if not current_user.is_authenticated:
        return False
    if session_is_over():
        logout_user()
        flash(_("Your session has ended. Sign in again to go on."))
        return False
    return True


def granted() -> frozenset[str] | None:
    """Return the permissions of who is signed in, or None for who is not, or not any more."""
    if not is_signed_in():
        return None
    row = cookie.this_session()
    is_use = request.endpoint not in NO_USE and IN_BACKGROUND not in request.headers
    if row is not None and is_use:
        cookie.note_use_once(row)
    return permissions_of(role.name for role in current_user.roles)


def session_is_over() -> bool:
    """Return whether this session ended, or is without the second factor that is needed."""
    required: bool = current_app.config["SECURITY_TWO_FACTOR_REQUIRED"]
    is_over = sessions.session_is_over(cookie.this_session())
    return is_over or (required and not signing_in.has_second_factor(current_user))


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
    try:
        cookie.hold(signing_in.record_sign_in(user, actor_of(user), request.user_agent.string))
    except Exception:
        session.clear()
        raise


def note_wrong_code(_app: Flask, user: User, **_extra: Any) -> None:
    """Record a wrong code. Our own forms check passwords, so that no other failure comes here."""
    signing_in.record_wrong_code(user.id)


def note_sign_out(_app: Flask, user: Any, **_extra: Any) -> None:
    """End the session that is signed out of. One that was over is so already."""
    row = cookie.session_named_for(user) if isinstance(user, User) else None
    cookie.let_go()
    if row is not None and not sessions.session_is_over(row):
        signing_in.sign_out(row, actor_of(user))


def note_code(app: Flask, user: User, **extra: Any) -> None:
    """Record that the first right code at a sign-in finished the set-up of an app."""
    if session.get("tf_state") == "validating_profile":
        note_set_up(app, user, **extra)


def note_set_up(_app: Flask, user: User, **_extra: Any) -> None:
    """Record that an app was set up."""
    signing_in.record_second_factor(user, actor_of(user))
