"""itsdangerous' signatures for what is signed at every visit: the key is derived once, not each time."""

import hmac
from collections.abc import Callable

from itsdangerous import Signer
from itsdangerous.encoding import base64_encode, int_to_bytes

Sign = Callable[[bytes, bytes], bytes]
"""Signs a value with a moment, as ``moment_of`` writes it."""


def signing_as(signer: Signer) -> Sign:
    """Return what signs as a timestamp signer does with its newest key."""
    # Made of the digest itself, it is copied sooner than OpenSSL's own kind for a digest that is named.
    keyed = hmac.new(signer.derive_key(), digestmod=signer.digest_method)
    separator = signer.sep

    def sign(value: bytes, moment: bytes) -> bytes:
        signed, mac = value + separator + moment, keyed.copy()
        mac.update(signed)
        return signed + separator + base64_encode(mac.digest())

    return sign


def moment_of(seconds: int) -> bytes:
    """Return a moment, in seconds since 1970, as a signature has it."""
    return base64_encode(int_to_bytes(seconds))
