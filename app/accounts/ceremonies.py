"""What browsers ask passkeys, and what these answer (Web Authentication's "ceremonies").

The library for it is large, and few requests have to do with passkeys: this module is imported when one does.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from webauthn.helpers import (
    options_to_json,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.models import Passkey, User
from app.core.links import site_host


class Registered(NamedTuple):
    """What a new passkey told of itself."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


class Answering(NamedTuple):
    """Which passkey answered, and whose it says it is."""

    credential_id: bytes
    handle: bytes | None


def site_origin() -> str:
    """Return the origin that a browser names in what a passkey signs (RFC 6454, 6.1)."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def options_to_register(user: User, challenge: bytes, handle: bytes) -> str:
    """Return what ``navigator.credentials.create`` is asked, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=site_host(),
        rp_name=current_app.config["SITE_NAME"],
        user_id=handle,
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge,
        exclude_credentials=descriptors(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def options_to_sign_in(user: User | None, challenge: bytes) -> str:
    """Return what ``navigator.credentials.get`` is asked, as JSON.

    Without ``user`` the passkey itself says whose it is, and has to make sure that it is this person (by a
    finger, a face or a PIN): it takes the place of both factors.
    """
    required, preferred = UserVerificationRequirement.REQUIRED, UserVerificationRequirement.PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=site_host(),
        challenge=challenge,
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


def registered(answer: str, challenge: bytes) -> Registered:
    """Return what a new passkey answered; raises whatever the library does where that is not right."""
    sent = parse_registration_credential_json(answer)
    verified = webauthn.verify_registration_response(
        credential=answer,
        expected_challenge=challenge,
        expected_rp_id=site_host(),
        expected_origin=site_origin(),
    )
    return Registered(
        verified.credential_id,
        verified.credential_public_key,
        verified.sign_count,
        [transport.value for transport in sent.response.transports or ()],
    )


def answering(answer: str) -> Answering:
    """Return who an answer is from, as it says; raises whatever the library does where it cannot be read."""
    sent = parse_authentication_credential_json(answer)
    return Answering(sent.raw_id, sent.response.user_handle)


def signed_count(answer: str, challenge: bytes, passkey: Passkey, *, by_owner: bool) -> int:
    """Return how often a passkey has signed that answered rightly.

    It has to have made sure of its owner if ``by_owner``. Raises whatever the library does otherwise.
    """
    verified = webauthn.verify_authentication_response(
        credential=answer,
        expected_challenge=challenge,
        expected_rp_id=site_host(),
        expected_origin=site_origin(),
        credential_public_key=passkey.public_key,
        credential_current_sign_count=passkey.sign_count,
        require_user_verification=by_owner,
    )
    return verified.new_sign_count
