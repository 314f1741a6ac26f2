"""Erasing what tells of a person: every version, every permission and every file of it, for good."""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

from app.audit.log import Actor, record
from app.content.models import ContentItem, ContentVersion, PublicationPermission
from app.content.services import bump_revision
from app.content.shapes import named_files
from app.core.changes import change_of
from app.core.database import db
from app.files.blobs import forget
from app.files.models import StoredFile


def erase_item(item: ContentItem, seen_version: int, actor: Actor) -> None:
    """Take an item off the site and out of the database, with its history, permissions and files.

    What is left is the audit record, which holds no personal value; backups keep it until they end.
    Raises ChangedMeanwhileError if the item changed meanwhile.
    """
    with change_of(item, seen_version):
        files = list(db.session.scalars(sa.select(StoredFile).where(StoredFile.id.in_(set(files_of(item))))))
        for model in (PublicationPermission, ContentVersion):
            db.session.execute(sa.delete(model).where(model.item_id == item.id))
        for file in files:
            db.session.delete(file)
        record(actor, "content.erased", "content", item.id, kind=item.kind)
        db.session.delete(item)
        bump_revision()
    # Only now: had the transaction failed, the rows would still name them.
    for file in files:
        forget(file)


def files_of(item: ContentItem) -> Iterator[UUID]:
    """Yield the id of every stored file that a version or a permission of an item names."""
    versions = sa.select(ContentVersion).where(ContentVersion.item_id == item.id)
    for version in db.session.scalars(versions.execution_options(yield_per=20)):
        yield from (UUID(stored) for stored in named_files(version.body(item.kind)).values())
    documents = sa.select(PublicationPermission.document_id).where(PublicationPermission.item_id == item.id)
    yield from (document for document in db.session.scalars(documents) if document)
