"""Seals and the chain of the audit record, and triggers that let nobody alter it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = {"audit_entries": ("id", "rowid"), "audit_links": ("position", "entry_id")}
"""The tables, and by which columns SQLite tells that a row takes the place of another."""
REFUSAL = "the audit record is never altered"


def upgrade() -> None:
    """Upgrade schema."""
    # No default: processes of the release before go on writing rows without a seal while they still run.
    op.add_column("audit_entries", sa.Column("seal", sa.LargeBinary(length=36), nullable=True))
    op.create_index(op.f("ix_audit_entries_action_id"), "audit_entries", ["action", "id"])
    op.create_table(
        "audit_links",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=36), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_links")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_links_entry_id")),
    )
    if op.get_bind().dialect.name == "sqlite":
        refuse_on_sqlite()
    else:
        refuse_on_postgresql()


def refuse_on_sqlite() -> None:
    """Make the triggers. ``INSERT OR REPLACE`` deletes a row without telling a trigger of deletions."""
    for table, keys in TABLES.items():
        taken = (f"NEW.{key} IN (SELECT {key} FROM {table})" for key in keys)  # noqa: S608 -- names of our own
        replaced = f"WHEN {' OR '.join(taken)}"
        for act, name, condition in (
            ("UPDATE", "update", ""),
            ("DELETE", "delete", ""),
            ("INSERT", "replace", replaced),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table} {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def refuse_on_postgresql() -> None:
    """Make the function and the triggers."""
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )


def downgrade() -> None:
    """Take the schema back. The chain is deleted; an upgrade makes a new one of all entries."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for name in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{name}")
    else:
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
        op.execute("DROP FUNCTION refuse_audit_change()")
    op.drop_table("audit_links")
    op.drop_index(op.f("ix_audit_entries_action_id"), "audit_entries")
    op.drop_column("audit_entries", "seal")
