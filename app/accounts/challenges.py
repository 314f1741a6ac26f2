"""The challenge that a page gives to a passkey, kept in the cookie until the answer comes."""

import base64
from datetime import UTC, datetime

from flask import session

from app.accounts.models import User
from app.accounts.passkeys import Challenge, new_challenge

PLACE = "passkey_challenge"


def ask_to_register(user: User) -> str:
    """Return what a page lets its browser ask a new passkey, as JSON."""
    from app.accounts import ceremonies  # noqa: PLC0415 -- loads the library for passkeys, which few use

    challenge = new_challenge(user)
    keep(challenge)
    return ceremonies.options_to_register(user, challenge.value, challenge.handle)


def ask_to_sign_in(user: User | None = None) -> str:
    """Return what a page lets its browser ask a passkey, as JSON: ``user``'s, or whoever's it is."""
    from app.accounts import ceremonies  # noqa: PLC0415 -- loads the library for passkeys, which few use

    challenge = new_challenge()
    keep(challenge)
    return ceremonies.options_to_sign_in(user, challenge.value)


def keep(challenge: Challenge) -> None:
    """Keep a challenge in the cookie, which is signed; it is no secret."""
    session[PLACE] = [
        base64.b64encode(challenge.value).decode(),
        challenge.made_at.timestamp(),
        base64.b64encode(challenge.handle).decode(),
    ]


def take() -> Challenge | None:
    """Return the newest challenge that this browser was given, once."""
    kept = session.pop(PLACE, None)
    if kept is None:
        return None
    value, made_at, handle = kept
    return Challenge(base64.b64decode(value), datetime.fromtimestamp(made_at, UTC), base64.b64decode(handle))
