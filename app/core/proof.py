"""Proof of work (ALTCHA) that a browser finds by itself while a form is filled in.

Nobody is asked to do or to see anything. A proof counts for one form key only, and a form key makes one
inquiry, so a proof that is sent again brings nothing and none has to be remembered. It never expires: a
form may stay open for days.
"""

import secrets
from typing import Any

import altcha

from app.core.crypto import derive, keyring
from app.core.links import is_token

ALGORITHM = "PBKDF2/SHA-256"  # the only slow hash that browsers bring along (Web Crypto)
COST = 5_000
"""Iterations of one try: many enough that starting a try costs a browser less than the try itself, few
enough that making and checking a challenge, one try each, takes the server about 3 ms."""
FEWEST_TRIES, MOST_TRIES = 200, 400
"""Tries until the solution: 0.3 s on a desktop, 2 to 3 s where that has a sixth of its time (measured in
Chromium). Both ends are fixed: by chance alone one person in a hundred would wait five times as long."""
LONGEST_PAYLOAD = 2_000
"""Characters; one that a browser makes has about 600."""


def new_challenge(form_key: str) -> dict[str, Any]:
    """Return a challenge for one form, as the JSON that ALTCHA's browser library takes."""
    challenge = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=FEWEST_TRIES + secrets.randbelow(MOST_TRIES - FEWEST_TRIES),
        hmac_secret=signing_keys(form_key)[0],
    )
    return challenge.to_dict()


def is_proven(form_key: str | None, payload: str | None) -> bool:
    """Return whether ``payload`` is the solution of a challenge that was made for this form.

    Whatever else comes is False, and costs less than one try.
    """
    if not form_key or not is_token(form_key) or not payload or len(payload) > LONGEST_PAYLOAD:
        return False
    return any(altcha.verify_solution(payload, key).verified for key in signing_keys(form_key))


def signing_keys(form_key: str) -> list[bytes]:
    """Return the keys that sign one form's challenges, newest first.

    As each form has its own, the challenge need not name the form, and the signature tells it.
    """
    return [derive(key, form_key.encode()) for key in keyring().proof_keys()]
