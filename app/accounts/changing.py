"""What an account holds: its roles, its owner's name, and what its owner chose. Each is one transaction."""

from collections.abc import Iterable

import sqlalchemy as sa

from app.accounts.keeping import LastAdministratorError, active_administrators, role_named
from app.accounts.mail_choices import MAIL_CHOICES, chosen_mails
from app.accounts.models import StaffSession, User
from app.accounts.roles import ADMINISTRATOR, ROLES
from app.accounts.sessions import end_sessions
from app.audit.log import Actor, record
from app.core.changes import ChangedMeanwhileError
from app.core.database import db


def set_roles(user: User, roles: Iterable[str], actor: Actor, *, seen: Iterable[str] | None = None) -> None:
    """Give an account these roles and no others, and end its sessions.

    ``seen`` are the roles that the author of the change saw; None: whatever they are. Raises ValueError for
    no role or an unknown one, ChangedMeanwhileError if the account has other roles than those that were seen,
    LastAdministratorError where nobody would be left who keeps the accounts.
    """
    chosen = known_roles(roles)
    # Locked before the account itself, by everyone: so two changes never wait for each other.
    administrators = active_administrators()
    db.session.execute(sa.select(User.id).where(User.id == user.id).with_for_update())
    db.session.expire(user, ["roles"])
    before = role_names(user)
    if seen is not None and set(seen) != set(before):
        db.session.rollback()
        raise ChangedMeanwhileError
    if ADMINISTRATOR not in chosen and administrators == [user.id]:
        db.session.rollback()
        raise LastAdministratorError
    if chosen == before:
        db.session.rollback()
        return
    user.roles = [role_named(name) for name in chosen]
    end_sessions(user)
    record(actor, "user.roles_changed", "user", user.id, before=before, after=chosen)
    db.session.commit()


def known_roles(roles: Iterable[str]) -> list[str]:
    """Return roles in the order of the table; raise ValueError for none, or one that it does not hold."""
    wanted = set(roles)
    if not wanted or not wanted <= set(ROLES):
        raise ValueError(f"not a role: {', '.join(sorted(wanted - set(ROLES)))}")
    return [name for name in ROLES if name in wanted]


def role_names(user: User) -> list[str]:
    """Return an account's roles, in the order of the table."""
    held = {role.name for role in user.roles}
    return [name for name in ROLES if name in held]


def rename(user: User, name: str, actor: Actor) -> None:
    """Change how colleagues see a person."""
    if name == user.name:
        return
    user.name = name
    record(actor, "user.renamed", "user", user.id)
    db.session.commit()


def choose_mails(user: User, keys: Iterable[str], actor: Actor) -> None:
    """Keep which mails to the team a person wants; raise ValueError for one that is not offered."""
    wanted = set(keys)
    if not wanted <= set(MAIL_CHOICES):
        raise ValueError(f"not a mail: {', '.join(sorted(wanted - set(MAIL_CHOICES)))}")
    user.mail_choices = [key for key in MAIL_CHOICES if key in wanted]
    record(actor, "user.mails_chosen", "user", user.id, mails=chosen_mails(user))
    db.session.commit()


def choose_shortcuts(user: User, uses_shortcuts: bool, actor: Actor) -> None:
    """Keep whether single keys do something at the desk, for this person."""
    user.uses_shortcuts = uses_shortcuts
    record(actor, "user.shortcuts_chosen", "user", user.id, uses_shortcuts=uses_shortcuts)
    db.session.commit()


def end_all_sessions(user: User, actor: Actor, *, but: StaffSession | None = None) -> None:
    """End every session of a person; ``but`` goes on, as ``sessions.end_sessions`` has it."""
    end_sessions(user, but=but)
    record(actor, "user.sessions_ended", "user", user.id, by_owner=actor.staff_id == user.id)
    db.session.commit()
