"""Passwords, codes and signing out.

Each public function that changes something is one transaction, but for those of the second factor: they
add to the transaction of the sign-in that they are part of, and the view that calls them commits it.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from flask_security import hash_password, verify_password
from flask_security.proxies import _security

from app.accounts import attempts
from app.accounts.models import StaffSession, User
from app.accounts.sessions import start_session
from app.accounts.spelling import address_form, normal_password
from app.audit.log import VISITOR, Actor, record
from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.database import db
from app.core.links import new_token

MOST_WRONG_CODES = 10
"""Wrong second factors for one account within ``WRONG_CODES_COUNT_FOR``; then none is looked at."""
WRONG_CODES_COUNT_FOR = timedelta(minutes=15)


def find_by_password(email: str, password: str, address: str | None) -> User | None:
    """Return the active account with this address and password, or None, recording the failure.

    It asks and does the same for an address without an account, so that neither the time nor the database's
    work tells anything. ``address`` is the network address it is tried from. Raises TooManyTriesError.
    """
    typed = address_form(email)
    attempts.begin("sign_in", typed, address)
    found = db.session.execute(
        sa.select(User.id, User.password, User.active).where(User.email == typed)
    ).one_or_none()
    decoy = hash_of_nothing()
    kept = decoy if found is None or found.password is None else found.password
    matches = verify_password(normal_password(password), kept)
    if found is None or not (found.active and matches) or kept is decoy:
        record_failed_sign_in(None if found is None else found.id)
        return None
    user = db.session.get_one(User, found.id)
    if user.password != kept:  # another one was set while this one was looked at
        record_failed_sign_in(user.id)
        return None
    renew_hash(user, password)
    attempts.forgive("sign_in", typed, address)
    db.session.commit()
    return user


def confirm_password(user: User, password: str, address: str | None) -> bool:
    """Return whether this is the password of someone who is signed in, recording the failure.

    Raises TooManyTriesError.
    """
    attempts.begin("sign_in", user.email, address)
    if user.password is None or not verify_password(normal_password(password), user.password):
        record_failed_sign_in(user.id)
        return False
    attempts.forgive("sign_in", user.email, address)
    db.session.commit()
    return True


def hash_of_nothing() -> str:
    """Return a hash that no password has, made once: checking it takes as long as checking a person's."""
    kept: dict[str, str] = current_app.extensions
    if "hash_of_nothing" not in kept:
        kept["hash_of_nothing"] = hash_password(new_token())
    return kept["hash_of_nothing"]


def renew_hash(user: User, password: str) -> None:
    """Hash a password anew that was hashed with other parameters than those of today."""
    if _security.pwd_context.needs_update(user.password):
        hashed = hash_password(normal_password(password))
        # Slow: a password that was set meanwhile stays.
        unchanged = sa.update(User).where(User.id == user.id, User.password == user.password)
        db.session.execute(unchanged.values(password=hashed))


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

    Only who knows the password gets as far as a code: nobody else can shut an account out so. The account is
    locked until the code is looked at, and a wrong one recorded: many at once do not pass each other.
    """
    lock = sa.update(User).where(User.id == user_id).values(active=User.active)
    db.session.execute(lock.execution_options(synchronize_session=False))
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


def record_sign_in(user: User, actor: Actor, user_agent: str) -> str:
    """Begin a session of someone who is signed in now, and return the token for its cookie."""
    token = start_session(user, address=actor.address, user_agent=user_agent)
    record(actor, "user.signed_in", "user", user.id)
    db.session.commit()
    return token


def sign_out(row: StaffSession, actor: Actor) -> None:
    """End the session that someone signs out of, and every copy of its cookie."""
    row.ended_at = now()
    record(actor, "user.signed_out", "user", row.staff_id)
    db.session.commit()


def has_app(user: User) -> bool:
    """Return whether an authenticator app is set up."""
    return bool(user.tf_primary_method and user.tf_totp_secret)


def has_second_factor(user: User) -> bool:
    """Return whether a second factor is set up: an authenticator app or a passkey."""
    return has_app(user) or bool(user.passkeys)


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
