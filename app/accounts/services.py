"""What is done with staff accounts.

Each public function that changes something is one transaction, but for those of the second factor: they
add to the transaction of the sign-in that they are part of, and the view that calls them commits it.
"""

import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_security import hash_password
from sqlalchemy.exc import IntegrityError

from app.accounts import mail
from app.accounts.models import INVITATION_LIFETIME, Invitation, Role, User
from app.accounts.roles import ADMINISTRATOR, FIRST_ADMINISTRATOR_ROLES, ROLES
from app.audit.log import SYSTEM, VISITOR, Actor, record
from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.crypto import digest
from app.core.database import db, new_id
from app.core.fields import one_line, without_hidden_characters
from app.core.links import is_token, new_token, public_address

LONGEST_TYPED = 4096
"""Characters of a password, an address or a code that count: argon2's library refuses more, and Unicode
normalisation takes time that grows with the square of them."""
MOST_WRONG_CODES = 10
"""Wrong second factors for one account within ``WRONG_CODES_COUNT_FOR``; then none is looked at."""
WRONG_CODES_COUNT_FOR = timedelta(minutes=15)


class InvitationUnknownError(Exception):
    """No such link was ever made."""


class InvitationOverError(Exception):
    """The link was used, has ended, was replaced, or the account it would make came to be otherwise."""


class AddressTakenError(Exception):
    """There is an account with this address already."""


class NoAccountError(Exception):
    """There is no account with this address."""


class LastAdministratorError(Exception):
    """Nobody else who is active is an administrator."""


def address_form(text: str | None) -> str:
    """Return an e-mail address as accounts keep it: on one line, in lower case."""
    return without_hidden_characters(one_line((text or "")[:LONGEST_TYPED])).lower()


# --- Invitations ---


def invite(email: str, roles: Sequence[str]) -> Invitation:
    """Make an invitation and queue its mail; earlier ones to the same address end.

    Raises AddressTakenError if there is an account with this address, ValueError for an unknown role.
    """
    address = address_form(email)
    if has_account(address):
        raise AddressTakenError
    end_open_invitations(address)
    token = new_token()
    invitation = add_invitation(token, address, roles)
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
    add_invitation(token, None, FIRST_ADMINISTRATOR_ROLES)
    db.session.commit()
    return public_address("accounts.show_welcome", token=token)


def staff_exist() -> bool:
    """Return whether there is any account."""
    return db.session.scalar(sa.select(sa.exists().select_from(User))) or False


def has_account(address: str) -> bool:
    """Return whether there is an account with this address."""
    return db.session.scalar(sa.select(sa.exists().where(User.email == address))) or False


def add_invitation(token: str, email: str | None, roles: Sequence[str]) -> Invitation:
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
    record(SYSTEM, "user.invited", "invitation", invitation.id, roles=chosen)
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
    user = add_user(
        name=name,
        email=invitation.email or address_form(email),
        hashed=hashed,
        roles=invitation.roles.split(","),
    )
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


def add_user(*, name: str, email: str, hashed: str, roles: Iterable[str]) -> User:
    """Add an account to the session; raise InvitationOverError if its address has one."""
    user = User(
        id=new_id(),
        name=name,
        email=email,
        password=hashed,
        active=True,
        fs_uniquifier=new_session_name(),
        roles=[role_named(role) for role in roles],
    )
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise InvitationOverError from None
    return user


def role_named(name: str) -> Role:
    """Return the row of a role, made when it is first given to someone."""
    by_name = sa.select(Role).where(Role.name == name)
    found = db.session.scalar(by_name)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            made = Role(id=new_id(), name=name)
            db.session.add(made)
    except IntegrityError:  # another process made it at the same moment
        return db.session.scalars(by_name).one()
    return made


# --- Sign-in ---


def normal_password(text: str) -> str:
    """Return a password in the one form that is hashed, however a keyboard composed its letters."""
    return unicodedata.normalize("NFKD", text[:LONGEST_TYPED])[:LONGEST_TYPED]


def find_by_password(email: str, password: str) -> User | None:
    """Return the active account with this address and password, or None, recording the failure.

    It does as much work for an address without an account, so that the time tells nothing.
    """
    user = db.session.scalar(sa.select(User).where(User.email == address_form(email)))
    if user is None or user.password is None:
        hash_password(normal_password(password))
        matches = False
    else:
        matches = user.verify_and_update_password(normal_password(password))
    if user is not None and user.active and matches:
        return user
    record_failed_sign_in(None if user is None else user.id)
    return None


def confirm_password(user: User, password: str) -> bool:
    """Return whether this is the password of someone who is signed in, recording the failure."""
    matches: bool = user.verify_and_update_password(normal_password(password))
    if not matches:
        record_failed_sign_in(user.id)
    return matches


def record_failed_sign_in(user_id: UUID | None) -> None:
    """Record a wrong password; ``user_id`` is None where the address has no account."""
    record(VISITOR, "user.sign_in_failed", "user", user_id)
    db.session.commit()


