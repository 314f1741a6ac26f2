"""What the desk works with: owners, waiting, hints, looks, reply templates, and each one's choices."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EVENTS_BEFORE = "kind IN ('sent', 'moved', 'noted', 'changed')"
EVENTS = "kind IN ('sent', 'moved', 'noted', 'changed', 'assigned', 'follow_up', 'contacted', 'answered')"
LOOKUPS_BEFORE = "kind IN ('email', 'phone', 'name_word')"
LOOKUPS = "kind IN ('email', 'phone', 'name_word', 'name_start', 'hint')"
REASONS = (
    "reason IN ('not_suitable', 'outside_criteria', 'person_decided', 'not_reached', 'treated',"
    " 'answered', 'duplicate', 'not_genuine', 'other')"
)
CHANNELS = "channel IN ('phone', 'whatsapp', 'email')"
OUTCOMES = "outcome IN ('reached', 'left_message', 'no_answer', 'wrong_number', 'they_reached_us')"
STATUSES = (
    "status IN ('new', 'in_contact', 'waiting_for_patient', 'medical_review', 'offered', 'declined',"
    " 'closed', 'withdrawn')"
)
QUEUE_INDEXES = (
    ("status", "sent_at", "id"),
    ("status", "waiting_since", "id"),
    ("owner_id", "status", "sent_at", "id"),
    ("country", "sent_at", "id"),
    ("suspicious", "status", "sent_at", "id"),
    ("waiting_since", "id"),
    ("follow_up_on", "id"),
    ("first_answered_at", "status", "answer_due_at"),
    ("hints_version",),
)
# What the queue is filtered by, in one place: a filter that no other index has reads this and no row.
FILTERS_INDEX = (
    "sent_at",
    "id",
    "status",
    "owner_id",
    "country",
    "answer_language",
    "injury_region",
    "injury_level",
    "completeness",
    "injury_year",
    "injury_month",
    "suspicious",
    "first_answered_at",
    "answer_due_at",
    "waiting_since",
    "follow_up_on",
)
INQUIRY_COLUMNS = (
    "answer_language",
    "owner_id",
    "follow_up_on",
    "reason",
    "waiting_since",
    "answer_due_at",
    "first_answered_at",
    "overdue_told_on",
    "is_demo",
    "hints_version",
    "hints_sealed",
)
EVENT_COLUMNS = ("version", "to_staff_id", "mentioned", "reason", "day", "channel", "outcome", "mail_id")


def enforce_foreign_keys(enforced: bool) -> None:
    """Switch SQLite's foreign keys off while tables are made anew, and on again; 0003 tells why."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        raw = bind.connection.dbapi_connection
        raw.commit()
        raw.execute(f"PRAGMA foreign_keys = {'ON' if enforced else 'OFF'}")
        if enforced and raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError("a row names another one that is not there")


