"""The rows that one inquiry makes, as the portal has them."""

from uuid import uuid4

from django.db import models


class Inquiry(models.Model):
    """What one person asked."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    reference = models.CharField(max_length=13, unique=True)
    form_key_digest = models.BinaryField(max_length=32, unique=True)
    content_index = models.BinaryField(max_length=16)
    version = models.IntegerField(default=1)
    status = models.CharField(max_length=20, default="new")
    sent_at = models.DateTimeField()
    page_language = models.CharField(max_length=20)
    treatment_version = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, default="form")
    marks = models.JSONField(null=True)
    suspicious = models.BooleanField(default=False)
    address_index = models.BinaryField(max_length=16, null=True)
    filling_in = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    injury_region = models.CharField(max_length=20)
    injury_level = models.CharField(max_length=4, null=True)
    completeness = models.CharField(max_length=20, null=True)
    injury_year = models.IntegerField(null=True)
    injury_month = models.IntegerField(null=True)
    answer_language = models.CharField(max_length=20, null=True)
    waiting_since = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    answers_sealed = models.BinaryField()

    class Meta:
        """The indexes that the portal had before it was made fast."""

        indexes = (
            models.Index(fields=["sent_at", "id"]),
            models.Index(fields=["status", "sent_at", "id"]),
            models.Index(fields=["status", "waiting_since", "id"]),
            models.Index(fields=["country", "sent_at", "id"]),
            models.Index(fields=["suspicious", "status", "sent_at", "id"]),
            models.Index(fields=["suspicious", "sent_at"]),
            models.Index(fields=["address_index", "sent_at"]),
        )


class Consent(models.Model):
    """A box that the person ticked, with its words."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    text = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=20)


class InquiryLookup(models.Model):
    """A blind index that the inquiry is found by."""

    kind = models.CharField(max_length=20)
    index = models.BinaryField(max_length=16)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE)

    class Meta:
        """How it is looked up."""

        indexes = (models.Index(fields=["kind", "index", "inquiry"]),)


class InquiryEvent(models.Model):
    """A line of the timeline."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    version = models.IntegerField()


class AuditEntry(models.Model):
    """An act that is written down."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    at = models.DateTimeField()
    actor = models.CharField(max_length=10)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    details = models.JSONField()
    seal = models.BinaryField(max_length=36)

    class Meta:
        """How it is read."""

        indexes = (
            models.Index(fields=["object_type", "object_id", "at"]),
            models.Index(fields=["action", "id"]),
        )


class OutboxMail(models.Model):
    """A mail that waits."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    message = models.CharField(max_length=60)
    language = models.CharField(max_length=20)
    message_id = models.CharField(max_length=255, unique=True)
    recipient_sealed = models.BinaryField()
    recipient_index = models.BinaryField(max_length=16)
    params_sealed = models.BinaryField()
    about_id = models.UUIDField(db_index=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="queued")

    class Meta:
        """How the worker and the limits find it."""

        indexes = (
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["message", "queued_at"]),
            models.Index(fields=["recipient_index", "queued_at"]),
        )
