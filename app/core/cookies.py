"""The session's cookie: Flask's own, signed with keys that are derived once and not at every request."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class CookieSessions(SecureCookieSessionInterface):
    """Gives and takes the very cookies that Flask's own sessions do, for one application."""

    def __init__(self, app: Flask) -> None:
        """Derive the keys."""
        made = super().get_signing_serializer(app)
        self.signing = made and with_derived_keys(made)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:  # noqa: ARG002 -- Flask's name
        """Return what signs the cookie."""
        return self.signing


def init_cookies(app: Flask) -> None:
    """Let the application keep its sessions so."""
    app.session_interface = CookieSessions(app)


def with_derived_keys(serializer: URLSafeTimedSerializer) -> URLSafeTimedSerializer:
    """Return what signs and reads as a serializer does, with its keys as they are derived for its salt."""
    signer = serializer.make_signer(serializer.salt)
    return URLSafeTimedSerializer(
        [signer.derive_key(key) for key in signer.secret_keys],
        salt=serializer.salt,
        serializer=serializer.serializer,
        signer_kwargs={**serializer.signer_kwargs, "key_derivation": "none"},
    )
