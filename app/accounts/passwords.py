"""Changing a password, and setting one anew by a one-time link. Each public function is one transaction."""

from uuid import UUID

import sqlalchemy as sa
from flask_security import hash_password

from app.accounts import attempts, mail
from app.accounts.models import RESET_LIFETIME, PasswordReset, StaffSession, User
from app.accounts.sessions import KEPT_FOR, end_sessions
from app.accounts.spelling import address_form, normal_password
from app.audit.log import VISITOR, Actor, record
from app.core.clock import now
from app.core.crypto import digest
from app.core.database import db, new_id
from app.core.links import is_token, new_token
from app.core.networks import network_of


class ResetUnknownError(Exception):
    """No such link was ever made."""


class ResetOverError(Exception):
    """The link was used, has ended, was replaced, or its account is switched off."""


class NotKeptError(Exception):
    """What was added is taken back."""


def change_password(user: User, new: str, actor: Actor, *, but: StaffSession | None) -> None:
    """Set a new password, and end every session of this person but one; their owner is told by mail."""
    user.password = hash_password(normal_password(new))
    end_sessions(user, but=but)
    end_open_resets(user.id)
    mail.send_password_changed(user)
    record(actor, "user.password_changed", "user", user.id)
    db.session.commit()


def ask_for_reset(email: str, address: str | None) -> None:
    """Mail a one-time link to the account with this address, if there is one that is active.

    It asks and writes the same where there is none, but for the mail, which is taken back before it is kept:
    neither the time nor the database's work tells which address has an account. Raises TooManyTriesError.
    """
    typed = address_form(email)
    attempts.begin("reset", typed, address)
    found = db.session.execute(
        sa.select(User.id, User.active).where(User.email == typed, ~User.is_demo)
    ).one_or_none()
    reaches = found is not None and found.active
    staff_id = found.id if found is not None and reaches else None
    end_open_resets(staff_id or new_id())
    token = new_token()
    reset = PasswordReset(
        id=new_id(),
        staff_id=staff_id,
        token_digest=digest(token),
        made_at=now(),
        ends_at=now() + RESET_LIFETIME,
    )
    db.session.add(reset)
    db.session.flush()
    try:
        with db.session.begin_nested():
            mail.send_reset(typed, reset, token)
            db.session.flush()
            if not reaches:
                raise NotKeptError
    except NotKeptError:
        pass
    record(VISITOR, "user.reset_asked", "user", None if found is None else found.id)
    db.session.commit()


def end_open_resets(staff_id: UUID) -> None:
    """Let the unused links of an account end now."""
    db.session.execute(
        sa.update(PasswordReset)
        .where(PasswordReset.staff_id == staff_id, PasswordReset.used_at.is_(None))
        .where(PasswordReset.ends_at > now())
        .values(ends_at=now())
    )


def find_reset(token: str) -> tuple[PasswordReset, User]:
    """Return what a link opens, and whose it is.

    Raises ResetUnknownError or ResetOverError if it opens nothing.
    """
    if not is_token(token):
        raise ResetUnknownError
    reset = db.session.scalar(sa.select(PasswordReset).where(PasswordReset.token_digest == digest(token)))
    if reset is None:
        raise ResetUnknownError
    user = None if reset.staff_id is None else db.session.get(User, reset.staff_id)
    if user is None or not user.active or reset.used_at is not None or reset.ends_at <= now():
        raise ResetOverError
    return reset, user


def reset_password(token: str, new: str, address: str | None) -> User:
    """Set the password that a link is for, end every session, and tell the owner by mail.

    ``address`` is the network address it is done from: tries from there are no stranger's any more. Raises
    ResetUnknownError or ResetOverError.
    """
    reset, user = find_reset(token)
    hashed = hash_password(normal_password(new))  # slow: before the row is locked
    use_up(reset, address)
    user.password = hashed
    end_sessions(user)
    end_open_resets(user.id)
    attempts.forgive("sign_in", user.email, address)
    mail.send_password_changed(user)
    record(Actor("staff", user.id, address), "user.password_reset", "user", user.id)
    db.session.commit()
    return user


def use_up(reset: PasswordReset, address: str | None) -> None:
    """Mark a link used; raise ResetOverError if that was done, or it ended, meanwhile."""
    used = db.session.execute(
        sa.update(PasswordReset)
        .where(
            PasswordReset.id == reset.id,
            PasswordReset.used_at.is_(None),
            PasswordReset.ends_at > now(),
        )
        .values(used_at=now(), network=network_of(address or ""))
        .returning(PasswordReset.id)
    ).one_or_none()
    if used is None:
        db.session.rollback()
        raise ResetOverError


def forget_resets() -> int:
    """Delete the links that ended long ago, and return how many there were."""
    forgotten = db.session.execute(
        sa.delete(PasswordReset).where(PasswordReset.ends_at < now() - KEPT_FOR),
        execution_options={"synchronize_session": False},
    )
    db.session.commit()
    return int(forgotten.rowcount)  # type: ignore[attr-defined]
