"""Sessions: each sign-in is a row, and the cookie that names it is worth what the row says."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import StaffSession, User
from app.audit.log import Actor, record
from app.core.clock import now
from app.core.crypto import digest
from app.core.database import DATABASE_UNAVAILABLE, db, new_id
from app.core.links import is_token, new_token
from app.core.networks import network_of

BETWEEN_WRITES = timedelta(minutes=1)
"""``seen_at`` is not written more often: reading a page should not wait for the database's write lock."""
WARNED_BEFORE = timedelta(minutes=2)
"""So long before a session ends for want of use, a page at the desk says so."""
KEPT_FOR = timedelta(days=90)
"""So long a session is remembered after its last use; its network is known for as long."""

SESSION_OF = sa.select(StaffSession).where(
    StaffSession.token_digest == sa.bindparam("token_digest"),
    StaffSession.staff_id == sa.bindparam("staff_id"),
)
"""Made once: making it takes longer than running it, and every page for staff asks for its session."""

# The first that matches counts: most browsers name others, from which they come, after themselves or before.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def new_session_name() -> str:
    """Return a random name for the person whom a cookie refers to."""
    return secrets.token_hex(32)


def start_session(user: User, *, address: str | None, user_agent: str) -> str:
    """Add a session to the transaction of a sign-in, and return the token that its cookie holds."""
    token = new_token()
    db.session.add(
        StaffSession(
            id=new_id(),
            staff_id=user.id,
            token_digest=digest(token),
            started_at=now(),
            seen_at=now(),
            address=address,
            network=network_of(address) if address else None,
            browser=browser_words(user_agent),
        )
    )
    return token


def find_session(user: User, token: str | None) -> StaffSession | None:
    """Return the session of this person that a cookie's token names, over or not."""
    if not is_token(token):
        return None
    return db.session.scalar(SESSION_OF, {"token_digest": digest(str(token)), "staff_id": user.id})


def session_is_over(row: StaffSession | None) -> bool:
    """Return whether a session was ended, was left alone for too long, or is too old; or never was one."""
    return row is None or row.ended_at is not None or time_left(row) < timedelta(0)


def time_left(row: StaffSession) -> timedelta:
    """Return for how long a session goes on if nobody uses it; less than nothing if it is over."""
    idle: timedelta = current_app.config["SESSION_IDLE"]
    lifetime: timedelta = current_app.config["SESSION_LIFETIME"]
    return min(row.seen_at + idle, row.started_at + lifetime) - now()


def note_use(row: StaffSession) -> None:
    """Keep that a session is used now, at most once a minute.

    Where the database cannot be written to, what was asked for is not held up by that.
    """
    moment = now()
    if moment - row.seen_at < BETWEEN_WRITES:
        return
    try:
        # Nothing that ended meanwhile goes on.
        db.session.execute(
            sa.update(StaffSession)
            .where(StaffSession.id == row.id, StaffSession.ended_at.is_(None))
            .values(seen_at=moment)
        )
        db.session.commit()
    except DATABASE_UNAVAILABLE:
        db.session.rollback()


def end_session(row: StaffSession, actor: Actor) -> None:
    """End one session: its cookie, and every copy of it, is worth nothing from now on."""
    row.ended_at = row.ended_at or now()
    by_owner = actor.staff_id == row.staff_id
    record(actor, "user.session_ended", "user", row.staff_id, by_owner=by_owner, browser=row.browser)
    db.session.commit()


def end_sessions(user: User, *, but: StaffSession | None = None) -> None:
    """End every session of a person, and every sign-in that was begun; the caller commits.

    ``but`` goes on: the view then lets its cookie name the person anew (``cookie.name_anew``).
    """
    user.fs_uniquifier = new_session_name()
    others = sa.update(StaffSession).where(StaffSession.staff_id == user.id, StaffSession.ended_at.is_(None))
    if but is not None:
        others = others.where(StaffSession.id != but.id)
    db.session.execute(others.values(ended_at=now()))


def sessions_of(user: User) -> Sequence[StaffSession]:
    """Return the sessions of a person that are not over, the newest used first."""
    rows = db.session.scalars(
        sa.select(StaffSession)
        .where(StaffSession.staff_id == user.id, StaffSession.ended_at.is_(None))
        .where(StaffSession.seen_at >= now() - current_app.config["SESSION_IDLE"])
        .order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())
    )
    return [row for row in rows if not session_is_over(row)]


def forget_sessions() -> int:
    """Delete what was not used for ``KEPT_FOR``, and return how many there were."""
    forgotten = db.session.execute(
        sa.delete(StaffSession).where(StaffSession.seen_at < now() - KEPT_FOR),
        execution_options={"synchronize_session": False},
    )
    db.session.commit()
    return int(forgotten.rowcount)  # type: ignore[attr-defined]


def browser_words(user_agent: str) -> str:
    """Return a browser's and a system's name, as its owner would tell this session from another."""
    found = [name for names in (BROWSERS, SYSTEMS) if (name := first_named(names, user_agent))]
    return ", ".join(found)


def first_named(names: Sequence[tuple[str, str]], user_agent: str) -> str | None:
    """Return the first of ``names`` whose sign stands in a User-Agent header."""
    return next((name for sign, name in names if sign in user_agent), None)
