"""What tells of a person is seen only while that person's permission is in force, and covers it."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.content import permissions, queries, services
from app.content.models import PublicationPermission
from app.content.shapes import Picture
from app.core.database import db, new_id
from tests.content.making import make_case, seen
from tests.support import stored
from tests.support.publishing import EDITOR, given
from tests.support.publishing import NAME as EXAMPLE_NAME

PICTURE = Picture(alt="Example picture", width=320, height=200, files={"320.jpg": str(new_id())})


def test_without_a_permission_nothing_of_a_person_can_be_published(app: Flask) -> None:
    with app.app_context():
        item = make_case()
        with pytest.raises(services.CannotPublishError) as refused:
            services.publish(item, item.newest, item.version, EDITOR)

    assert refused.value.hindrances == ["Record the person’s permission to publish."]


def test_withdrawing_takes_it_off_the_site_at_once(app: Flask) -> None:
    with app.app_context():
        item = make_case(permission=given(), published=True)
        slug, revision = item.slug, queries.revision()
    assert seen(app, slug)
    with app.app_context():
        item = queries.item_by_slug("case", slug)  # type: ignore[assignment]
        permissions.withdraw_permission(item, EDITOR)
        assert queries.revision() > revision

        with pytest.raises(services.CannotPublishError):
            services.publish(item, item.newest, item.version, EDITOR)
    assert not seen(app, slug)
    assert "permission.withdrawn" in stored.acts(app)


def test_a_permission_that_ends_takes_it_off_the_site_by_itself(app: Flask) -> None:
    with app.app_context():
        last = queries.today() + timedelta(days=3)
        slug = make_case(permission=given(ends_on=last), published=True).slug
    with time_machine.travel(last, tick=False):
        assert seen(app, slug)
    with time_machine.travel(last + timedelta(days=1), tick=False):
        assert not seen(app, slug)


@pytest.mark.parametrize(("covers", "missing"), [(("text",), "Pictures"), (("picture",), "The text")])
def test_only_what_the_permission_covers_is_published(
    app: Flask, covers: tuple[str, ...], missing: str
) -> None:
    with app.app_context():
        item = make_case(permission=given(covers=covers, shown_name=""), picture=PICTURE)
        with pytest.raises(services.CannotPublishError) as refused:
            services.publish(item, item.newest, item.version, EDITOR)

    assert len(refused.value.hindrances) == 1
    assert missing in refused.value.hindrances[0]


def test_a_narrower_permission_takes_down_what_it_does_not_cover(app: Flask) -> None:
    with app.app_context():
        item = make_case(permission=given(), picture=PICTURE, published=True)
        permissions.record_permission(item, given(covers=("text",), shown_name=""), item.version, EDITOR)
        slug = item.slug
    assert not seen(app, slug)


def test_a_new_permission_of_the_same_reach_leaves_it_on_the_site(app: Flask) -> None:
    with app.app_context():
        item = make_case(permission=given(), published=True)
        permissions.record_permission(item, given(shown_name="Ex. F."), item.version, EDITOR)
        entry = queries.published_entry("case", item.slug)
        assert entry is not None
        assert entry.name == "Ex. F."
        states = [row[0].withdrawn_at is None for row in queries.permissions_of(item)]
        assert states == [True, False]


@pytest.mark.parametrize(
    ("changes", "name"),
    [({}, EXAMPLE_NAME), ({"shown_name": ""}, ""), ({"covers": ("text", "picture")}, "")],
)
def test_a_name_is_shown_exactly_as_it_was_agreed(app: Flask, changes: dict[str, object], name: str) -> None:
    with app.app_context():
        item = make_case(permission=given(**changes), published=True)
        entry = queries.published_entry("case", item.slug)
        assert entry is not None
        assert entry.name == name


def test_the_database_itself_refuses_two_permissions_in_force(app: Flask) -> None:
    with app.app_context():
        item = make_case(permission=given())
        second = PublicationPermission(id=new_id(), item_id=item.id, basis="signed")
        second.terms = {}
        db.session.add(second)
        with pytest.raises(IntegrityError):
            db.session.commit()


def test_the_entry_that_came_with_the_site_carries_its_basis(app: Flask) -> None:
    with app.app_context():
        (first, *_others) = queries.published_entries("recent")
        assert first.name == "Claire Marsh"
        assert first.permission is not None
        assert first.permission.basis == "clinic_page"
