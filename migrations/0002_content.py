"""Content that staff keep, with its versions and permissions, and stored files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_table(
        "content_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("region", sa.String(length=20), nullable=True),
        sa.Column("completeness", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "completeness IN ('complete', 'incomplete', 'unknown')",
            name=op.f("ck_content_items_completeness"),
        ),
        sa.CheckConstraint(
            "kind IN ('treatment', 'study', 'case', 'story', 'recent')", name=op.f("ck_content_items_kind")
        ),
        sa.CheckConstraint(
            "region IN ('cervical', 'thoracic', 'lumbar', 'sacral', 'unknown')",
            name=op.f("ck_content_items_region"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_items")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_content_items_kind_slug")),
    )
    with op.batch_alter_table("content_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_content_items_kind_position_id"), ["kind", "position", "id"], unique=False
        )

    op.create_table(
        "content_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("plain_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["staff.id"],
            name=op.f("fk_content_versions_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["content_items.id"],
            name=op.f("fk_content_versions_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_versions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_content_versions_item_id_number")),
    )
    op.create_table(
        "publication_permissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("terms_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('signed', 'message', 'recorded', 'clinic_page')",
            name=op.f("ck_publication_permissions_basis"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["files.id"], name=op.f("fk_publication_permissions_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["content_items.id"],
            name=op.f("fk_publication_permissions_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["staff.id"],
            name=op.f("fk_publication_permissions_recorded_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"],
            ["staff.id"],
            name=op.f("fk_publication_permissions_withdrawn_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_permissions")),
    )
    with op.batch_alter_table("publication_permissions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_publication_permissions_item_id_recorded_at"),
            ["item_id", "recorded_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_publication_permissions_in_force",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    state = op.create_table(
        "content_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_state")),
    )
    # Every change of content counts this one row up.
    op.bulk_insert(state, [{"id": 1, "revision": 1}])
    op.create_table(
        "starter_loads",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_starter_loads")),
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table("starter_loads")
    op.drop_table("content_state")
    op.drop_table("publication_permissions")
    op.drop_table("content_versions")
    op.drop_table("content_items")
    op.drop_table("files")
