"""Bringing inquiries into a state that a test begins with."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.database import db
from app.inquiries.models import Inquiry


def set_values(app: Flask, reference: str, **values: Any) -> None:
    """Set columns of an inquiry, past every rule."""
    with app.app_context():
        db.session.execute(sa.update(Inquiry).where(Inquiry.reference == reference).values(**values))
        db.session.commit()
