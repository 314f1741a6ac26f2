"""Who acts in this request, as services and the audit record are told it."""

from flask_security import current_user

from app.accounts.models import User
from app.audit.log import VISITOR, Actor
from app.core.http import client_address


def current_actor() -> Actor:
    """Return the member of staff who is signed in, or ``VISITOR``."""
    if not current_user.is_authenticated:
        return VISITOR
    return actor_of(current_user)


def actor_of(user: User) -> Actor:
    """Return a member of staff as one who acts from where this request comes from."""
    return Actor("staff", user.id, client_address())