def upgrade() -> None:
    """Upgrade schema. What an upgrade cannot know of a row, such as its hints, the worker adds."""
    enforce_foreign_keys(False)
    with op.batch_alter_table("inquiries") as table:
        table.add_column(sa.Column("answer_language", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("owner_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("follow_up_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("reason", sa.String(length=30), nullable=True))
        table.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("overdue_told_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("is_demo", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("hints_version", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("hints_sealed", sa.LargeBinary(), nullable=True))
        table.create_check_constraint(op.f("ck_inquiries_reason"), REASONS)
        table.create_foreign_key(
            op.f("fk_inquiries_owner_id"), "staff", ["owner_id"], ["id"], ondelete="SET NULL"
        )
        for columns in QUEUE_INDEXES:
            table.create_index(op.f(f"ix_inquiries_{'_'.join(columns)}"), list(columns))
        table.create_index(op.f("ix_inquiries_filters"), list(FILTERS_INDEX))
    with op.batch_alter_table("inquiry_events") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=True))
        table.add_column(sa.Column("to_staff_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("mentioned", sa.JSON(), nullable=True))
        table.add_column(sa.Column("reason", sa.String(length=30), nullable=True))
        table.add_column(sa.Column("day", sa.Date(), nullable=True))
        table.add_column(sa.Column("channel", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("outcome", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("mail_id", sa.Uuid(), nullable=True))
        table.drop_constraint(op.f("ck_inquiry_events_kind"), type_="check")
        table.create_check_constraint(op.f("ck_inquiry_events_kind"), EVENTS)
        table.create_check_constraint(op.f("ck_inquiry_events_reason"), REASONS)
        table.create_check_constraint(op.f("ck_inquiry_events_channel"), CHANNELS)
        table.create_check_constraint(op.f("ck_inquiry_events_outcome"), OUTCOMES)
        table.create_foreign_key(
            op.f("fk_inquiry_events_to_staff_id"), "staff", ["to_staff_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("inquiry_lookups") as table:
        table.drop_constraint(op.f("ck_inquiry_lookups_kind"), type_="check")
        table.create_check_constraint(op.f("ck_inquiry_lookups_kind"), LOOKUPS)
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("mail_choices", sa.JSON(), nullable=True))
        table.add_column(sa.Column("uses_shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("is_demo", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.create_table(
        "inquiry_looks",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_inquiry_looks_staff_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_looks_inquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "inquiry_id", name=op.f("pk_inquiry_looks")),
    )
    op.create_index(op.f("ix_inquiry_looks_inquiry_id"), "inquiry_looks", ["inquiry_id"])
    op.create_table(
        "digest_marks",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_digest_marks_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "day", name=op.f("pk_digest_marks")),
    )
    op.create_table(
        "reply_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(STATUSES, name=op.f("ck_reply_templates_status")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["staff.id"], name=op.f("fk_reply_templates_changed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_templates")),
        sa.UniqueConstraint("handle", name=op.f("uq_reply_templates_handle")),
    )
    op.create_index(op.f("ix_reply_templates_language_status"), "reply_templates", ["language", "status"])

    # Whoever sent one that is open waits since then; where an answer was given already, nobody knows.
    op.execute("UPDATE inquiries SET waiting_since = sent_at WHERE status = 'new'")
    enforce_foreign_keys(True)


def downgrade() -> None:
    """Take the schema back. What only these columns hold is deleted."""
    enforce_foreign_keys(False)
    op.drop_table("reply_templates")
    op.drop_table("digest_marks")
    op.drop_table("inquiry_looks")
    with op.batch_alter_table("staff") as table:
        table.drop_column("is_demo")
        table.drop_column("uses_shortcuts")
        table.drop_column("mail_choices")
    op.execute("DELETE FROM inquiry_lookups WHERE kind IN ('name_start', 'hint')")
    with op.batch_alter_table("inquiry_lookups") as table:
        table.drop_constraint(op.f("ck_inquiry_lookups_kind"), type_="check")
        table.create_check_constraint(op.f("ck_inquiry_lookups_kind"), LOOKUPS_BEFORE)
    op.execute("DELETE FROM inquiry_events WHERE kind IN ('assigned', 'follow_up', 'contacted', 'answered')")
    with op.batch_alter_table("inquiry_events") as table:
        table.drop_constraint(op.f("fk_inquiry_events_to_staff_id"), type_="foreignkey")
        for name in ("outcome", "channel", "reason", "kind"):
            table.drop_constraint(op.f(f"ck_inquiry_events_{name}"), type_="check")
        table.create_check_constraint(op.f("ck_inquiry_events_kind"), EVENTS_BEFORE)
        for name in EVENT_COLUMNS:
            table.drop_column(name)
    with op.batch_alter_table("inquiries") as table:
        table.drop_index(op.f("ix_inquiries_filters"))
        for columns in QUEUE_INDEXES:
            table.drop_index(op.f(f"ix_inquiries_{'_'.join(columns)}"))
        table.drop_constraint(op.f("fk_inquiries_owner_id"), type_="foreignkey")
        table.drop_constraint(op.f("ck_inquiries_reason"), type_="check")
        for name in INQUIRY_COLUMNS:
            table.drop_column(name)
    enforce_foreign_keys(True)
