"""Limits on guessing passwords and on asking for resets, counted in the database for all processes together.

Nobody can shut an account out from elsewhere. Tries are counted for the address typed together with the
network they come from, and a network that the account has signed in from (or set its password from, by the
link in a mail) has no other limit. The limits of a network, of an account and of the whole site only stop
tries from networks that the account has never used. A passkey is not a password: none of these stops it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import PasswordReset, SignInAttempt, StaffSession, User
from app.accounts.sessions import KEPT_FOR
from app.core.clock import now
from app.core.crypto import keyring
from app.core.database import db, new_id
from app.core.limits import reached
from app.core.networks import network_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class TooManyTriesError(Exception):
    """So many tries came before that this one is not looked at."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """How many tries may come within a time, before one more is refused."""

    tries: int
    within: timedelta


LIMITS: Mapping[str, Mapping[str, Allowed]] = {
    "sign_in": {
        "of_both": Allowed(10, 15 * MINUTE),
        "of_network": Allowed(30, 15 * MINUTE),
        "of_account": Allowed(50, HOUR),
        "in_all": Allowed(300, 15 * MINUTE),
    },
    "reset": {
        "of_both": Allowed(3, HOUR),
        "of_network": Allowed(10, HOUR),
        "of_account": Allowed(6, DAY),
        "in_all": Allowed(60, HOUR),
    },
}
"""By the kind of try: of one account from one network, of one network, of one account from networks that it
has never used, and of all from such networks."""


def begin(kind: str, email: str, address: str | None) -> None:
    """Count a try before it is looked at, so that many at once do not pass each other; one transaction.

    Raises TooManyTriesError where a limit is reached; such a try is not counted.
    """
    network = network_of(address or "")
    attempt = SignInAttempt(
        id=new_id(),
        kind=kind,
        email_index=keyring().blind_index("email", email),
        network_index=keyring().blind_index("address", network),
        from_known=is_known(email, network),
        at=now(),
    )
    db.session.add(attempt)
    db.session.commit()
    if reached(limits_for(attempt, email, network)):
        db.session.delete(attempt)
        db.session.commit()
        raise TooManyTriesError


def forgive(kind: str, email: str, address: str | None) -> None:
    """Count none of the tries for this account from this network any more: its owner came."""
    network = network_of(address or "")
    db.session.execute(
        sa.delete(SignInAttempt)
        .where(
            SignInAttempt.kind == kind,
            SignInAttempt.email_index.in_(keyring().blind_indexes("email", email)),
            SignInAttempt.network_index.in_(keyring().blind_indexes("address", network)),
        )
        .execution_options(synchronize_session=False)
    )


def is_known(email: str, network: str) -> bool:
    """Return whether the account with this address has been signed in to from a network lately."""
    since = now() - KEPT_FOR
    signed_in = sa.exists().where(
        StaffSession.staff_id == User.id, StaffSession.network == network, StaffSession.seen_at > since
    )
    reset = sa.exists().where(
        PasswordReset.staff_id == User.id, PasswordReset.network == network, PasswordReset.used_at > since
    )
    known = sa.select(sa.exists().where(User.email == email, sa.or_(signed_in, reset)))
    return db.session.scalar(known) or False


def limits_for(attempt: SignInAttempt, email: str, network: str) -> dict[str, tuple[int, sa.Select[Any]]]:
    """Return the limits that a try is held against, each with the query of what counts towards it."""
    of_email = SignInAttempt.email_index.in_(keyring().blind_indexes("email", email))
    of_network = SignInAttempt.network_index.in_(keyring().blind_indexes("address", network))
    unknown = ~SignInAttempt.from_known
    counted: dict[str, tuple[sa.ColumnElement[bool], ...]] = {
        "of_both": (of_email, of_network),
        "of_network": (of_network, unknown),
        "of_account": (of_email, unknown),
        "in_all": (unknown,),
    }
    allowed = LIMITS[attempt.kind]
    names = ["of_both"] if attempt.from_known else list(allowed)
    # This try is among those that are counted.
    return {
        name: (allowed[name].tries + 1, tries(attempt.kind, allowed[name].within, *counted[name]))
        for name in names
    }


def tries(kind: str, within: timedelta, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return a query of the tries of a kind that came lately."""
    return sa.select(SignInAttempt.id).where(
        SignInAttempt.kind == kind, SignInAttempt.at > now() - within, *which
    )


def forget_attempts() -> int:
    """Delete the tries of more than a day ago, and return how many there were."""
    forgotten = db.session.execute(
        sa.delete(SignInAttempt).where(SignInAttempt.at <= now() - DAY),
        execution_options={"synchronize_session": False},
    )
    db.session.commit()
    return int(forgotten.rowcount)  # type: ignore[attr-defined]
