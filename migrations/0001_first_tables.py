"""First tables: inquiries and what belongs to them, staff, audit, outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("default",)
depends_on = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("actor IN ('visitor', 'staff', 'system')", name=op.f("ck_audit_entries_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entries_object_type_object_id_at"),
            ["object_type", "object_id", "at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_audit_entries_staff_id_at"), ["staff_id", "at"], unique=False)

    op.create_table(
        "inquiries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=13), nullable=False),
        sa.Column("form_key_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page_language", sa.String(length=20), nullable=False),
        sa.Column("treatment_version", sa.String(length=40), nullable=False),
        sa.Column("filling_in", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("injury_region", sa.String(length=20), nullable=False),
        sa.Column("injury_level", sa.String(length=4), nullable=True),
        sa.Column("completeness", sa.String(length=20), nullable=True),
        sa.Column("injury_year", sa.Integer(), nullable=True),
        sa.Column("injury_month", sa.Integer(), nullable=True),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "completeness IN ('complete', 'incomplete', 'unknown')", name=op.f("ck_inquiries_completeness")
        ),
        sa.CheckConstraint(
            "filling_in IN ('self', 'relative', 'professional')", name=op.f("ck_inquiries_filling_in")
        ),
        sa.CheckConstraint(
            "injury_level IN ('C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5', 'S1', 'S2', 'S3', 'S4-5')",
            name=op.f("ck_inquiries_injury_level"),
        ),
        sa.CheckConstraint(
            "injury_region IN ('cervical', 'thoracic', 'lumbar', 'sacral', 'unknown')",
            name=op.f("ck_inquiries_injury_region"),
        ),
        sa.CheckConstraint(
            "status IN ('new', 'in_contact', 'waiting_for_patient', 'medical_review', 'offered', 'declined', 'closed', 'withdrawn')",
            name=op.f("ck_inquiries_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
        sa.UniqueConstraint("form_key_digest", name=op.f("uq_inquiries_form_key_digest")),
        sa.UniqueConstraint("reference", name=op.f("uq_inquiries_reference")),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiries_sent_at_id"), ["sent_at", "id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("roles", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitations_token_digest")),
    )
    op.create_table(
        "outbox_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("recipient_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("params_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("tried_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed')", name=op.f("ck_outbox_mails_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mails_message_id")),
    )
    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_mails_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_mails_state_due_at"), ["state", "due_at"], unique=False)

    op.create_table(
        "outbox_workers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_workers")),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True),
        sa.Column("create_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_staff_fs_uniquifier")),
    )
    op.create_table(
        "consents",
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('consent_processing', 'understands_limits')", name=op.f("ck_consents_kind")
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_consents_inquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("inquiry_id", "kind", name=op.f("pk_consents")),
    )
    op.create_table(
        "inquiry_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('sent', 'moved', 'noted')", name=op.f("ck_inquiry_events_kind")),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_events_inquiry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_inquiry_events_staff_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_events")),
    )
    with op.batch_alter_table("inquiry_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inquiry_events_inquiry_id_at"), ["inquiry_id", "at"], unique=False
        )

    op.create_table(
        "inquiry_lookups",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('email', 'phone', 'name_word')", name=op.f("ck_inquiry_lookups_kind")),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_lookups_inquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "index", "inquiry_id", name=op.f("pk_inquiry_lookups")),
    )
    with op.batch_alter_table("inquiry_lookups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiry_lookups_inquiry_id"), ["inquiry_id"], unique=False)

    op.create_table(
        "staff_roles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name=op.f("fk_staff_roles_role_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["staff.id"], name=op.f("fk_staff_roles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_staff_roles")),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("staff_roles")
    with op.batch_alter_table("inquiry_lookups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiry_lookups_inquiry_id"))

    op.drop_table("inquiry_lookups")
    with op.batch_alter_table("inquiry_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiry_events_inquiry_id_at"))

    op.drop_table("inquiry_events")
    op.drop_table("consents")
    op.drop_table("staff")
    op.drop_table("roles")
    op.drop_table("outbox_workers")
    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_mails_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_mails_about_id"))

    op.drop_table("outbox_mails")
    op.drop_table("invitations")
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiries_sent_at_id"))

    op.drop_table("inquiries")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_staff_id_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_object_type_object_id_at"))

    op.drop_table("audit_entries")
