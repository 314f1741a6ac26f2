"""Which mails to the team each member of staff wants."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.accounts.roles import permissions_of
from app.core.database import db

NEW_INQUIRY = "new_inquiry"
HANDED_OVER = "handed_over"
MENTIONED = "mentioned"
OVERDUE = "overdue"
DIGEST = "digest"

MAIL_CHOICES = {
    NEW_INQUIRY: _l("A new inquiry has come in"),
    HANDED_OVER: _l("An inquiry was handed over to me"),
    MENTIONED: _l("A colleague names me in a note"),
    OVERDUE: _l("One of my inquiries waits for too long"),
    DIGEST: _l("Once a day: what is open, and what waits longest"),
}
DEFAULT_CHOICES = frozenset({HANDED_OVER, MENTIONED, OVERDUE})
"""What those get who never chose: the mails that ask something of them alone."""


def chosen_mails(user: User) -> list[str]:
    """Return the mails that this person wants, in the order in which they are offered."""
    chosen = DEFAULT_CHOICES if user.mail_choices is None else user.mail_choices
    return [key for key in MAIL_CHOICES if key in chosen]


def wants(user: User, key: str) -> bool:
    """Return whether this person wants a kind of mail."""
    return key in chosen_mails(user)


def who_wants(key: str, permission: str) -> Sequence[User]:
    """Return who wants a kind of mail, is active and holds the permission that its subject needs."""
    active = db.session.scalars(sa.select(User).where(User.active).order_by(User.email))
    return [user for user in active if wants(user, key) and holds(user, permission)]


def holds(user: User, permission: str) -> bool:
    """Return whether one of this person's roles holds a permission."""
    return permission in permissions_of(role.name for role in user.roles)
