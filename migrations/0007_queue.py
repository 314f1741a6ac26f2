"""Indexes that bound what a page of the queue costs, and none that another one makes needless."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FILTERS = (
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
)
NEEDLESS = (
    ("sent_at", "id"),
    ("status", "waiting_since", "id"),
    ("waiting_since", "id"),
    ("follow_up_on", "id"),
)
WAYS_IN = ("answer_language", "injury_level")
# An order of the queue with all that it is filtered by, of the inquiries that have a place in it.
ORDERS = {
    "ix_inquiries_waiting": ("waiting_since", "id", "sent_at", *FILTERS, "follow_up_on"),
    "ix_inquiries_follow_up": ("follow_up_on", "id", "sent_at", *FILTERS, "waiting_since"),
}


def upgrade() -> None:
    """Upgrade schema."""
    for columns in NEEDLESS:
        op.drop_index(op.f(f"ix_inquiries_{'_'.join(columns)}"), "inquiries")
    for column in WAYS_IN:
        op.create_index(op.f(f"ix_inquiries_{column}"), "inquiries", [column])
    for name, columns in ORDERS.items():
        has_place = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(
            op.f(name), "inquiries", list(columns), sqlite_where=has_place, postgresql_where=has_place
        )


def downgrade() -> None:
    """Take the schema back."""
    for name in ORDERS:
        op.drop_index(op.f(name), "inquiries")
    for column in WAYS_IN:
        op.drop_index(op.f(f"ix_inquiries_{column}"), "inquiries")
    for columns in NEEDLESS:
        op.create_index(op.f(f"ix_inquiries_{'_'.join(columns)}"), "inquiries", list(columns))
