"""Which content coding a browser wants an answer in (RFC 9110, 12.5.3)."""

from functools import lru_cache

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

CODINGS = ("br", "gzip", "identity")
"""What an answer can come in, the best first."""


@lru_cache(maxsize=256)
def codings_liked(accept_encoding: str | None) -> tuple[str, ...]:
    """Return the codings that a browser takes, by its Accept-Encoding, the one it likes best first.

    ``identity`` ends the list where it is refused too: there has to be an answer.
    """
    accepted = parse_accept_header(accept_encoding, Accept)
    qualities = {coding: accepted.quality(coding) for coding in CODINGS}
    if not any(coding.lower() == "identity" for coding, _quality in accepted):
        qualities["identity"] = 0  # taken, but liked less than whatever is named
    liked = sorted((coding for coding in CODINGS if qualities[coding]), key=lambda coding: -qualities[coding])
    return tuple(dict.fromkeys((*liked, "identity")))
