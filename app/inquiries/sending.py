"""Sending an inquiry, and sending it again. Each function is one use case and one transaction."""

import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit.log import VISITOR, Actor, record
from app.core.changes import change_at_once
from app.core.crypto import digest, keyring
from app.core.database import db, new_id
from app.inquiries import consents, lookup, mail, workflow
from app.inquiries.answers import PLAIN, Answers
from app.inquiries.arrival import OF_A_FLOOD, Arrival, another_is_suspicious, with_floods_marked
from app.inquiries.models import Consent, Draft, Inquiry, InquiryEvent, InquiryLookup

REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O 1 I L U, which are misread or misheard."""
REFERENCE_TRIES = 5
"""A second try is needed once in 30^8 / (number of inquiries) times."""


class AlreadySentError(Exception):
    """The same form was sent before with other answers."""

    def __init__(self, reference: str, is_open: bool) -> None:
        """Take the inquiry that it made then: its reference, and whether it can still be changed."""
        super().__init__("this form made an inquiry before")
        self.reference = reference
        self.is_open = is_open


def send_inquiry(form_key: str, answers: Answers, arrival: Arrival, actor: Actor = VISITOR) -> str:
    """Keep an inquiry, its audit row and its mails, and return its reference; its draft is gone with that.

    The same form sent again with the same answers makes nothing new and returns the same reference;
    with other answers it raises AlreadySentError.
    """
    marked = with_floods_marked(arrival, answers.email)
    for _attempt in range(REFERENCE_TRIES):
        try:
            reference = add_inquiry(form_key, answers, marked, actor)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            before = sent_before(form_key, answers)
            if before is None:  # then it was the reference that another inquiry has already
                continue
            return before
        return reference
    raise RuntimeError("no free reference was found")


def add_inquiry(form_key: str, answers: Answers, arrival: Arrival, actor: Actor = VISITOR) -> str:
    """Add an inquiry and all that belongs to it to the session, and return its reference."""
    is_first_suspicious = arrival.is_suspicious and not another_is_suspicious()
    inquiry = Inquiry(
        id=new_id(),
        reference=new_reference(),
        form_key_digest=digest(form_key),
        page_language=arrival.page_language,
        treatment_version=arrival.treatment_version,
        channel=arrival.channel,
        marks=list(arrival.marks),
        suspicious=arrival.is_suspicious,
        address_index=arrival.address_index,
    )
    write_answers(inquiry, answers)
    db.session.add(inquiry)
    # The rows below name it by its key; without this, their inserts could come first.
    db.session.flush()
    db.session.add_all(consent_rows(inquiry.id, arrival.agreed, answers))
    db.session.add_all(lookup_rows(inquiry.id, answers))
    db.session.add(InquiryEvent(inquiry_id=inquiry.id, kind="sent", staff_id=actor.staff_id))
    record(actor, "inquiry.sent", "inquiry", inquiry.id, channel=arrival.channel)
    remove_draft(form_key)
    if not arrival.is_suspicious:
        mail.tell_coordinators(inquiry, answers)
    elif is_first_suspicious:
        mail.tell_of_suspicious(inquiry)
    if answers.email and not OF_A_FLOOD & set(arrival.marks):
        mail.confirm_to_sender(inquiry, answers.email)
    return inquiry.reference


def sent_before(form_key: str, answers: Answers) -> str | None:
    """Return the reference of the inquiry that this form made before, None if it made none.

    Raises AlreadySentError if its answers were others.
    """
    made = db.session.execute(
        sa.select(Inquiry.reference, Inquiry.content_index, Inquiry.status).where(
            Inquiry.form_key_digest == digest(form_key)
        )
    ).one_or_none()
    if made is None:
        return None
    indexes = keyring().blind_indexes("content", canonical(answers))
    if not any(hmac.compare_digest(made.content_index, index) for index in indexes):
        raise AlreadySentError(made.reference, made.status in workflow.OPEN)
    return str(made.reference)


def made_by(form_key: str) -> str | None:
    """Return the reference of the inquiry that a form made, None if it made none."""
    return db.session.scalar(sa.select(Inquiry.reference).where(Inquiry.form_key_digest == digest(form_key)))


def replace_answers(form_key: str, answers: Answers, arrival: Arrival) -> str:
    """Put new answers into the inquiry that this form made before, and return its reference.

    The answers from before are kept with its timeline. Raises AlreadySentError if it is closed. A form that
    made none is sent.
    """
    inquiry = db.session.scalar(sa.select(Inquiry).where(Inquiry.form_key_digest == digest(form_key)))
    if inquiry is None:
        return send_inquiry(form_key, answers, arrival)

    def change() -> None:
        if inquiry.status not in workflow.OPEN:
            raise AlreadySentError(inquiry.reference, is_open=False)
        reached_at = inquiry.answers.get("email", "")
        put_answers(inquiry, answers, arrival.agreed, VISITOR)
        mail.tell_of_change(inquiry)
        if answers.email and answers.email != reached_at:
            mail.confirm_to_sender(inquiry, answers.email)

    change_at_once(inquiry, change)
    return inquiry.reference


def put_answers(inquiry: Inquiry, answers: Answers, agreed: Iterable[str], actor: Actor) -> None:
    """Add a change of an inquiry's answers to the session, and what they were to its timeline."""
    before = answers_of(inquiry)
    write_answers(inquiry, answers)
    db.session.execute(sa.delete(InquiryLookup).where(InquiryLookup.inquiry_id == inquiry.id))
    db.session.add_all(lookup_rows(inquiry.id, answers))
    for consent in consent_rows(inquiry.id, agreed, answers):
        db.session.merge(consent)
    event = InquiryEvent(id=new_id(), inquiry_id=inquiry.id, kind="changed", staff_id=actor.staff_id)
    event.text = before
    db.session.add(event)
    record(actor, "inquiry.changed", "inquiry", inquiry.id)


