"""The mails of accounts: one function each, with three templates under ``templates/email/``."""

from flask import current_app

from app.accounts.models import INVITATION_LIFETIME, RESET_LIFETIME, Invitation, PasswordReset, User
from app.core.links import public_address
from app.outbox.queue import enqueue


def send_invitation(invitation: Invitation, token: str) -> None:
    """Send the one-time link to the person it is for; nothing else keeps the token."""
    if invitation.email is None:
        raise ValueError("this invitation names nobody")
    enqueue(
        "invitation",
        recipient=invitation.email,
        language=current_app.config["BABEL_DEFAULT_LOCALE"],
        params={
            "address": public_address("accounts.show_welcome", token=token),
            "days": INVITATION_LIFETIME.days,
        },
        about_id=invitation.id,
    )


def send_reset(recipient: str, reset: PasswordReset, token: str) -> None:
    """Send the one-time link that sets a new password; nothing else keeps the token."""
    enqueue(
        "password_reset",
        recipient=recipient,
        language=current_app.config["BABEL_DEFAULT_LOCALE"],
        params={
            "address": public_address("accounts.show_reset", token=token),
            "minutes": RESET_LIFETIME.seconds // 60,
        },
        about_id=reset.id,
    )


def send_password_changed(user: User) -> None:
    """Tell the owner of an account that its password was changed, and what to do if somebody else did it."""
    enqueue(
        "password_changed",
        recipient=user.email,
        language=current_app.config["BABEL_DEFAULT_LOCALE"],
        params={"address": public_address("accounts.forgotten")},
        about_id=user.id,
    )
