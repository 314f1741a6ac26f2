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
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from flask import current_app
from sqlalchemy.exc import IntegrityError
from webauthn.helpers import options_to_json, parse_authentication_credential_json
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

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


def site_origin() -> str:
    """Return the origin that a browser names in what a passkey signs (RFC 6454, 6.1)."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def options_to_register(user: User, challenge: Challenge) -> str:
    """Return what ``navigator.credentials.create`` is asked, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=site_host(),
        rp_name=current_app.config["SITE_NAME"],
        user_id=challenge.handle,
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge.value,
        exclude_credentials=descriptors(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def options_to_sign_in(challenge: Challenge, user: User | None) -> str:
    """Return what ``navigator.credentials.get`` is asked, as JSON.

    Without ``user`` the passkey itself says whose it is, and has to make sure that it is this person (by a
    finger, a face or a PIN): it takes the place of both factors.
    """
    required, preferred = UserVerificationRequirement.REQUIRED, UserVerificationRequirement.PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=site_host(),
        challenge=challenge.value,
        allow_credentials=descriptors(user) if user is not None else None,
        user_verification=required if user is None else preferred,
    )
    return options_to_json(options)


def descriptors(user: User) -> list[PublicKeyCredentialDescriptor]:
    """Return a person's passkeys as browsers are told of them."""
    known = {transport.value for transport in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(name) for name in passkey.transports or () if name in known],
        )
        for passkey in user.passkeys
    ]


def register(user: User, *, name: str, answer: str, challenge: Challenge, actor: Actor) -> Passkey:
    """Keep a new passkey. Raises PasskeyRefusedError or PasskeyNameTakenError."""
    refuse_old(challenge)
    if (user.passkey_handle or challenge.handle) != challenge.handle or len(user.passkeys) >= MOST_PASSKEYS:
        raise PasskeyRefusedError
    found = read(
        answer,
        lambda text: (
            webauthn.helpers.parse_registration_credential_json(text),
            webauthn.verify_registration_response(
                credential=text,
                expected_challenge=challenge.value,
                expected_rp_id=site_host(),
                expected_origin=site_origin(),
            ),
        ),
    )
    sent, verified = found
    user.passkey_handle = challenge.handle
    passkey = Passkey(
        id=new_id(),
        staff_id=user.id,
        name=name,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=[transport.value for transport in sent.response.transports or ()],
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
    refuse_old(challenge)
    sent: AuthenticationCredential = read(answer, parse_authentication_credential_json)
    passkey = db.session.scalar(sa.select(Passkey).where(Passkey.credential_id == sent.raw_id))
    owner = None if passkey is None else db.session.get_one(User, passkey.staff_id)
    if passkey is None or owner is None or not is_for(owner, user, sent.response.user_handle):
        raise PasskeyRefusedError
    verified = read(
        answer,
        lambda text: webauthn.verify_authentication_response(
            credential=text,
            expected_challenge=challenge.value,
            expected_rp_id=site_host(),
            expected_origin=site_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=user is None,
        ),
    )
    if not use(passkey, challenge, verified.new_sign_count):
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
