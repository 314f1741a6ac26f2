"""What is done with content. Each function is one use case and one transaction."""

import secrets

import sqlalchemy as sa

from app.audit.log import Actor, record
from app.content import queries
from app.content.checks import hindrances
from app.content.models import ContentItem, ContentState, ContentVersion
from app.content.queries import Entry
from app.content.shapes import Body, Case
from app.content.vocabulary import OF_A_PERSON
from app.core.changes import change_at_once, change_of
from app.core.clock import now
from app.core.database import db, new_id

SLUG_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
SLUG_LENGTH = 8
"""Random, so that no address tells a name or an illness: 30^8 of them."""
FIRST_POSITION = 1


class CannotPublishError(Exception):
    """Something stands in the way of publishing; ``hindrances`` says what, in words for editors."""

    def __init__(self, found: list[str]) -> None:
        """Take the words of each thing that has to be done first."""
        super().__init__("cannot be published yet")
        self.hindrances = found


class NoSuchVersionError(Exception):
    """The item has no version of this number."""


def read_item(item: ContentItem, actor: Actor) -> None:
    """Record that staff read what tells of a person; call it before showing it."""
    if item.kind in OF_A_PERSON:
        record(actor, "content.read", "content", item.id)
        db.session.commit()


def create_item(kind: str, language: str, body: Body, note: str, actor: Actor) -> ContentItem:
    """Make an item with its first version, last of its kind, seen by nobody yet; return it."""
    item = add_item(kind, new_slug(), language)
    add_version(item, body, note, actor)
    db.session.commit()
    return item


def add_item(kind: str, slug: str, language: str) -> ContentItem:
    """Add an item to the session, the last of its kind; it still needs its first version."""
    last = db.session.scalar(sa.select(sa.func.max(ContentItem.position)).where(ContentItem.kind == kind))
    item = ContentItem(
        id=new_id(),
        kind=kind,
        slug=slug,
        language=language,
        position=FIRST_POSITION if last is None else last + 1,
        newest=0,
    )
    db.session.add(item)
    # Versions name the item by its key; without this, their inserts could come first.
    db.session.flush()
    return item


def save_version(
    item: ContentItem, body: Body, note: str, seen_version: int, actor: Actor, *, publish: bool = False
) -> None:
    """Keep a change as the item's newest version, and show it to visitors at once if ``publish``.

    Raises ChangedMeanwhileError if the item is not at ``seen_version`` any more, CannotPublishError if
    something stands in the way; then nothing is kept.
    """
    with change_of(item, seen_version):
        if publish:
            check_publishable(item, body)
        version = add_version(item, body, note, actor)
        if publish:
            show(item, version, body, actor)


def publish(item: ContentItem, number: int, seen_version: int, actor: Actor) -> None:
    """Show a version to visitors.

    Raises ChangedMeanwhileError, CannotPublishError, or NoSuchVersionError.
    """
    with change_of(item, seen_version):
        entry = version_or_refuse(item, number)
        check_publishable(item, entry.body)
        show(item, entry.version, entry.body, actor)


def unpublish(item: ContentItem, actor: Actor) -> None:
    """Take an item from the site, whoever else is changing it."""
    change_at_once(item, lambda: hide(item, actor))


def bring_back(item: ContentItem, number: int, note: str, seen_version: int, actor: Actor) -> None:
    """Make an older version the newest again, as a version of its own; visitors see it once published.

    Raises ChangedMeanwhileError or NoSuchVersionError.
    """
    with change_of(item, seen_version):
        add_version(item, version_or_refuse(item, number).body, note, actor)


def move(item: ContentItem, up: bool, actor: Actor) -> None:
    """Change places with the neighbour before (``up``) or behind; at the end of the list nothing happens.

    Only places change: nobody who is editing one of the two is told that something changed.
    """
    order = sa.select(ContentItem.id).where(ContentItem.kind == item.kind)
    ids = list(db.session.scalars(order.order_by(ContentItem.position, ContentItem.id)))
    here = ids.index(item.id)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(ids):
        return
    ids[here], ids[there] = ids[there], ids[here]
    # All are numbered anew: two that were added at once may have had the same place.
    for position, item_id in enumerate(ids, FIRST_POSITION):
        places = sa.update(ContentItem).where(ContentItem.id == item_id, ContentItem.position != position)
        db.session.execute(places.values(position=position))
    bump_revision()
    record(actor, "content.moved", "content", item.id, up=up)
    db.session.commit()


def version_or_refuse(item: ContentItem, number: int) -> Entry:
    """Return an item in one of its versions, or raise NoSuchVersionError."""
    entry = queries.entry_in_version(item, number)
    if entry is None:
        raise NoSuchVersionError
    return entry


def add_version(item: ContentItem, body: Body, note: str, actor: Actor) -> ContentVersion:
    """Add a body to the session as an item's newest version."""
    item.newest += 1
    version = ContentVersion(id=new_id(), item_id=item.id, number=item.newest, author_id=actor.staff_id)
    version.note = note
    version.write(body)
    db.session.add(version)
    record(actor, "content.saved", "content", item.id, number=version.number)
    return version


def check_publishable(item: ContentItem, body: Body) -> None:
    """Raise CannotPublishError if something stands in the way of showing this body to visitors."""
    found = hindrances(item.kind, body, queries.permission_in_force(item), queries.today())
    if found:
        raise CannotPublishError(found)


def show(item: ContentItem, version: ContentVersion, body: Body, actor: Actor) -> None:
    """Let visitors see this version, once the transaction is kept."""
    moment = now()
    item.published, item.published_at = version.number, moment
    item.first_published_at = item.first_published_at or moment
    version.published_at = version.published_at or moment
    if isinstance(body, Case):
        item.region, item.completeness = body.injury_region or None, body.completeness or None
    bump_revision()
    record(actor, "content.published", "content", item.id, number=version.number)


def hide(item: ContentItem, actor: Actor) -> None:
    """Let visitors see nothing of this item, once the transaction is kept."""
    if item.published is None:
        return
    record(actor, "content.unpublished", "content", item.id, number=item.published)
    item.published = item.published_at = None
    bump_revision()


def bump_revision() -> None:
    """Let every process render its pages anew, once the transaction is kept."""
    db.session.execute(sa.update(ContentState).values(revision=ContentState.revision + 1))


def new_slug() -> str:
    """Return a random address."""
    return "".join(secrets.choice(SLUG_LETTERS) for _ in range(SLUG_LENGTH))
