"""How an inquiry came and what marks it, who agreed, and drafts of inquiries."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

EVENTS_BEFORE = "kind IN ('sent', 'moved', 'noted')"
EVENTS = "kind IN ('sent', 'moved', 'noted', 'changed')"


def enforce_foreign_keys(enforced: bool) -> None:
    """Switch SQLite's foreign keys off while tables are made anew, and on again.

    To change a table, it is copied and dropped; with foreign keys on, dropping it would delete every row
    that names one of it (https://www.sqlite.org/lang_altertable.html#otheralter). The switch does nothing
    within a transaction.
    """
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        raw = bind.connection.dbapi_connection
        raw.commit()
        raw.execute(f"PRAGMA foreign_keys = {'ON' if enforced else 'OFF'}")
        if enforced and raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError("a row names another one that is not there")


def upgrade() -> None:
    """Upgrade schema."""
    enforce_foreign_keys(False)
    with op.batch_alter_table("inquiries") as table:
        # The defaults stay for processes of the release before, while they are still running.
        table.add_column(sa.Column("channel", sa.String(length=10), nullable=False, server_default="form"))
        table.add_column(sa.Column("marks", sa.JSON(), nullable=True))
        table.add_column(sa.Column("suspicious", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("address_index", sa.LargeBinary(length=16), nullable=True))
        table.alter_column("filling_in", existing_type=sa.String(length=20), nullable=True)
        table.alter_column("injury_region", existing_type=sa.String(length=20), nullable=True)
        table.create_check_constraint(
            op.f("ck_inquiries_channel"), "channel IN ('form', 'steps', 'call', 'phone')"
        )
        table.create_index(op.f("ix_inquiries_suspicious_sent_at"), ["suspicious", "sent_at"])
        table.create_index(op.f("ix_inquiries_address_index_sent_at"), ["address_index", "sent_at"])
    with op.batch_alter_table("consents") as table:
        table.add_column(sa.Column("given_by", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("authority", sa.String(length=20), nullable=True))
        table.create_check_constraint(
            op.f("ck_consents_given_by"), "given_by IN ('self', 'relative', 'professional')"
        )
        table.create_check_constraint(
            op.f("ck_consents_authority"), "authority IN ('asked', 'parent', 'representative', 'other')"
        )

    with op.batch_alter_table("inquiry_events") as table:
        table.drop_constraint(op.f("ck_inquiry_events_kind"), type_="check")
        table.create_check_constraint(op.f("ck_inquiry_events_kind"), EVENTS)

    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_key_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=10), nullable=False),
        sa.Column("page_language", sa.String(length=20), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("form_key_digest", name=op.f("uq_drafts_form_key_digest")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_drafts_code_digest")),
    )
    op.create_index(op.f("ix_drafts_ends_at"), "drafts", ["ends_at"])
    op.create_index(op.f("ix_drafts_remind_at"), "drafts", ["remind_at"])

    op.add_column("outbox_mails", sa.Column("recipient_index", sa.LargeBinary(length=16), nullable=True))
    op.create_index(op.f("ix_outbox_mails_message_queued_at"), "outbox_mails", ["message", "queued_at"])
    op.create_index(
        op.f("ix_outbox_mails_recipient_index_queued_at"), "outbox_mails", ["recipient_index", "queued_at"]
    )
    enforce_foreign_keys(True)


def downgrade() -> None:
    """Take the schema back. Drafts are deleted; a request to be called becomes "unknown" answers."""
    enforce_foreign_keys(False)
    op.drop_index(op.f("ix_outbox_mails_recipient_index_queued_at"), "outbox_mails")
    op.drop_index(op.f("ix_outbox_mails_message_queued_at"), "outbox_mails")
    op.drop_column("outbox_mails", "recipient_index")
    op.drop_table("drafts")

    op.execute("DELETE FROM inquiry_events WHERE kind = 'changed'")
    with op.batch_alter_table("inquiry_events") as table:
        table.drop_constraint(op.f("ck_inquiry_events_kind"), type_="check")
        table.create_check_constraint(op.f("ck_inquiry_events_kind"), EVENTS_BEFORE)

    with op.batch_alter_table("consents") as table:
        table.drop_constraint(op.f("ck_consents_authority"), type_="check")
        table.drop_constraint(op.f("ck_consents_given_by"), type_="check")
        table.drop_column("authority")
        table.drop_column("given_by")

    op.execute("UPDATE inquiries SET filling_in = 'self' WHERE filling_in IS NULL")
    op.execute("UPDATE inquiries SET injury_region = 'unknown' WHERE injury_region IS NULL")
    with op.batch_alter_table("inquiries") as table:
        table.drop_index(op.f("ix_inquiries_address_index_sent_at"))
        table.drop_index(op.f("ix_inquiries_suspicious_sent_at"))
        table.drop_constraint(op.f("ck_inquiries_channel"), type_="check")
        table.alter_column("injury_region", existing_type=sa.String(length=20), nullable=False)
        table.alter_column("filling_in", existing_type=sa.String(length=20), nullable=False)
        table.drop_column("address_index")
        table.drop_column("suspicious")
        table.drop_column("marks")
        table.drop_column("channel")
    enforce_foreign_keys(True)
