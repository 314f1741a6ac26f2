"""Accounts, invitations and roles in the words of the pages about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from app.accounts import queries, signing_in
from app.accounts.changing import role_names
from app.accounts.handles import handle_of
from app.accounts.models import Invitation, StaffSession, User
from app.accounts.pages.handles import form_handle
from app.accounts.roles import HELD_BY, PERMISSION_WORDS, ROLES, permissions_of
from app.core.i18n import comma_list

Notice = dict[str, str]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff in a list."""

    handle: str
    name: str
    email: str
    roles_text: str
    has_second_factor: bool
    active: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that was not used yet."""

    handle: str
    email: str | None
    roles_text: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that goes on."""

    handle: str
    browser: str
    address: str | None
    started_at: datetime
    seen_at: datetime
    is_this: bool


def staff_rows(users: Sequence[User]) -> list[StaffRow]:
    """Return members of staff as a list shows them."""
    seen = queries.last_seen(user.id for user in users)
    return [staff_row(user, seen) for user in users]


def staff_row(user: User, seen: dict[UUID, datetime]) -> StaffRow:
    """Return one member of staff as a page shows them."""
    return StaffRow(
        handle=handle_of(user),
        name=user.name,
        email=user.email,
        roles_text=roles_text(role_names(user)),
        has_second_factor=signing_in.has_second_factor(user),
        active=user.active,
        seen_at=seen.get(user.id),
    )


def invitation_rows(invitations: Iterable[Invitation]) -> list[InvitationRow]:
    """Return invitations as a list shows them."""
    return [
        InvitationRow(form_handle(each), each.email, roles_text(each.roles.split(",")), each.ends_at)
        for each in invitations
    ]


def session_rows(sessions: Iterable[StaffSession], this: StaffSession | None = None) -> list[SessionRow]:
    """Return sessions as a list shows them; ``this`` is the one of whoever looks."""
    return [
        SessionRow(
            handle=form_handle(each),
            browser=each.browser or _("A browser that does not tell its name"),
            address=each.address,
            started_at=each.started_at,
            seen_at=each.seen_at,
            is_this=this is not None and each.id == this.id,
        )
        for each in sessions
    ]


def roles_text(names: Iterable[str]) -> str:
    """Return roles in the reader's words."""
    return comma_list(str(ROLES.get(name, name)) for name in names) or _("No role")


def who_may_what() -> list[tuple[str, str]]:
    """Return each permission in plain words, and the roles that hold it."""
    return [
        (str(words), roles_text(name for name in ROLES if name in HELD_BY[permission]))
        for permission, words in PERMISSION_WORDS.items()
    ]


def what_may(user: User) -> list[str]:
    """Return what a member of staff may do, in plain words."""
    held = permissions_of(role_names(user))
    return [str(words) for permission, words in PERMISSION_WORDS.items() if permission in held]


def changed_roles_notice(now: Iterable[str], chosen: Iterable[str]) -> Notice:
    """Say that someone else was faster, and what both wanted."""
    return {
        "heading": _("Someone changed these roles while you were looking at them"),
        "text": _(
            "The roles are now: %(now)s. You chose: %(chosen)s. Nothing of yours was saved. If your choice "
            "is still right, save it again.",
            now=roles_text(now),
            chosen=roles_text(chosen),
        ),
    }


def last_administrator_notice() -> Notice:
    """Say why the last administrator stays."""
    return {
        "heading": _("This is the last administrator who is active"),
        "text": _(
            "Somebody has to keep the staff accounts. Make another person an administrator first, then do "
            "this again."
        ),
    }


def own_factor_notice() -> Notice:
    """Say where one's own second factor is changed."""
    return {
        "heading": _("This is your own second factor"),
        "text": _("You can set up another app on the page of your account."),
    }


def stale_notice() -> Notice:
    """Say that the page was too old to send, and that nothing is lost."""
    return {
        "heading": _("Send it once more"),
        "text": _("This page was open for a long time. What you wrote and chose still stands here."),
    }
