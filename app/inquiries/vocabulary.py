"""What the intake asks besides the field's own terms (``core/terms.py``), and an inquiry's statuses.

The keys are the portal's own. ``tests/inquiries/test_vocabulary.py`` holds them against the intake's
contract.
"""

from flask_babel import lazy_gettext as _l

from app.core.terms import Choices

FILLING_IN: Choices = {
    "self": _l("I am the injured person"),
    "relative": _l("A relative or friend"),
    "professional": _l("A professional"),
}
PATIENT_AWARE: Choices = {
    "yes": _l("Yes"),
    "no": _l("No"),
    "cannot_be_asked": _l("They cannot be asked"),
}
HELPER_AUTHORITY: Choices = {
    "asked": _l("They asked me to"),
    "parent": _l("I am the parent or guardian of a child"),
    "representative": _l("I am their legal representative"),
    "other": _l("None of these"),
}
CONTACT_BY: Choices = {
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "whatsapp": _l("WhatsApp"),
}
HOPES: Choices = {
    "movement": _l("Movement"),
    "strength": _l("Strength"),
    "sensation": _l("Sensation"),
    "limb_control": _l("Control of arms or legs"),
    "bladder": _l("Bladder control"),
    "bowel": _l("Bowel control"),
    "sweating": _l("Ability to sweat"),
    "other": _l("Something else"),
}
CHANNEL: Choices = {
    "form": _l("The form"),
    "steps": _l("The form, step by step"),
    "call": _l("A request to be called"),
    "phone": _l("Keyed in by staff during a call"),
}
"""How an inquiry came."""
MARKS: Choices = {
    "no_proof": _l("Sent without the proof that a browser with script makes"),
    "trap": _l("A field was filled in that people do not see"),
    "hasty": _l("Sent within a few seconds"),
    "many_from_address": _l("Many came from the same network address within an hour"),
    "many_to_email": _l("Many came with the same e-mail address within a day"),
    "many_at_once": _l("Many came at once, from everywhere"),
}
"""What speaks for a machine as the sender. The inquiry is kept all the same."""
STATUS: Choices = {
    "new": _l("New"),
    "in_contact": _l("In contact"),
    "waiting_for_patient": _l("Waiting for patient"),
    "medical_review": _l("Medical review"),
    "offered": _l("Offered"),
    "declined": _l("Declined"),
    "closed": _l("Closed"),
    "withdrawn": _l("Withdrawn"),
}
REASON: Choices = {
    "not_suitable": _l("The doctors found the treatment not suitable"),
    "outside_criteria": _l("Outside what the centres treat"),
    "person_decided": _l("The person decided against it"),
    "not_reached": _l("The person could not be reached"),
    "treated": _l("Treated, or treatment arranged"),
    "answered": _l("The question was answered"),
    "duplicate": _l("A second inquiry of the same person"),
    "not_genuine": _l("Not a person’s inquiry"),
    "other": _l("Another reason, told in the note"),
}
"""Why an inquiry is closed or was declined; ``workflow.REASONS`` says which goes with which."""
CONTACT_CHANNEL: Choices = {
    "phone": _l("Phone"),
    "whatsapp": _l("WhatsApp"),
    "email": _l("E-mail"),
}
"""How a person was in contact with us outside of this site."""
CONTACT_OUTCOME: Choices = {
    "reached": _l("We reached the person"),
    "left_message": _l("We left a message"),
    "no_answer": _l("Nobody answered"),
    "wrong_number": _l("The number or address is wrong"),
    "they_reached_us": _l("The person contacted us"),
}
"""What came of a contact."""


def readable_phone(shown: str) -> str:
    """Return a number that an inquiry holds, with the spaces its country writes."""
    if not shown:
        return ""
    from app.inquiries.phones import readable  # noqa: PLC0415 -- large, and most pages show no number

    return readable(shown)
