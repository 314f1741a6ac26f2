"""What the cookie of a browser says: which session it is, and whose."""

from flask import g, session
from flask_security import current_user

from app.accounts.models import StaffSession, User
from app.accounts.sessions import find_session, note_use, time_left

TOKEN = "staff_session"  # noqa: S105 -- the name of it
FLASK_LOGIN_USER = "_user_id"


def hold(token: str) -> None:
    """Let this browser's cookie name a session."""
    session[TOKEN] = token


def let_go() -> None:
    """Let this browser's cookie name no session."""
    session.pop(TOKEN, None)


def name_anew(user: User) -> None:
    """Let this browser's cookie name a person by the name that replaced the one it held."""
    session[FLASK_LOGIN_USER] = user.get_id()


def this_session() -> StaffSession | None:
    """Return the session of who is signed in, over or not; read once a request."""
    return session_named_for(current_user) if current_user.is_authenticated else None


def session_named_for(user: User) -> StaffSession | None:
    """Return the session that the cookie names, if it is this person's."""
    token = session.get(TOKEN)
    if g.get("staff_session", (None, None))[0] != (token, user.id):
        g.staff_session = ((token, user.id), find_session(user, token))
    found: StaffSession | None = g.staff_session[1]
    return found


def note_use_once(row: StaffSession) -> None:
    """Keep that the session is used now; asked again in the same request, nothing is done."""
    if g.get("use_noted") != row.id:
        g.use_noted = row.id
        note_use(row)


def seconds_left() -> int:
    """Return for how many seconds this session goes on if nobody uses it."""
    row = this_session()
    return 0 if row is None else max(0, int(time_left(row).total_seconds()))
