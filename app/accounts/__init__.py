"""Staff accounts: invitations, sign-in with a second factor, and who may do what."""

from flask import Flask

import app.accounts.library  # noqa: F401 -- before all that imports Flask-Security
from app.accounts import attempts, pages, passkey_pages, password_pages, passwords, session_pages, sessions
from app.accounts.routes import init_routes
from app.accounts.security import init_security
from app.core.chores import add_chore
from app.core.commands import add_commands

__all__ = ["init_app", "pages", "passkey_pages", "password_pages", "session_pages"]


def init_app(app: Flask) -> None:
    """Set up sign-in and the access check, the pages of accounts, and ``flask users``."""
    init_security(app)
    init_routes(app)
    add_chore(app, "sessions_forgotten", sessions.forget_sessions)
    add_chore(app, "tries_forgotten", attempts.forget_attempts)
    add_chore(app, "resets_forgotten", passwords.forget_resets)
    add_commands(app, "users", "app.accounts.cli:users")
