"""The content that comes with the site is loaded once, and never over what staff made of it."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.content import permissions, queries, services
from app.content.models import ContentItem, StarterLoad
from app.content.shapes import from_plain, to_plain
from app.content.starter import load_starter
from app.core.database import db
from tests.support.engines import ON_SQLITE
from tests.support.publishing import EDITOR, newest_body


def test_a_second_load_changes_nothing_whatever_staff_did(app: Flask) -> None:
    with app.app_context():
        page = queries.item_by_slug("treatment", "en")
        recent = queries.item_by_slug("recent", "first")
        assert page is not None
        assert recent is not None
        body: Any = newest_body(page)
        changed = replace(body, title="Staff’s own title")
        services.save_version(page, changed, "", page.version, EDITOR, publish=True)
        permissions.withdraw_permission(recent, EDITOR)

        assert load_starter() == []

        shown = queries.published_entry("treatment", "en")
        assert shown is not None
        assert shown.body.title == "Staff’s own title"
        assert queries.published_entries("recent") == []


@ON_SQLITE
def test_what_was_never_loaded_is_loaded_beside_the_rest(app: Flask) -> None:
    with app.app_context():
        db.session.execute(sa.delete(StarterLoad).where(StarterLoad.name == "en/study/asia-2008"))
        db.session.execute(sa.delete(ContentItem).where(ContentItem.kind == "study"))
        db.session.commit()

        assert load_starter() == ["en/study/asia-2008"]
        assert [entry.body.year for entry in queries.published_entries("study")] == [2008]


@ON_SQLITE
def test_the_command_says_what_it_loaded(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["content", "load"])

    assert (result.exit_code, result.output) == (0, "")


@ON_SQLITE
def test_a_body_comes_back_from_its_plain_form_as_it_was(app: Flask) -> None:
    with app.app_context():
        for kind in ("treatment", "study", "recent"):
            for entry in queries.published_entries(kind):
                assert from_plain(kind, to_plain(entry.body)) == entry.body
                # Older versions lack what was added to the shapes since, and may have what was taken out.
                assert from_plain(kind, {"gone": 1}) == type(entry.body)()
