"""What is done with an inquiry. Each function is one use case and one transaction."""

import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit.log import VISITOR, Actor, record
from app.core.changes import change_of
from app.core.crypto import digest, keyring
from app.core.database import db, new_id
from app.inquiries import consents, lookup, mail, workflow
from app.inquiries.answers import PLAIN, Answers
from app.inquiries.models import CONSENT_KINDS, Consent, Inquiry, InquiryEvent, InquiryLookup

REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O 1 I L U, which are misread or misheard."""
REFERENCE_TRIES = 5
"""A second try is needed once in 30^8 / (number of inquiries) times."""
NOTE_LENGTH = 4000
"""Characters of a note."""


class AlreadySentError(Exception):
    """The same form was sent before with other answers."""

    def __init__(self, reference: str) -> None:
        """Take the reference of the inquiry that it made then."""
        super().__init__("this form made an inquiry before")
        self.reference = reference


def send_inquiry(form_key: str, answers: Answers, page_language: str, treatment_version: str) -> str:
    """Keep an inquiry, its audit row and its mails, and return its reference.

    The same form sent again with the same answers makes nothing new and returns the same reference;
    with other answers it raises AlreadySentError.
    """
    for _attempt in range(REFERENCE_TRIES):
        try:
            reference = add_inquiry(form_key, answers, page_language, treatment_version)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            before = sent_before(form_key, answers)
            if before is None:  # then it was the reference that another inquiry has already
                continue
            return before
        return reference
    raise RuntimeError("no free reference was found")


def add_inquiry(form_key: str, answers: Answers, page_language: str, treatment_version: str) -> str:
    """Add an inquiry and all that belongs to it to the session, and return its reference."""
    given = asdict(answers)
    inquiry = Inquiry(
        id=new_id(),
        reference=new_reference(),
        form_key_digest=digest(form_key),
        content_index=keyring().blind_index("content", canonical(answers)),
        page_language=page_language,
        treatment_version=treatment_version,
        **{name: given[name] or None for name in PLAIN},
    )
    inquiry.answers = {name: value for name, value in given.items() if name not in PLAIN and value}
    db.session.add(inquiry)
    # The rows below name it by its key; without this, their inserts could come first.
    db.session.flush()
    db.session.add_all(consent_rows(inquiry.id))
    db.session.add_all(lookup_rows(inquiry.id, answers))
    db.session.add(InquiryEvent(inquiry_id=inquiry.id, kind="sent"))
    record(VISITOR, "inquiry.sent", "inquiry", inquiry.id)
    mail.tell_coordinators(inquiry)
    if answers.email:
        mail.confirm_to_sender(inquiry, answers.email)
    return inquiry.reference


def sent_before(form_key: str, answers: Answers) -> str | None:
    """Return the reference of the inquiry that this form made before, None if it made none.

    Raises AlreadySentError if its answers were others.
    """
    made = db.session.execute(
        sa.select(Inquiry.reference, Inquiry.content_index).where(Inquiry.form_key_digest == digest(form_key))
    ).one_or_none()
    if made is None:
        return None
    indexes = keyring().blind_indexes("content", canonical(answers))
    if not any(hmac.compare_digest(made.content_index, index) for index in indexes):
        raise AlreadySentError(made.reference)
    return str(made.reference)


def new_reference() -> str:
    """Return a random reference, ``SCI-XXXX-XXXX``: 30^8 of them, so that none can be guessed."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"SCI-{letters[:4]}-{letters[4:]}"


def canonical(answers: Answers) -> str:
    """Return all answers as one text that is the same whenever they are."""
    return json.dumps(asdict(answers), sort_keys=True, ensure_ascii=False)


def consent_rows(inquiry_id: UUID) -> list[Consent]:
    """Return a row for each box; the form lets nobody through who left one unticked."""
    return [
        Consent(
            inquiry_id=inquiry_id,
            kind=kind,
            version=consents.VERSIONS[kind],
            text=str(consents.text(kind)),
        )
        for kind in CONSENT_KINDS
    ]


def lookup_rows(inquiry_id: UUID, answers: Answers) -> list[InquiryLookup]:
    """Return the blind indexes that an inquiry is found by."""
    return [
        InquiryLookup(kind=kind, index=keyring().blind_index(kind, value), inquiry_id=inquiry_id)
        for kind, value in lookup.values_of(answers)
    ]


def read_inquiry(inquiry: Inquiry, actor: Actor) -> None:
    """Record that a member of staff reads an inquiry; call it before showing one."""
    record(actor, "inquiry.read", "inquiry", inquiry.id)
    db.session.commit()


def record_listing(actor: Actor, inquiries: Sequence[Inquiry]) -> None:
    """Record that a member of staff sees these inquiries in a list; call it before showing one."""
    if inquiries:
        references = [inquiry.reference for inquiry in inquiries]
        record(actor, "inquiries.listed", "inquiry", None, references=references)
        db.session.commit()


def move_inquiry(inquiry: Inquiry, target: str, seen_version: int, actor: Actor) -> None:
    """Move an inquiry to another status.

    Raises ChangedMeanwhileError if it is not at ``seen_version`` any more, MoveNotAllowedError if the
    workflow has no such move.
    """
    with change_of(inquiry, seen_version):
        workflow.check_move(inquiry.status, target)
        source, inquiry.status = inquiry.status, target
        add_event(inquiry, actor, "moved", status=target)
        record(actor, "inquiry.moved", "inquiry", inquiry.id, source=source, target=target)


def add_note(inquiry: Inquiry, text: str, seen_version: int, actor: Actor) -> None:
    """Add a note to an inquiry's timeline.

    Raises ChangedMeanwhileError if it is not at ``seen_version`` any more.
    """
    with change_of(inquiry, seen_version):
        event = add_event(inquiry, actor, "noted")
        event.text = text
        # A note changes no column, but who writes next should see it first.
        sa.orm.attributes.flag_modified(inquiry, "status")
        record(actor, "inquiry.noted", "inquiry", inquiry.id)


def add_event(inquiry: Inquiry, actor: Actor, kind: str, **values: Any) -> InquiryEvent:
    """Add a line to an inquiry's timeline and return it."""
    event = InquiryEvent(id=new_id(), inquiry_id=inquiry.id, staff_id=actor.staff_id, kind=kind, **values)
    db.session.add(event)
    return event
