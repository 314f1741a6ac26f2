"""Reads of many accounts."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.accounts.models import User
from app.core.database import db


def all_staff() -> Sequence[User]:
    """Return every account, in the order of addresses."""
    return db.session.scalars(sa.select(User).order_by(User.email)).all()
