"""Sending an inquiry, and sending it again. Each function is one use case and one transaction."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.audit.log import VISITOR, Actor, new_entry, record
from app.audit.models import AuditEntry
from app.core.changes import change_at_once
from app.core.clock import now
from app.core.crypto import digest, keyring
from app.core.database import db, new_id
from app.core.inserting import Rows, insert_rows
from app.core.limits import counting, reached_in
from app.core.names import language_names, plain_form
from app.core.working_time import after_working_days
from app.inquiries import consents, lookup, mail, team_mail, waiting, workflow
from app.inquiries.answers import PLAIN, Answers, by_name
from app.inquiries.arrival import OF_A_FLOOD, Arrival, flood_limits, flood_values, floods
from app.inquiries.flags import RULES_VERSION, hints_in
from app.inquiries.models import Consent, Draft, Inquiry, InquiryEvent, InquiryLookup
from app.outbox.models import OutboxMail

REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O 1 I L U, which are misread or misheard."""
REFERENCE_TRIES = 5
"""A second try is needed once in 30^8 / (number of inquiries) times."""


@cache
def before_sending(keys: int) -> sa.Select[*tuple[int, ...]]:
    """Return what is counted first: what came lately, and staff who chose mails."""
    return counting({**floods(keys), "chose": team_mail.CHOSE.with_only_columns(User.id)})


class AlreadySentError(Exception):
    """The same form was sent before with other answers."""

    def __init__(self, reference: str, may_be_replaced: bool) -> None:
        """Take the reference of the inquiry it made then, and whether these answers may replace its own."""
        super().__init__("this form made an inquiry before")
        self.reference = reference
        self.may_be_replaced = may_be_replaced


def send_inquiry(
    form_key: str, answers: Answers, arrival: Arrival, actor: Actor = VISITOR, *, draft_key: str = ""
) -> str:
    """Keep an inquiry, its audit row and its mails, and return its reference; its draft is gone with that.

    ``draft_key`` is the key of the form that it was written in, where that is another one.

    The same form sent again with the same answers makes nothing new and returns the same reference;
    with other answers it raises AlreadySentError.
    """
    draft = digest(draft_key or form_key)
    limits = flood_limits(arrival)
    found = reached_in(
        before_sending(keyring().count),
        {**limits, "chose": 1},
        **flood_values(arrival, answers.email),
    )
    marked = replace(arrival, marks=(*arrival.marks, *(name for name in found if name in limits)))
    chose = team_mail.who_chose() if "chose" in found else ()
    for _attempt in range(REFERENCE_TRIES):
        try:
            reference = add_inquiry(form_key, answers, marked, actor, chose=chose, draft=draft)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            before = sent_before(form_key, answers)
            if before is None:  # then it was the reference that another inquiry has already
                continue
            remove_draft(draft)
            db.session.commit()
            return before
        return reference
    raise RuntimeError("no free reference was found")


def add_inquiry(
    form_key: str,
    answers: Answers,
    arrival: Arrival,
    actor: Actor = VISITOR,
    *,
    chose: Sequence[User] | None = None,
    draft: bytes | None = None,
) -> str:
    """Add an inquiry and all that belongs to it to the caller's transaction, and return its reference.

    ``chose`` are the staff who chose which mails they get, where they are known already. ``draft`` is the
    digest of the key of the form that it was written in: what was kept of that is gone.
    """
    inquiry = new_inquiry(form_key, answers, arrival)
    chose = team_mail.who_chose() if chose is None else chose
    gone = (Draft, "form_key_digest", draft) if draft else None
    insert_rows(rows_of(inquiry, answers, arrival, actor, chose), gone)
    return inquiry.reference


def new_inquiry(form_key: str, answers: Answers, arrival: Arrival) -> Inquiry:
    """Return an inquiry that is sent now."""
    moment = now()
    inquiry = Inquiry(
        id=new_id(),
        version=1,
        sent_at=moment,
        waiting_since=moment,
        answer_due_at=answer_due(moment),
        reference=new_reference(),
        form_key_digest=digest(form_key),
        page_language=arrival.page_language,
        treatment_version=arrival.treatment_version,
        channel=arrival.channel,
        marks=list(arrival.marks),
        suspicious=arrival.is_suspicious,
        address_index=next(iter(arrival.address_indexes), None),
    )
    write_answers(inquiry, answers)
    return inquiry


