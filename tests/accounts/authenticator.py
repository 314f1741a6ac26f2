"""A passkey in software: it makes a key and signs as a phone does (Web Authentication, 6)."""

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.pages import page_of

ORIGIN = "https://portal.example"
PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """One passkey, on the site that the tests' ``PUBLIC_URL`` names."""

    def __init__(self, origin: str = ORIGIN, *, verifies: bool = True) -> None:
        """Take the origin that its browser tells, and whether it makes sure of its owner."""
        self.origin = origin
        self.flags = PRESENT | (VERIFIED if verifies else 0)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.handle = b""
        self.count = 0

    def register(self, options: str) -> str:
        """Answer what a page asks a new passkey."""
        asked = json.loads(options)
        self.handle = from_text(asked["user"]["id"])
        data = self.data(asked["rp"]["id"], HAS_KEY) + bytes(16)
        data += len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.public_key()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        sent = self.client_data("webauthn.create", asked)
        return self.answer(clientDataJSON=sent, attestationObject=attestation)

    def sign_in(self, options: str) -> str:
        """Answer what a page asks a passkey that was registered."""
        asked = json.loads(options)
        self.count += 1
        data, sent = self.data(asked["rpId"]), self.client_data("webauthn.get", asked)
        signature = self.key.sign(data + hashlib.sha256(sent).digest(), ec.ECDSA(SHA256()))
        return self.answer(
            clientDataJSON=sent, authenticatorData=data, signature=signature, userHandle=self.handle
        )

    def data(self, rp_id: str, more_flags: int = 0) -> bytes:
        """Return what it signs of itself."""
        flags = bytes([self.flags | more_flags])
        return hashlib.sha256(rp_id.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def public_key(self) -> bytes:
        """Return its key for ES256 as COSE has it (RFC 9053, 7.1.1)."""
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return bytes(cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y}))

    def client_data(self, kind: str, asked: dict[str, Any]) -> bytes:
        """Return what its browser says of the page."""
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def answer(self, **parts: bytes) -> str:
        """Return an answer as the page's script sends it."""
        name = to_text(self.credential_id)
        response = {part: to_text(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def to_text(value: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def add_passkey(client: FlaskClient, passkey: Authenticator, name: str = "My phone") -> TestResponse:
    """Add a passkey on the page for it."""
    return use(client, "/desk/account/passkeys", "/desk/account/passkeys", passkey, name=name)


def use(
    client: FlaskClient, address: str, action: str, passkey: Authenticator, **answers: str
) -> TestResponse:
    """Open a page and answer with a passkey as its script does."""
    page = page_of(client.get(address))
    form = page.form(action)
    do = passkey.register if form.get("data-passkey") == "create" else passkey.sign_in
    credential = do(form.get("data-options", ""))
    return client.post(action, data={**page.values(action), "credential": credential, **answers})
