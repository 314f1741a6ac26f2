"""Passkeys and security keys (Web Authentication, Level 3): registering, checking and removing them.

Flask-Security has views for them, which believe the Host header and would take an answer twice; here the
site's name comes from ``PUBLIC_URL``, and a challenge older than a passkey's last use is worth nothing.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TypeVar

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Passkey, User
from app.accounts.signing_in import has_app
from app.audit.log import Actor, record
from app.core.clock import now
from app.core.database import db, new_id
from app.core.links import site_host

CHALLENGE_BYTES = 32
CHALLENGE_LIFETIME = timedelta(minutes=10)
"""So long a page may stand open before its button is pressed."""
LONGEST_ANSWER = 16_384
"""Characters; what browsers send is a tenth of it."""
MOST_PASSKEYS = 20

Read = TypeVar("Read")


class PasskeyRefusedError(Exception):
    """What the browser sent is no answer of a passkey that counts here."""


class PasskeyNameTakenError(Exception):
    """This person has a passkey of this name."""


class LastFactorError(Exception):
    """Without this passkey there would be no second factor, and one is required."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Random bytes that a passkey signs, so that its answer is worth something once."""

    value: bytes
    made_at: datetime
    handle: bytes
    """What a passkey that is registered with it will know its owner by."""


def new_challenge(user: User | None = None) -> Challenge:
    """Return a challenge; ``user`` is who would register a passkey with it."""
    kept = user.passkey_handle if user is not None else None
    return Challenge(
        secrets.token_bytes(CHALLENGE_BYTES), now(), kept or secrets.token_bytes(CHALLENGE_BYTES)
    )


def can_be_used() -> bool:
    """Return whether browsers take the site's name for passkeys: a name, not a machine's number."""
    try:
        ip_address(site_host())
    except ValueError:
        return True
    return False


def register(user: User, *, name: str, answer: str, challenge: Challenge, actor: Actor) -> Passkey:
    """Keep a new passkey. Raises PasskeyRefusedError or PasskeyNameTakenError."""
    from app.accounts import ceremonies  # noqa: PLC0415 -- loads the library for passkeys, which few use

    refuse_old(challenge)
    if (user.passkey_handle or challenge.handle) != challenge.handle or len(user.passkeys) >= MOST_PASSKEYS:
        raise PasskeyRefusedError
    new = read(answer, lambda text: ceremonies.registered(text, challenge.value))
    user.passkey_handle = challenge.handle
    passkey = Passkey(
        id=new_id(),
        staff_id=user.id,
        name=name,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        transports=new.transports,
    )
    db.session.add(passkey)
    record(actor, "user.passkey_added", "user", user.id)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise PasskeyNameTakenError from None
    db.session.expire(user, ["passkeys"])
    return passkey


def check(answer: str, challenge: Challenge, user: User | None) -> User:
    """Return whose passkey answered; adds its use to the transaction of the sign-in that it is part of.

    ``user`` is who gave the password; without one, the passkey has to have made sure of its owner. Raises
    PasskeyRefusedError.
    """
    from app.accounts import ceremonies  # noqa: PLC0415 -- loads the library for passkeys, which few use

    refuse_old(challenge)
    sent = read(answer, ceremonies.answering)
    passkey = db.session.scalar(sa.select(Passkey).where(Passkey.credential_id == sent.credential_id))
    owner = None if passkey is None else db.session.get_one(User, passkey.staff_id)
    if passkey is None or owner is None or not is_for(owner, user, sent.handle):
        raise PasskeyRefusedError
    count = read(
        answer, lambda text: ceremonies.signed_count(text, challenge.value, passkey, by_owner=user is None)
    )
    if not use(passkey, challenge, count):
        raise PasskeyRefusedError
    return owner


def is_for(owner: User, user: User | None, handle: bytes | None) -> bool:
    """Return whether a passkey's owner may sign in with it now (Web Authentication, 7.2, step 6)."""
    if not owner.active or (user is not None and owner.id != user.id):
        return False
    if handle is None:
        return user is not None
    return secrets.compare_digest(handle, owner.passkey_handle or b"")


def use(passkey: Passkey, challenge: Challenge, sign_count: int) -> bool:
    """Use a challenge up; False if the passkey was used after it was made. Of two at once, one wins."""
    used = db.session.execute(
        sa.update(Passkey)
        .where(
            Passkey.id == passkey.id,
            sa.or_(Passkey.used_at.is_(None), Passkey.used_at < challenge.made_at),
        )
        .values(used_at=now(), sign_count=sign_count)
        .returning(Passkey.id)
    ).one_or_none()
    return used is not None


def refuse_old(challenge: Challenge) -> None:
    """Raise PasskeyRefusedError for a challenge that was made too long ago."""
    if not timedelta(0) <= now() - challenge.made_at <= CHALLENGE_LIFETIME:
        raise PasskeyRefusedError


def read(answer: str, how: Callable[[str], Read]) -> Read:
    """Return what a browser's answer says; raise PasskeyRefusedError if it cannot be read or is not right."""
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefusedError
    try:
        return how(answer)
    except Exception:
        # The library fails in many ways on bytes that no browser would send: it reads JSON, base64 and CBOR.
        raise PasskeyRefusedError from None


def passkey_named(user: User, name: str) -> Passkey | None:
    """Return the passkey that its owner calls so."""
    return next((passkey for passkey in user.passkeys if passkey.name == name), None)


def remove(user: User, passkey: Passkey, actor: Actor) -> None:
    """Forget a passkey. Raises LastFactorError where a second factor is required and no other is left."""
    # The row of the account is locked, so that two passkeys removed at once do not each leave the other.
    db.session.execute(sa.update(User).where(User.id == user.id).values(active=User.active))
    db.session.expire(user, ["passkeys"])
    left = [other for other in user.passkeys if other.id != passkey.id]
    if current_app.config["SECURITY_TWO_FACTOR_REQUIRED"] and not left and not has_app(user):
        db.session.rollback()
        raise LastFactorError
    db.session.execute(sa.delete(Passkey).where(Passkey.id == passkey.id))
    record(actor, "user.passkey_removed", "user", user.id)
    db.session.commit()
    db.session.expire(user, ["passkeys"])
