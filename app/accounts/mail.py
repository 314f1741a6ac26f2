"""The mails of accounts: one function each, with three templates under ``templates/email/``."""

from flask import current_app

from app.accounts.models import INVITATION_LIFETIME, Invitation
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
