"""Versions: every change is a new one, nothing is overwritten, visitors see the published one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from app.content import permissions, queries, services
from app.content.erasing import erase_item
from app.content.models import ContentItem, ContentVersion
from app.content.shapes import Treatment
from app.core.changes import ChangedMeanwhileError
from app.core.database import db
from tests.content.making import EXAMPLE_CASE, make_case, seen
from tests.support import stored
from tests.support.publishing import EDITOR, given, newest_body


def treatment() -> ContentItem:
    item = queries.item_by_slug("treatment", "en")
    assert item is not None
    return item


def treatment_body() -> Treatment:
    body = newest_body(treatment())
    assert isinstance(body, Treatment)
    return body


def test_a_change_is_a_new_version_that_visitors_see_once_it_is_published(app: Flask) -> None:
    with app.app_context():
        item, body = treatment(), replace(treatment_body(), title="Example title")
        services.save_version(item, body, "Example note", item.version, EDITOR)

        shown = queries.published_entry("treatment", "en")
        assert shown is not None
        assert shown.body.title != "Example title"
        assert (item.newest, item.published) == (2, 1)

        services.publish(item, 2, item.version, EDITOR)
        shown = queries.published_entry("treatment", "en")
        assert shown is not None
        assert shown.body.title == "Example title"
        assert shown.version.note == "Example note"


def test_saving_and_publishing_at_once_is_one_step(app: Flask) -> None:
    with app.app_context():
        item = treatment()
        body = replace(treatment_body(), title="Example title")
        before = queries.revision()
        services.save_version(item, body, "", item.version, EDITOR, publish=True)

        assert (item.newest, item.published) == (2, 2)
        assert queries.revision() > before
    assert stored.acts(app)[-2:] == ["content.saved", "content.published"]


def test_who_saw_an_older_version_changes_nothing(app: Flask) -> None:
    with app.app_context():
        item, seen_version = treatment(), treatment().version
        services.save_version(item, treatment_body(), "first", seen_version, EDITOR)

        with pytest.raises(ChangedMeanwhileError):
            services.save_version(item, treatment_body(), "second", seen_version, EDITOR)
        with pytest.raises(ChangedMeanwhileError):
            services.publish(item, 1, seen_version, EDITOR)
        db.session.rollback()
        assert queries.item_by_slug("treatment", "en").newest == 2  # type: ignore[union-attr]


def another_writes(item: ContentItem) -> None:
    """Change an item as another process does, after this one has read it."""
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(ContentItem).where(ContentItem.id == item.id).values(version=ContentItem.version + 1)
        )


@pytest.mark.parametrize(
    "act",
    [
        lambda item: services.save_version(item, EXAMPLE_CASE, "", item.version, EDITOR),
        lambda item: services.save_version(item, EXAMPLE_CASE, "", item.version, EDITOR, publish=True),
        lambda item: services.publish(item, 1, item.version, EDITOR),
        lambda item: services.bring_back(item, 1, "", item.version, EDITOR),
        lambda item: permissions.record_permission(item, given(), item.version, EDITOR),
        lambda item: erase_item(item, item.version, EDITOR),
    ],
    ids=["save", "save and publish", "publish", "bring back", "record a permission", "erase"],
)
def test_who_was_slower_is_told_and_nothing_of_it_is_kept(
    app: Flask, act: Callable[[ContentItem], None]
) -> None:
    with app.app_context():
        item = make_case(permission=given())
        another_writes(item)
        before = stored.acts(app)

        with pytest.raises(ChangedMeanwhileError):
            act(item)
        assert stored.acts(app) == before
        assert (item.newest, item.published) == (1, None)


@pytest.mark.parametrize(
    "act",
    [
        lambda item: permissions.withdraw_permission(item, EDITOR),
        lambda item: services.unpublish(item, EDITOR),
    ],
    ids=["withdraw", "take down"],
)
def test_what_takes_something_down_waits_for_nobody(app: Flask, act: Callable[[ContentItem], None]) -> None:
    with app.app_context():
        item = make_case(permission=given(), published=True)
        another_writes(item)

        act(item)
        slug = item.slug
    assert not seen(app, slug)


def test_an_older_version_comes_back_as_a_new_one(app: Flask) -> None:
    with app.app_context():
        item, first, before = treatment(), treatment_body(), versions()
        services.save_version(item, replace(first, title="Example title"), "", item.version, EDITOR)
        services.bring_back(item, 1, "Example reason", item.version, EDITOR)

        assert item.newest == 3
        assert newest_body(item) == first
        assert versions() == before + 2
        with pytest.raises(services.NoSuchVersionError):
            services.bring_back(item, 9, "", item.version, EDITOR)


def versions() -> int:
    """Return how many versions there are of everything."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(ContentVersion)) or 0


@pytest.mark.parametrize(
    "change",
    [
        lambda section: replace(section, body="### Gains\n\nmovement"),
        lambda section: replace(section, body="### Gains\n\nmovement\n\n### What to expect"),
        lambda section: replace(section, body="Some words first\n\n### Gains\n\na\n\n### Caveat\n\nb"),
        lambda section: replace(section, layout="text"),
    ],
)
def test_the_gains_are_never_published_without_the_caveat_beside_them(app: Flask, change: object) -> None:
    with app.app_context():
        item, page = treatment(), treatment_body()
        sections = tuple(
            change(section) if section.anchor == "change" else section  # type: ignore[operator]
            for section in page.sections
        )
        with pytest.raises(services.CannotPublishError):
            services.save_version(
                item, replace(page, sections=sections), "", item.version, EDITOR, publish=True
            )
        assert item.published == 1


def test_an_item_changes_places_with_its_neighbour(app: Flask) -> None:
    with app.app_context():
        slugs = [make_case(title=f"Example {number}").slug for number in range(3)]
        last = queries.item_by_slug("case", slugs[2])
        assert last is not None
        services.move(last, True, EDITOR)
        assert [entry.item.slug for entry in queries.items_of_kind("case")] == [slugs[0], slugs[2], slugs[1]]

        first = queries.item_by_slug("case", slugs[0])
        assert first is not None
        services.move(first, True, EDITOR)  # nothing stands before it
        services.move(first, False, EDITOR)
        assert [entry.item.slug for entry in queries.items_of_kind("case")] == [slugs[2], slugs[0], slugs[1]]


def test_what_is_taken_off_the_site_can_come_back(app: Flask) -> None:
    with app.app_context():
        item = make_case(permission=given(), published=True)
        slug = item.slug
        services.unpublish(item, EDITOR)
    assert not seen(app, slug)
    with app.app_context():
        again = queries.item_by_slug("case", slug)
        assert again is not None
        services.publish(again, again.newest, again.version, EDITOR)
    assert seen(app, slug)


def test_no_address_tells_a_name_or_an_illness(app: Flask) -> None:
    with app.app_context():
        slugs = {make_case(title="Example of a name").slug for _ in range(5)}

    assert len(slugs) == 5
    assert all(set(slug) <= set(services.SLUG_LETTERS) for slug in slugs)