def write_answers(inquiry: Inquiry, answers: Answers) -> None:
    """Set every answer of an inquiry."""
    given = asdict(answers)
    for name in PLAIN:
        setattr(inquiry, name, given[name] or None)
    inquiry.answers = {name: value for name, value in given.items() if name not in PLAIN and value}
    inquiry.content_index = keyring().blind_index("content", canonical(answers))


def answers_of(inquiry: Inquiry) -> dict[str, Any]:
    """Return every answer that was given, by its name."""
    plain = {name: value for name in PLAIN if (value := getattr(inquiry, name)) is not None}
    return {**plain, **inquiry.answers}


def new_reference() -> str:
    """Return a random reference, ``SCI-XXXX-XXXX``: 30^8 of them, so that none can be guessed."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"SCI-{letters[:4]}-{letters[4:]}"


def canonical(answers: Answers) -> str:
    """Return all answers as one text that is the same whenever they are."""
    return json.dumps(asdict(answers), sort_keys=True, ensure_ascii=False)


def consent_rows(inquiry_id: UUID, agreed: Iterable[str], answers: Answers) -> list[Consent]:
    """Return a row for each box that was ticked, with who ticked it and on what ground."""
    return [
        Consent(
            inquiry_id=inquiry_id,
            kind=kind,
            version=consents.VERSIONS[kind],
            text=str(consents.text(kind)),
            given_by=answers.filling_in or None,
            authority=answers.helper_authority or None,
        )
        for kind in agreed
    ]


def lookup_rows(inquiry_id: UUID, answers: Answers) -> list[InquiryLookup]:
    """Return the blind indexes that an inquiry is found by."""
    return [
        InquiryLookup(kind=kind, index=keyring().blind_index(kind, value), inquiry_id=inquiry_id)
        for kind, value in lookup.values_of(answers)
    ]


def remove_draft(form_key: str) -> None:
    """Remove what was kept of a form while it was filled in, in the caller's transaction."""
    db.session.execute(sa.delete(Draft).where(Draft.form_key_digest == digest(form_key)))
