"""Colleagues: who may be given something, and whom a typed name means."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.accounts.mail_choices import holds
from app.accounts.models import User
from app.audit.log import Actor
from app.core.database import db
from app.core.names import plain_form

EVERYONE = sa.select(User).options(sa.orm.joinedload(User.roles))
"""Made once: making it takes longer than running it."""


def everyone() -> list[User]:
    """Return every account with its roles, in the order of names, by one statement: they are few."""
    return sorted(db.session.scalars(EVERYONE).unique(), key=lambda user: plain_form(user.name))


def colleagues(permission: str, staff: Sequence[User] | None = None) -> list[User]:
    """Return who of these, or of everyone, is active and holds a permission, in the order of names.

    Accounts of people who do not exist are left out: nobody would see what is given to them.
    """
    among = everyone() if staff is None else staff
    return [user for user in among if user.active and not user.is_demo and holds(user, permission)]


def labels(staff: Sequence[User]) -> dict[str, User]:
    """Return what each of these is chosen by: the name, and the address too where two have one name."""
    bearers = Counter(plain_form(user.name) for user in staff)
    return {
        user.name if bearers[plain_form(user.name)] == 1 else f"{user.name} ({user.email})": user
        for user in staff
    }


def colleague_named(typed: str, staff: Sequence[User]) -> User | None:
    """Return whom of these a label, a name or an address means; None for nobody, or more than one."""
    sought = plain_form(typed)
    exact = [user for label, user in labels(staff).items() if plain_form(label) == sought]
    found = exact or [user for user in staff if sought in {plain_form(user.name), plain_form(user.email)}]
    return found[0] if len(found) == 1 else None


def staff_names(staff: Sequence[User] | None = None) -> dict[UUID, str]:
    """Return the names of these members of staff, or of everyone, by their ids."""
    return {user.id: user.name for user in (everyone() if staff is None else staff)}


def name_of(staff_id: UUID | None) -> str:
    """Return the name of a member of staff; nothing for nobody, or if the account is gone."""
    name = db.session.scalar(sa.select(User.name).where(User.id == staff_id)) if staff_id else None
    return name or ""


def colleague_of(actor: Actor) -> User | None:
    """Return the account of a member of staff who acts."""
    return db.session.get(User, actor.staff_id) if actor.staff_id else None
