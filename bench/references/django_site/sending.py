"""Keeping an inquiry: the same kinds of rows as the portal's, in one transaction, through Django's ORM."""

import hashlib
import hmac
import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.utils import timezone

from app.inquiries import consents, lookup
from app.inquiries.answers import PLAIN, Answers
from bench.references.django_site.models import (
    AuditEntry,
    Consent,
    Inquiry,
    InquiryEvent,
    InquiryLookup,
    OutboxMail,
)

KEY = secrets.token_bytes(32)
SEALING = AESGCM(KEY)
COORDINATOR = "coordinator@clinic.example"
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def send(given: dict[str, Any]) -> str:
    """Keep an inquiry and all that belongs to it, and return its reference."""
    with transaction.atomic():
        return add_inquiry(given)


def add_inquiry(given: dict[str, Any]) -> str:
    """Add the rows in the caller's transaction."""
    moment = timezone.now()
    answered: dict[str, Any] = {name: given[name] for name in Answers.__slots__ if name in given}
    answers = Answers(**{**answered, "hopes": tuple(given["hopes"])})
    kept = {name: getattr(answers, name) for name in Answers.__slots__}
    inquiry = Inquiry.objects.create(
        reference=f"SCI-{letters(4)}-{letters(4)}",
        form_key_digest=hashlib.sha256(given["form_key"].encode()).digest(),
        content_index=blind("content", json.dumps(kept, sort_keys=True)),
        sent_at=moment,
        waiting_since=moment,
        answer_due_at=moment + timedelta(days=3),
        page_language="en",
        treatment_version=given["treatment_version"] or "none",
        marks=[],
        answer_language="en",
        answers_sealed=seal({name: value for name, value in kept.items() if name not in PLAIN and value}),
        **{name: kept[name] or None for name in PLAIN},
    )
    Consent.objects.bulk_create(
        Consent(
            inquiry=inquiry,
            kind=kind,
            version=version,
            text=str(consents.text(kind)),
            given_at=moment,
            given_by=answers.filling_in,
        )
        for kind, version in consents.VERSIONS.items()
    )
    InquiryLookup.objects.bulk_create(
        InquiryLookup(kind=kind, index=blind(kind, value), inquiry=inquiry)
        for kind, value in lookup.values_of(answers)
    )
    InquiryEvent.objects.create(inquiry=inquiry, at=moment, kind="sent", version=1)
    AuditEntry.objects.create(
        at=moment,
        actor="visitor",
        action="inquiry.sent",
        object_type="inquiry",
        object_id=inquiry.id,
        details={"channel": "form"},
        seal=blind("audit", str(inquiry.id)),
    )
    mails = [("new_inquiry", COORDINATOR)]
    mails += [("inquiry_received", answers.email)] if answers.email else []
    OutboxMail.objects.bulk_create(
        mail_row(message, recipient, inquiry.id, moment) for message, recipient in mails
    )
    return str(inquiry.reference)


def mail_row(message: str, recipient: str, about_id: UUID, moment: Any) -> OutboxMail:
    """Return a mail that waits."""
    identity = uuid4()
    return OutboxMail(
        id=identity,
        message=message,
        language="en",
        message_id=f"<{identity}@portal.example>",
        recipient_sealed=seal(recipient),
        recipient_index=blind("recipient", recipient),
        params_sealed=seal({"about": str(about_id)}),
        about_id=about_id,
        queued_at=moment,
        due_at=moment,
    )


def seal(value: Any) -> bytes:
    """Return a value encrypted."""
    nonce = secrets.token_bytes(12)
    return nonce + SEALING.encrypt(nonce, json.dumps(value).encode(), None)


def blind(kind: str, value: str) -> bytes:
    """Return the blind index of a value."""
    return hmac.new(KEY, f"{kind}\0{value}".encode(), "sha256").digest()[:16]


def letters(count: int) -> str:
    """Return random letters that are not misread."""
    return "".join(secrets.choice(LETTERS) for _ in range(count))
