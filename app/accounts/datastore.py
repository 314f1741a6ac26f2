"""How Flask-Security finds people: every page for staff does."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_security import FSQLALiteUserDatastore

from app.accounts.models import User
from app.core.database import db


class Datastore(FSQLALiteUserDatastore):
    """Flask-Security's own, with statements that are made once: making one takes longer than running it."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> User | None:
        """Return the person with this value of the one attribute that is named."""
        ((attribute, value),) = wanted.items()
        return db.session.scalar(by_attribute(attribute, case_insensitive), {"value": value})


@cache
def by_attribute(attribute: str, case_insensitive: bool) -> sa.Select[User]:
    """Return the statement that finds who has a value of an attribute, together with the roles."""
    column: sa.ColumnElement[str] = getattr(User, attribute)
    value: sa.BindParameter[str] = sa.bindparam("value")
    same = sa.func.lower(column) == sa.func.lower(value) if case_insensitive else column == value
    return sa.select(User).options(sa.orm.joinedload(User.roles)).where(same)
