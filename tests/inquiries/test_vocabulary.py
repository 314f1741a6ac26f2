"""The keys are a contract: they stand in the database, and what is built on it reads them."""

import pytest

from app.inquiries import vocabulary

KEYS = {
    "FILLING_IN": "self relative professional",
    "PATIENT_AWARE": "yes no cannot_be_asked",
    "CONTACT_BY": "email phone whatsapp",
    "HOPES": "movement strength sensation limb_control bladder bowel sweating other",
    "STATUS": ("new in_contact waiting_for_patient medical_review offered declined closed withdrawn"),
}


@pytest.mark.parametrize("name", KEYS)
def test_the_keys_are_those_of_the_intakes_contract(name: str) -> None:
    assert list(getattr(vocabulary, name)) == KEYS[name].split()
