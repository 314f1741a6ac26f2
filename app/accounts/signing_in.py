"""Passwords, codes and signing out.

Each public function that changes something is one transaction, but for those of the second factor: they
add to the transaction of the sign-in that they are part of, and the view that calls them commits it.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_security import hash_password

from app.accounts.keeping import end_sessions
from app.accounts.models import User
from app.accounts.spelling import address_form, normal_password
from app.audit.log import VISITOR, Actor, record
from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.database import db

MOST_WRONG_CODES = 10
"""Wrong second factors for one account within ``WRONG_CODES_COUNT_FOR``; then none is looked at."""
WRONG_CODES_COUNT_FOR = timedelta(minutes=15)


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
