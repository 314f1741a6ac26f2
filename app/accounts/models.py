"""Staff accounts, their roles, and the invitations that make them."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database import Base, new_id

NAME_LENGTH = 120
EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3: a path has at most 256 characters with its angle brackets
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
INVITATION_LIFETIME = timedelta(days=7)

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
    """What a session names; renewed at sign-out, so that a copied cookie dies."""
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    """``authenticator`` once a second factor is set up."""
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    """The authenticator app's secret, encrypted by Flask-Security."""
    tf_last_counter: Mapped[int | None]
    """The time step (RFC 6238) of the newest code that signed in; no code up to it is taken again."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(CodeList()))
    """Recovery codes that were not used yet, encrypted."""
    create_datetime: Mapped[datetime] = mapped_column(default=now)
    """When the account was made."""

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=staff_roles, back_populates="users", lazy="selectin"
    )


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
