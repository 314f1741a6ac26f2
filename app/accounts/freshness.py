"""Asking for the password once more, before something that a stolen session must not do."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, render_template, request, session
from flask_security import auth_required, current_user

from app.accounts.models import User
from app.accounts.password_forms import ShowPasswordForm

View = TypeVar("View", bound=Callable[..., Any])

SHOWN_AT = "fs_paa"
"""Where Flask-Security keeps in the cookie when a password or passkey was shown."""


def fresh(view: View) -> View:
    """Let a view be used by who showed a password or passkey lately; others are asked for the password first.

    Goes below ``@allow``, which tells who may use the view at all. For pages; what is sent goes by
    ``confirmed``.
    """
    asked: View = auth_required(
        "session",
        within=lambda: current_app.config["SECURITY_FRESHNESS"],
        grace=lambda: current_app.config["SECURITY_FRESHNESS_GRACE_PERIOD"],
    )(view)
    return asked


def confirmed(view: View) -> View:
    """Let a form be taken from who showed a password or passkey lately, or shows the password now.

    The page that asks for it holds everything that was sent, so that nothing has to be written again. Goes
    below ``@allow``.
    """

    @wraps(view)
    def ask_first(*args: Any, **kwargs: Any) -> Any:
        if is_fresh():
            return view(*args, **kwargs)
        form = ShowPasswordForm(cast(User, current_user._get_current_object()))
        if form.validate():
            session[SHOWN_AT] = time.time()
        elif not form.csrf_token.errors:
            return password_page(form)
        # Sent with an old token, a form comes back from its own view, which does nothing else then.
        return view(*args, **kwargs)

    return cast(View, ask_first)


def is_fresh() -> bool:
    """Return whether who is signed in showed a password or passkey lately."""
    age = time.time() - session.get(SHOWN_AT, 0)
    return bool(abs(age) < current_app.config["SECURITY_FRESHNESS"].total_seconds())


def password_page(form: ShowPasswordForm) -> tuple[str, int]:
    """Return the page that asks for the password, with what was sent before it."""
    is_answer = form.password.name in request.form
    if not is_answer:
        form.password.errors = []
    sent = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {form.password.name, form.csrf_token.name}
    ]
    page = render_template("accounts/show_password.html", form=form, address=request.path, sent=sent)
    return page, 422 if is_answer else 401
