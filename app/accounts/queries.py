"""Reads of many accounts and invitations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.accounts.models import Invitation, StaffSession, User
from app.core.clock import now
from app.core.database import db
from app.core.names import plain_form


def all_staff() -> Sequence[User]:
    """Return every account, in the order of addresses."""
    return db.session.scalars(sa.select(User).order_by(User.email)).all()


def staff_by_name(sought: str = "") -> list[User]:
    """Return every account, or those with all of these words in their name or address.

    They come in the order of names, those that are switched off last. Databases compare capitals and accents
    each in its own way, so that it is done here: a network's staff are few.
    """
    staff = db.session.scalars(sa.select(User).options(selectinload(User.passkeys)))
    words = [plain_form(word) for word in sought.split()]
    known = {user: f"{plain_form(user.name)} {plain_form(user.email)}" for user in staff}
    found = [user for user, text in known.items() if all(word in text for word in words)]
    return sorted(found, key=lambda user: (not user.active, plain_form(user.name), user.email))


def open_invitations() -> Sequence[Invitation]:
    """Return the invitations that can still make an account, those that end first before others."""
    is_needless = sa.exists().where(User.email == Invitation.email)
    return db.session.scalars(
        sa.select(Invitation)
        .where(Invitation.email.is_not(None), Invitation.used_at.is_(None))
        .where(Invitation.ends_at > now(), ~is_needless)
        .order_by(Invitation.ends_at, Invitation.email)
    ).all()


def last_seen(staff_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when each of these was last at the desk; those of whom nothing is remembered are left out."""
    newest = (
        sa.select(StaffSession.staff_id, sa.func.max(StaffSession.seen_at))
        .where(StaffSession.staff_id.in_(list(staff_ids)))
        .group_by(StaffSession.staff_id)
    )
    return dict(db.session.execute(newest).all())
