"""The cast: invented people, the same in every test. No value here is a real person's.

The values in CANARIES stand nowhere else, so that finding one where it must not be means a leak.
"""

from typing import Any

Answers = dict[str, Any]

PATIENT_NAME = "Canaryname Example-One"
PATIENT_EMAIL = "canary.one@mail.example.com"
PATIENT_PHONE = "+34600123457"
MESSAGE = "canary-message: it began after a fall from a ladder"
HELPER_NAME = "Canaryhelper Example-Two"
HELPER_RELATIONSHIP = "canary-relationship: her sister"
NOTE = "canary-note: called her, she will send the report"

CANARIES = (
    PATIENT_NAME,
    "Canaryname",
    PATIENT_EMAIL,
    "canary.one",
    PATIENT_PHONE,
    "600123457",
    MESSAGE,
    HELPER_NAME,
    "Canaryhelper",
    HELPER_RELATIONSHIP,
    NOTE,
)

STAFF = {
    "coordinator": ("Example Coordinator", "coordinator@staff.example.com"),
    "second_coordinator": ("Example Second Coordinator", "second@staff.example.com"),
    "doctor": ("Example Doctor", "doctor@staff.example.com"),
    "editor": ("Example Editor", "editor@staff.example.com"),
    "admin": ("Example Administrator", "admin@staff.example.com"),
}
PASSWORD = "correct horse battery staple, for tests"

EXAMPLE_ONE: Answers = {
    "filling_in": "self",
    "patient_name": PATIENT_NAME,
    "birth_year": "1985",
    "country": "Spain",
    "language": "English",
    "email": PATIENT_EMAIL,
    "phone": PATIENT_PHONE,
    "contact_by": "email",
    "injury_region": "thoracic",
    "injury_level": "T10",
    "completeness": "incomplete",
    "injury_year": "2019",
    "injury_month": "4",
    "hopes": ["movement", "bladder"],
    "message": MESSAGE,
    "consent_processing": "y",
    "understands_limits": "y",
}
"""Someone who fills in everything that the injured person is asked."""

EXAMPLE_TWO: Answers = {
    **EXAMPLE_ONE,
    "filling_in": "relative",
    "helper_name": HELPER_NAME,
    "helper_relationship": HELPER_RELATIONSHIP,
    "patient_aware": "yes",
}
"""A sister who writes for the person of EXAMPLE_ONE."""

EXAMPLE_THREE: Answers = {
    "filling_in": "self",
    "patient_name": "Example Three",
    "country": "Australia",
    "phone": "+61293744000",
    "injury_region": "unknown",
    "consent_processing": "y",
    "understands_limits": "y",
}
"""Someone who answers only what has to be answered."""
