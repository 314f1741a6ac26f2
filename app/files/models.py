"""Files that staff upload: what is known of each; the content itself lies sealed in the storage."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.crypto import Sealed
from app.core.database import Base, new_id


class StoredFile(Base):
    """One file; its content never changes."""

    __tablename__ = "files"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    """What it is, by its content and not by its name."""
    size: Mapped[int] = mapped_column(sa.BigInteger)
    """Bytes before sealing."""
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """SHA-256 of the content before sealing."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    """When it was kept."""
    name_sealed: Mapped[bytes | None]

    name: Any = Sealed()
    """Its name where it came from, which can be personal."""
