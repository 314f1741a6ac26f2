"""Accounts: making one, switching it off and on, and forgetting its second factors."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Passkey, Role, User
from app.accounts.roles import ADMINISTRATOR
from app.accounts.sessions import end_sessions, new_session_name
from app.accounts.spelling import address_form
from app.audit.log import Actor, record
from app.core.database import db, new_id


class AddressTakenError(Exception):
    """There is an account with this address already."""


class NoAccountError(Exception):
    """There is no account with this address."""


class LastAdministratorError(Exception):
    """Nobody else who is active is an administrator."""


def staff_exist() -> bool:
    """Return whether there is any account."""
    return db.session.scalar(sa.select(sa.exists().select_from(User))) or False


def has_account(address: str) -> bool:
    """Return whether there is an account with this address."""
    return db.session.scalar(sa.select(sa.exists().where(User.email == address))) or False


def add_user(*, name: str, email: str, hashed: str, roles: Iterable[str]) -> User:
    """Add an account to the session; raise AddressTakenError if its address has one."""
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
        raise AddressTakenError from None
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


def reset_second_factor(email: str, actor: Actor) -> User:
    """Forget the app, the passkeys and the recovery codes of an account, and end its sessions.

    Where a second factor is required, the next sign-in sets one up. Raises NoAccountError.
    """
    user = account_of(email)
    user.tf_primary_method = None
    user.tf_totp_secret = None
    user.tf_last_counter = None
    user.mf_recovery_codes = None
    db.session.execute(sa.delete(Passkey).where(Passkey.staff_id == user.id))
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

    An UPDATE that changes nothing locks on both engines; SQLite knows no SELECT FOR UPDATE. Who they are is
    read after it: PostgreSQL looks at a row again that it waited for, but not at the roles beside it.
    """
    are_they = (User.active, User.roles.any(Role.name == ADMINISTRATOR))
    lock = sa.update(User).where(*are_they).values(active=User.active)
    db.session.execute(lock.execution_options(synchronize_session=False))
    return list(db.session.scalars(sa.select(User.id).where(*are_they)))
