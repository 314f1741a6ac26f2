"""One-time links that make accounts. Each public function that changes something is one transaction."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_security import hash_password

from app.accounts import mail
from app.accounts.keeping import AddressTakenError, add_user, has_account, staff_exist
from app.accounts.models import INVITATION_LIFETIME, Invitation, User
from app.accounts.roles import FIRST_ADMINISTRATOR_ROLES, ROLES
from app.accounts.spelling import address_form, normal_password
from app.audit.log import SYSTEM, Actor, record
from app.core.clock import now
from app.core.crypto import digest
from app.core.database import db, new_id
from app.core.links import is_token, new_token, public_address


class InvitationUnknownError(Exception):
    """No such link was ever made."""


class InvitationOverError(Exception):
    """The link was used, has ended, was replaced, or the account it would make came to be otherwise."""


def invite(email: str, roles: Sequence[str], actor: Actor = SYSTEM) -> Invitation:
    """Make an invitation and queue its mail; earlier ones to the same address end.

    Raises AddressTakenError if there is an account with this address, ValueError for an unknown role.
    """
    address = address_form(email)
    if has_account(address):
        raise AddressTakenError
    end_open_invitations(address)
    token = new_token()
    invitation = add_invitation(token, address, roles, actor)
    mail.send_invitation(invitation, token)
    db.session.commit()
    return invitation


def first_administrator_link() -> str | None:
    """Return a new one-time address that makes the first account, or None once staff exist.

    Addresses made by earlier calls end.
    """
    if staff_exist():
        return None
    end_open_invitations(None)
    token = new_token()
    add_invitation(token, None, FIRST_ADMINISTRATOR_ROLES, SYSTEM)
    db.session.commit()
    return public_address("accounts.show_welcome", token=token)


def withdraw_invitation(invitation: Invitation, actor: Actor) -> None:
    """Let an invitation end now; one that was used, or is over, stays as it is."""
    ended = db.session.execute(
        sa.update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.ends_at > now())
        .values(ends_at=now())
        .returning(Invitation.id)
    ).one_or_none()
    if ended is None:
        db.session.rollback()
        return
    record(actor, "user.invitation_withdrawn", "invitation", invitation.id)
    db.session.commit()


def add_invitation(token: str, email: str | None, roles: Sequence[str], actor: Actor) -> Invitation:
    """Add an invitation and its audit row to the session."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"not a role: {', '.join(sorted(unknown))}")
    chosen = list(dict.fromkeys(roles))
    invitation = Invitation(
        id=new_id(),
        token_digest=digest(token),
        email=email,
        roles=",".join(chosen),
        ends_at=now() + INVITATION_LIFETIME,
    )
    db.session.add(invitation)
    record(actor, "user.invited", "invitation", invitation.id, roles=chosen)
    return invitation


def end_open_invitations(email: str | None) -> None:
    """Let the unused invitations to an address (None: to be the first administrator) end now."""
    db.session.execute(
        sa.update(Invitation)
        .where(Invitation.email.is_(None) if email is None else Invitation.email == email)
        .where(Invitation.used_at.is_(None), Invitation.ends_at > now())
        .values(ends_at=now())
    )


def find_invitation(token: str) -> Invitation:
    """Return the invitation that a link opens.

    Raises InvitationUnknownError or InvitationOverError if it opens none.
    """
    if not is_token(token):
        raise InvitationUnknownError
    invitation = db.session.scalar(sa.select(Invitation).where(Invitation.token_digest == digest(token)))
    if invitation is None:
        raise InvitationUnknownError
    if invitation.used_at is not None or invitation.ends_at <= now():
        raise InvitationOverError
    if is_needless(invitation):
        raise InvitationOverError
    return invitation


def is_needless(invitation: Invitation) -> bool:
    """Return whether the invited have an account already, or there are staff before the first."""
    return staff_exist() if invitation.email is None else has_account(invitation.email)


def accept_invitation(
    token: str, *, name: str, email: str | None, password: str, address: str | None
) -> User:
    """Make the account that a link is for, and return it.

    ``email`` counts only where the invitation names none. ``address`` is the network address that it
    is done from. Raises InvitationUnknownError or InvitationOverError.
    """
    invitation = find_invitation(token)
    hashed = hash_password(normal_password(password))  # slow: before the row is locked
    use_up(invitation)
    try:
        user = add_user(
            name=name,
            email=invitation.email or address_form(email),
            hashed=hashed,
            roles=invitation.roles.split(","),
        )
    except AddressTakenError:
        raise InvitationOverError from None
    record(
        Actor("staff", user.id, address),
        "user.created",
        "user",
        user.id,
        invitation=str(invitation.id),
        roles=invitation.roles.split(","),
    )
    db.session.commit()
    return user


def use_up(invitation: Invitation) -> None:
    """Mark an invitation used; raise InvitationOverError if that was done, or it ended, meanwhile.

    The conditional UPDATE lets one of two browsers win.
    """
    used = db.session.execute(
        sa.update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.used_at.is_(None),
            Invitation.ends_at > now(),
        )
        .values(used_at=now())
        .returning(Invitation.id)
    ).one_or_none()
    if used is None or is_needless(invitation):
        db.session.rollback()
        raise InvitationOverError
