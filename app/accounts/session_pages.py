"""What script on the desk's pages asks of the session, so that nobody is signed out unawares."""

from flask import jsonify
from flask_security import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.accounts import cookie
from app.accounts.blueprint import blueprint
from app.core.access import SIGNED_IN, allow


@blueprint.get("/session")
@allow(SIGNED_IN)
def session_left() -> Response:
    """Tell for how long the session goes on; asking is no use of it."""
    return left()


@blueprint.post("/session")
@allow(SIGNED_IN)
def keep_session() -> Response:
    """Use the session, because someone types or wants to stay, and tell for how long it goes on."""
    return left()


def left() -> Response:
    """Return the seconds that are left, whose session it is, and the token that this session's forms carry.

    A page whose session ended, and whose owner signed in again beside it, can be sent with that token.
    """
    return jsonify(left=cookie.seconds_left(), who=current_user.email, csrf_token=generate_csrf())