def rows_of(
    inquiry: Inquiry, answers: Answers, arrival: Arrival, actor: Actor, chose: Sequence[User]
) -> Rows:
    """Return an inquiry that is sent now, and all that belongs to it: what it is found by, its mails, …"""
    sent = {"inquiry_id": inquiry.id, "kind": "sent", "staff_id": actor.staff_id, "version": inquiry.version}
    mails = team_mail.mails_of_new(inquiry, answers, chose)
    if answers.email and not OF_A_FLOOD & set(arrival.marks):
        mails.append(mail.confirmation(inquiry, answers.email))
    return {
        Inquiry: [vars(inquiry)],
        Consent: consent_rows(inquiry.id, arrival.agreed, answers),
        InquiryLookup: lookup_rows(inquiry, answers),
        InquiryEvent: [sent],
        AuditEntry: [new_entry(actor, "inquiry.sent", "inquiry", inquiry.id, channel=arrival.channel)],
        OutboxMail: mails,
    }


def answer_due(sent_at: datetime) -> datetime:
    """Return when the first answer is overdue that the site promises."""
    return after_working_days(sent_at, current_app.config["ANSWER_WORKING_DAYS"])


def sent_before(form_key: str, answers: Answers) -> str | None:
    """Return the reference of the inquiry that this form made before, None if it made none.

    Raises AlreadySentError if its answers were others.
    """
    made = inquiry_of(form_key)
    if made is None:
        return None
    if not is_same(made.content_index, answers):
        raise AlreadySentError(made.reference, may_be_replaced(made, answers))
    return made.reference


def inquiry_of(form_key: str) -> Inquiry | None:
    """Return the inquiry that a form made, None if it made none."""
    return db.session.scalar(sa.select(Inquiry).where(Inquiry.form_key_digest == digest(form_key)))


def may_be_replaced(inquiry: Inquiry, answers: Answers) -> bool:
    """Return whether these answers may take the place of an inquiry's.

    It has to be open, of the same person (others may use the same browser), and as that person sent it:
    what staff have put in on the phone must not be lost.
    """
    is_same_person = plain_form(inquiry.answers["patient_name"]) == plain_form(answers.patient_name)
    by_staff = sa.exists().where(
        InquiryEvent.inquiry_id == inquiry.id,
        InquiryEvent.kind == "changed",
        InquiryEvent.staff_id.is_not(None),
    )
    return inquiry.status in workflow.OPEN and is_same_person and not db.session.scalar(sa.select(by_staff))


def second_key(form_key: str, answers: Answers) -> str:
    """Return the key of a second inquiry from one form.

    It follows from the form's key and the answers: pressing twice makes one.
    """
    made = hashlib.sha256(f"{form_key}\0{canonical(answers)}".encode()).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def replace_answers(form_key: str, answers: Answers, arrival: Arrival) -> str:
    """Put new answers into the inquiry that this form made before, and return its reference.

    The answers from before are kept with its timeline. Raises AlreadySentError if they may not take
    its place. A form that made none is sent.
    """
    inquiry = inquiry_of(form_key)
    if inquiry is None:
        return send_inquiry(form_key, answers, arrival)

    def change() -> None:
        remove_draft(digest(form_key))
        if is_same(inquiry.content_index, answers):
            return
        if not may_be_replaced(inquiry, answers):
            raise AlreadySentError(inquiry.reference, may_be_replaced=False)
        reached_at = inquiry.answers.get("email", "")
        put_answers(inquiry, answers, arrival.agreed, VISITOR)
        waiting.heard_from(inquiry, now())
        team_mail.tell_changed(inquiry)
        if answers.email and answers.email != reached_at:
            mail.confirm_change(inquiry, answers.email)

    change_at_once(inquiry, change)
    return inquiry.reference