def record_wrong_code(user_id: UUID) -> None:
    """Record a wrong one-time code or recovery code."""
    record(VISITOR, "user.second_factor_failed", "user", user_id)
    db.session.commit()


def too_many_wrong_codes(user_id: UUID) -> bool:
    """Return whether codes for this account were wrong so often that someone may be guessing.

    Only who knows the password gets as far as a code: nobody else can shut an account out so.
    """
    wrong = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.object_type == "user",
            AuditEntry.object_id == user_id,
            AuditEntry.at > now() - WRONG_CODES_COUNT_FOR,
            AuditEntry.action == "user.second_factor_failed",
        )
    )
    return (wrong or 0) >= MOST_WRONG_CODES


def record_sign_in(actor: Actor) -> None:
    """Record that someone is signed in now."""
    record(actor, "user.signed_in", "user", actor.staff_id)
    db.session.commit()


def sign_out(user: User, actor: Actor) -> None:
    """End every session of this person, a copied cookie's too."""
    end_sessions(user)
    record(actor, "user.signed_out", "user", user.id)
    db.session.commit()


def end_sessions(user: User) -> None:
    """Let no cookie, and no sign-in that was begun, name this person any more."""
    user.fs_uniquifier = new_session_name()


def new_session_name() -> str:
    """Return a random name for what a session cookie refers to."""
    return secrets.token_hex(32)


# --- Second factor: these add to the transaction of the sign-in that they are part of ---


def has_second_factor(user: User) -> bool:
    """Return whether a second factor is set up."""
    return bool(user.tf_primary_method and user.tf_totp_secret)


def take_time_step(user: User, counter: int) -> bool:
    """Use up the code of a time step (RFC 6238, 5.2); False if it, or a later one, was used before."""
    taken = db.session.execute(
        sa.update(User)
        .where(
            User.id == user.id,
            sa.or_(User.tf_last_counter.is_(None), User.tf_last_counter < counter),
        )
        .values(tf_last_counter=counter)
        .returning(User.id)
    ).one_or_none()
    return taken is not None


def take_recovery_code(user: User, kept: list[str], used: str, actor: Actor) -> bool:
    """Remove one sealed code from those that are kept; False if they changed since they were read."""
    taken = db.session.execute(
        sa.update(User)
        .where(User.id == user.id, User.mf_recovery_codes == kept)
        .values(mf_recovery_codes=[code for code in kept if code != used])
        .returning(User.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return False
    db.session.refresh(user, ["mf_recovery_codes"])
    record(actor, "user.recovery_code_used", "user", user.id, left=len(kept) - 1)
    return True


def record_second_factor(user: User, actor: Actor) -> None:
    """Record that an authenticator app was set up."""
    record(actor, "user.second_factor_set_up", "user", user.id)


def record_recovery_codes(user: User, actor: Actor) -> None:
    """Record that recovery codes were made, which makes earlier ones void."""
    record(actor, "user.recovery_codes_made", "user", user.id)


# --- Keeping accounts ---


def reset_second_factor(email: str, actor: Actor) -> User:
    """Forget the app and the recovery codes of an account, and end its sessions.

    Where a second factor is required, the next sign-in sets one up. Raises NoAccountError.
    """
    user = account_of(email)
    user.tf_primary_method = None
    user.tf_totp_secret = None
    user.tf_last_counter = None
    user.mf_recovery_codes = None
    end_sessions(user)
    record(actor, "user.second_factor_reset", "user", user.id)
    db.session.commit()
    return user


def switch_off(email: str, actor: Actor) -> User:
    """Let an account sign in no more, and end its sessions.

    Raises NoAccountError, or LastAdministratorError where nobody would be left who keeps the accounts.
    """
    user = account_of(email)
    if active_administrators() == [user.id]:
        db.session.rollback()
        raise LastAdministratorError
    user.active = False
    end_sessions(user)
    record(actor, "user.switched_off", "user", user.id)
    db.session.commit()
    return user


def switch_on(email: str, actor: Actor) -> User:
    """Let an account that was switched off sign in again. Raises NoAccountError."""
    user = account_of(email)
    user.active = True
    record(actor, "user.switched_on", "user", user.id)
    db.session.commit()
    return user


def account_of(email: str) -> User:
    """Return the account with this address; raise NoAccountError if there is none."""
    user = db.session.scalar(sa.select(User).where(User.email == address_form(email)))
    if user is None:
        raise NoAccountError
    return user


def active_administrators() -> list[UUID]:
    """Return who is an administrator and active, locked so that two cannot switch each other off.

    An UPDATE that changes nothing locks on both engines; SQLite knows no SELECT FOR UPDATE.
    """
    locked = (
        sa.update(User)
        .where(User.active, User.roles.any(Role.name == ADMINISTRATOR))
        .values(active=User.active)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    return list(db.session.scalars(locked))
