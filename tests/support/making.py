"""Inquiries that are there before a test begins, made by the service that the form calls."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from app.core.database import db
from app.core.links import new_token
from app.inquiries import queries, sending
from app.inquiries.answers import Answers
from app.inquiries.arrival import Arrival
from tests.support import cast

GIVEN = Answers(
    filling_in="self",
    patient_name=cast.PATIENT_NAME,
    birth_year=1985,
    country="ES",
    language="en",
    email=cast.PATIENT_EMAIL,
    phone=cast.PATIENT_PHONE,
    contact_by="email",
    injury_region="thoracic",
    injury_level="T10",
    completeness="incomplete",
    injury_year=2019,
    injury_month=4,
    hopes=("movement", "bladder"),
    message=cast.MESSAGE,
)
TREATMENT_VERSION = "en-1"
ARRIVAL = Arrival(page_language="en", treatment_version=TREATMENT_VERSION)
FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)


def answers(**changes: Any) -> Answers:
    """Return EXAMPLE_ONE's answers as the form hands them to the service, with changes."""
    return Answers(**{**{name: getattr(GIVEN, name) for name in GIVEN.__slots__}, **changes})


def make_inquiry(app: Flask, **changes: Any) -> str:
    """Send one inquiry and return its reference."""
    with app.app_context():
        return sending.send_inquiry(new_token(), answers(**changes), ARRIVAL)


def make_inquiries(app: Flask, count: int, *, apart: timedelta = timedelta(hours=1)) -> list[str]:
    """Make inquiries one after the other and return their references, newest first."""
    with app.app_context():
        references = []
        for number in range(count):
            given = answers(patient_name=f"Example Number {number}")
            reference = sending.add_inquiry(new_token(), given, ARRIVAL)
            inquiry = queries.inquiry_by_reference(reference)
            assert inquiry is not None
            inquiry.sent_at = FIRST_DAY + number * apart
            references.append(reference)
        db.session.commit()
    return references[::-1]
