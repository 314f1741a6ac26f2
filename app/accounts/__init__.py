"""Staff accounts: invitations, sign-in with a second factor, and who may do what."""

from flask import Flask

from app.accounts.cli import users
from app.accounts.routes import init_routes
from app.accounts.security import init_security


def init_app(app: Flask) -> None:
    """Set up sign-in and the access check, the pages of accounts, and ``flask users``."""
    init_security(app)
    init_routes(app)
    app.cli.add_command(users)
