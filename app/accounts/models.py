"""Staff accounts, their roles and sessions, and the links that make them or reset a password."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database import Base, choice_check, new_id

NAME_LENGTH = 120
EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3: a path has at most 256 characters with its angle brackets
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
PASSKEY_NAME_LENGTH = 60
INVITATION_LIFETIME = timedelta(days=7)
RESET_LIFETIME = timedelta(hours=1)
ATTEMPT_KINDS = ("sign_in", "reset")

staff_roles = sa.Table(
    "staff_roles",
    Base.metadata,
    sa.Column("user_id", sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A role that staff can have; what each may do stands in ``roles.py``."""

    __tablename__ = "roles"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)  # type: ignore[assignment]
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    """One of the keys of ``roles.ROLES``."""

    users: Mapped[list["User"]] = relationship(secondary=staff_roles, back_populates="roles")


class CodeList(AsaList):
    """Texts without commas, kept as one."""

    cache_ok = True


class User(Base, UserMixin):
    """A member of staff. The columns without a sentence of ours are Flask-Security's."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(sa.String(EMAIL_LENGTH), unique=True)
    """The address that signs in, in lower case."""
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    """How colleagues see this person."""
    password: Mapped[str | None] = mapped_column(sa.String(255))
    """The argon2id hash."""
    active: Mapped[bool] = mapped_column(default=True)
    """Whether this person may sign in."""
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """What a cookie names; renewed when every session, and every sign-in that was begun, has to end."""
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    """``authenticator`` once a second factor is set up."""
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    """The authenticator app's secret, encrypted by Flask-Security."""
    tf_last_counter: Mapped[int | None]
    """The time step (RFC 6238) of the newest code that signed in; no code up to it is taken again."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(CodeList()))
    """Recovery codes that were not used yet, encrypted."""
    passkey_handle: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Random bytes that passkeys know this person by (WebAuthn, 14.6.1); made with the first one."""
    mail_choices: Mapped[list[str] | None]
    """The mails about inquiries that this person wants; None for the usual ones."""
    uses_shortcuts: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether keys of one letter do something on the desk's pages."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether ``flask demo load`` made the account: nobody can sign in with it, and it is sent no mail."""
    create_datetime: Mapped[datetime] = mapped_column(default=now)
    """When the account was made."""

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=staff_roles, back_populates="users", lazy="selectin"
    )
    passkeys: Mapped[list["Passkey"]] = relationship(order_by="Passkey.made_at", viewonly=True)


class Invitation(Base):
    """A one-time link that makes an account."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    """SHA-256 of the token in the link; the token itself is not kept."""
    email: Mapped[str | None] = mapped_column(sa.String(EMAIL_LENGTH))
    """Who was invited; None for the first administrator, who gives the address on the page."""
    roles: Mapped[str] = mapped_column(sa.String(120))
    """The role names that the account will have, separated by commas."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    """When the link was made."""
    ends_at: Mapped[datetime]
    """From this moment the link opens nothing."""
    used_at: Mapped[datetime | None]
    """When the account was made with it; a used link opens nothing."""


class Passkey(Base):
    """A passkey or security key of a member of staff (WebAuthn)."""

    __tablename__ = "passkeys"
    __table_args__ = (sa.UniqueConstraint("staff_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id", ondelete="CASCADE"))
    """Whose it is."""
    name: Mapped[str] = mapped_column(sa.String(PASSKEY_NAME_LENGTH))
    """What its owner calls it."""
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1023), unique=True)
    """What the browser calls it."""
    public_key: Mapped[bytes]
    """What its signatures are checked with (COSE)."""
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    """The newest signature's number; 0 where it does not count them."""
    transports: Mapped[list[str] | None]
    """The ways by which a browser reaches it, as ``usb`` or ``internal``."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    """When it was registered."""
    used_at: Mapped[datetime | None]
    """When it last signed in; no challenge from before that moment is taken."""


class StaffSession(Base):
    """One sign-in in one browser, until it ends."""

    __tablename__ = "staff_sessions"
    __table_args__ = (sa.Index(None, "staff_id", "network"), sa.Index(None, "seen_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id", ondelete="CASCADE"))
    """Who signed in."""
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    """SHA-256 of the token in the cookie; the token itself is not kept."""
    started_at: Mapped[datetime] = mapped_column(default=now)
    """When it began."""
    seen_at: Mapped[datetime] = mapped_column(default=now)
    """When it was last used, to within a minute."""
    address: Mapped[str | None] = mapped_column(sa.String(45))
    """The network address that it began from."""
    network: Mapped[str | None] = mapped_column(sa.String(50))
    """The network of that address: guesses from there do not count among those from elsewhere."""
    browser: Mapped[str] = mapped_column(sa.String(60), default="")
    """The browser's and the system's name, as ``Firefox, Linux``; empty where neither is known."""
    ended_at: Mapped[datetime | None]
    """When somebody ended it; one that was left alone only becomes too old."""


class PasswordReset(Base):
    """A one-time link that sets a new password."""

    __tablename__ = "password_resets"
    __table_args__ = (sa.Index(None, "staff_id"), sa.Index(None, "ends_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("staff.id", ondelete="CASCADE"))
    """Whose password it sets; None where the address has no account, and the link went to nobody."""
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    """SHA-256 of the token in the link; the token itself is not kept."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    """When it was asked for."""
    ends_at: Mapped[datetime]
    """From this moment the link opens nothing."""
    used_at: Mapped[datetime | None]
    """When the password was set with it; a used link opens nothing."""
    network: Mapped[str | None] = mapped_column(sa.String(50))
    """The network that it was used from, which is known from then on."""


class SignInAttempt(Base):
    """A sign-in that failed, or a reset that was asked for; kept for a day to count them."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        choice_check("kind", ATTEMPT_KINDS),
        sa.Index(None, "email_index", "at"),
        sa.Index(None, "network_index", "at"),
        sa.Index(None, "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(10))
    """What was tried."""
    email_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    """Blind index of the address that was typed, whether or not it has an account."""
    network_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    """Blind index of the network that it came from."""
    from_known: Mapped[bool]
    """Whether the account had signed in from that network before."""
    at: Mapped[datetime] = mapped_column(default=now)
    """When it was tried."""
