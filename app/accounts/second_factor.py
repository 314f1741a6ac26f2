"""The second factor: codes of an app that work once, recovery codes shown once, and when one is asked for."""

import base64
import hmac
from collections.abc import Sequence
from typing import Any, cast

from flask import redirect, session, url_for
from flask_babel import gettext as _
from flask_security import MfRecoveryCodesUtil, Totp, UserMixin
from flask_security.twofactor import CodeTfPlugin
from markupsafe import Markup
from passlib.exc import UsedTokenError  # type: ignore[import-untyped]
from passlib.totp import TOTP, AppWallet, TotpMatch  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from app.accounts import signing_in
from app.accounts.actor import actor_of
from app.accounts.models import User
from app.core.crypto import derive

MODULE_PIXELS = 5
QUIET_MODULES = 4  # ISO/IEC 18004: the empty border that a reader needs


class SecondFactors(CodeTfPlugin):
    """The step between the password and the desk: one page for the app's code and the passkey."""

    def get_setup_methods(self, user: UserMixin) -> list[tuple[str, str]]:
        """Return one way for whatever this person has set up, none for nothing."""
        return (
            [("second_factor", _("Second factor"))] if signing_in.has_second_factor(cast(User, user)) else []
        )

    def tf_login(self, user: UserMixin, json_payload: dict[str, Any], next_loc: str | None) -> Response:  # noqa: ARG002 -- Flask-Security's signature
        """Lead who gave the right password to the second factor, or to setting one up."""
        if not signing_in.has_second_factor(cast(User, user)):
            session["tf_state"] = "setup_from_login"
            return redirect(url_for("security.two_factor_setup"))
        session["tf_state"] = "ready"
        return redirect(url_for("security.two_factor_token_validation", next=next_loc or None))


class OneTimeCodes(Totp):
    """Codes by time (RFC 6238). Flask-Security would take the same one again; this does not."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        """Take the secrets that seal apps' keys at rest, newest first, and the name apps show."""
        wallet = AppWallet(secrets, default_tag=next(iter(secrets)))
        self._totp = TOTP.using(issuer=issuer, wallet=wallet)

    def generate_qrcode(self, username: str, totp: str) -> Markup:
        """Return the picture for the app to read, as SVG that needs no inline style."""
        return qr_picture(self.get_totp_uri(username, totp))

    def get_last_counter(self, user: UserMixin) -> int | None:
        """Return the newest time step that this person used."""
        return cast(User, user).tf_last_counter

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Use a time step up; of two browsers with the same code, one is refused."""
        if not signing_in.take_time_step(cast(User, user), tmatch.counter):
            raise UsedTokenError


class RecoveryCodes(MfRecoveryCodesUtil):
    """Codes for who has lost the app: shown when they are made and never again, each used once."""

    def create_recovery_codes(self, user: UserMixin) -> list[str]:
        """Make new codes in place of any earlier ones, and return them."""
        made = super().create_recovery_codes(user)
        staff = cast(User, user)
        signing_in.record_recovery_codes(staff, actor_of(staff))
        return made

    def get_recovery_codes(self, user: UserMixin) -> list[str]:  # noqa: ARG002 -- Flask-Security's signature
        """Return nothing: codes are not shown twice."""
        return []

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Use a code up and return True, if it is one of this person's and nobody used it before."""
        staff = cast(User, user)
        kept = list(staff.mf_recovery_codes or ())
        used = [sealed for sealed in kept if self._is_sealed_from(sealed, code)]
        return bool(used) and signing_in.take_recovery_code(staff, kept, used[0], actor_of(staff))

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:  # noqa: ARG002 -- as above
        """Do nothing: checking a code used it up."""
        return True

    def _is_sealed_from(self, sealed: str, code: str) -> bool:
        plain = self._decrypt_codes([sealed])
        return bool(plain) and hmac.compare_digest(plain[0].encode(), code.encode())


def secrets_for_apps(field_keys: Sequence[bytes]) -> dict[str, str]:
    """Return the secrets that seal the keys of apps, by a name that tells nothing, newest first."""
    return {
        derive(key, b"one-time code key id").hex()[:16]: derive(key, b"one-time code keys").hex()
        for key in field_keys
    }


def keys_for_recovery_codes(field_keys: Sequence[bytes]) -> list[bytes]:
    """Return the Fernet keys that seal recovery codes, newest first."""
    return [base64.urlsafe_b64encode(derive(key, b"recovery codes")) for key in field_keys]


def qr_picture(text: str) -> Markup:
    """Return a QR code as one SVG path on white, dark on light in every colour scheme."""
    from qrcode.main import QRCode  # type: ignore[import-untyped]  # noqa: PLC0415 -- loads Pillow; once a year

    code = QRCode(border=QUIET_MODULES)
    code.add_data(text)
    rows = code.get_matrix()
    size = len(rows)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Markup(
        '<svg width="{pixels}" height="{pixels}" viewBox="0 0 {size} {size}" aria-hidden="true" '
        'focusable="false" shape-rendering="crispEdges">'
        '<path fill="#ffffff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000000" d="{path}"/></svg>'
    ).format(pixels=size * MODULE_PIXELS, size=size, path=path)