def put_answers(inquiry: Inquiry, answers: Answers, agreed: Iterable[str], actor: Actor) -> None:
    """Add a change of an inquiry's answers to the session, and what they were to its timeline.

    ``agreed`` names the boxes that were ticked with the new answers; what was agreed to before is kept with
    the former ones.
    """
    # The statements below write the answers first, which counts as a change.
    version = inquiry.version + 1
    before = {**answers_of(inquiry), "consents": consents_before(inquiry)}
    write_answers(inquiry, answers)
    db.session.execute(sa.delete(InquiryLookup).where(InquiryLookup.inquiry_id == inquiry.id))
    insert_rows({InquiryLookup: lookup_rows(inquiry, answers)})
    for consent in consent_rows(inquiry.id, agreed, answers):
        db.session.merge(Consent(**consent))
    event = InquiryEvent(
        id=new_id(),
        inquiry_id=inquiry.id,
        kind="changed",
        staff_id=actor.staff_id,
        version=version,
    )
    event.text = before
    db.session.add(event)
    record(actor, "inquiry.changed", "inquiry", inquiry.id)


def consents_before(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Return what was agreed to with an inquiry's answers, as it is kept with them when they change."""
    rows = db.session.scalars(sa.select(Consent).where(Consent.inquiry_id == inquiry.id))
    return [
        {
            "kind": row.kind,
            "version": row.version,
            "text": row.text,
            "given_at": row.given_at.isoformat(),
            "given_by": row.given_by,
        }
        for row in rows
    ]


def write_answers(inquiry: Inquiry, answers: Answers) -> None:
    """Set every answer of an inquiry, and the hints that they give reason for."""
    given = by_name(answers)
    for name in PLAIN:
        setattr(inquiry, name, given[name] or None)
    inquiry.answers = {name: value for name, value in given.items() if name not in PLAIN and value}
    inquiry.content_index = keyring().blind_index("content", canonical(answers))
    inquiry.answer_language = language_to_answer_in(answers, inquiry.page_language)
    find_hints(inquiry, given)


def language_to_answer_in(answers: Answers, page_language: str) -> str:
    """Return the code of the language that was asked for; that of the page if none, or no known one, was."""
    return answers.language if answers.language in language_names("en") else page_language


def find_hints(inquiry: Inquiry, given: Mapping[str, Any]) -> None:
    """Set the hints of an inquiry with these answers, by the rules of today."""
    hints = hints_in(given, inquiry.sent_at.date())
    inquiry.hints = [(hint.kind, hint.version, hint.source) for hint in hints]
    inquiry.hints_version = RULES_VERSION


def answers_of(inquiry: Inquiry) -> dict[str, Any]:
    """Return every answer that was given, by its name."""
    plain = {name: value for name in PLAIN if (value := getattr(inquiry, name)) is not None}
    return {**plain, **inquiry.answers}


def is_same(content_index: bytes, answers: Answers) -> bool:
    """Return whether these are the answers that a content index was made of, under any of the keys."""
    indexes = keyring().blind_indexes("content", canonical(answers))
    return any(hmac.compare_digest(content_index, index) for index in indexes)


def new_reference() -> str:
    """Return a random reference, ``SCI-XXXX-XXXX``: 30^8 of them, so that none can be guessed."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"SCI-{letters[:4]}-{letters[4:]}"


def canonical(answers: Answers) -> str:
    """Return all answers as one text that is the same whenever they are."""
    given = {name: value for name, value in by_name(answers).items() if value}
    return json.dumps(given, sort_keys=True, ensure_ascii=False)


def consent_rows(inquiry_id: UUID, agreed: Iterable[str], answers: Answers) -> list[dict[str, Any]]:
    """Return a row for each box that was ticked, with who ticked it and on what ground."""
    return [
        {
            "inquiry_id": inquiry_id,
            "kind": kind,
            "version": consents.VERSIONS[kind],
            "text": str(consents.text(kind)),
            "given_at": now(),
            "given_by": answers.filling_in or None,
            "authority": answers.helper_authority or None,
        }
        for kind in agreed
    ]


def lookup_rows(inquiry: Inquiry, answers: Answers) -> list[dict[str, Any]]:
    """Return the blind indexes that an inquiry is found by: of the person, and of its hints."""
    hints = [("hint", kind) for kind, _version, _source in inquiry.hints]
    keys = keyring()
    return [
        {"kind": kind, "index": keys.blind_index(kind, value), "inquiry_id": inquiry.id}
        for kind, value in [*lookup.values_of(answers), *hints]
    ]


def remove_draft(key_digest: bytes) -> None:
    """Remove what was kept of a form while it was filled in, in the caller's transaction."""
    db.session.execute(sa.delete(Draft).where(Draft.form_key_digest == key_digest))
