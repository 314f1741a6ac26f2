"""Content that is there before a test begins, made by the services that editors' pages call."""

from dataclasses import replace
from typing import Any

from flask import Flask

from app.content import permissions, queries, services
from app.content.models import ContentItem
from app.content.permissions import Given
from app.content.shapes import Case
from tests.support.publishing import EDITOR

EXAMPLE_CASE = Case(
    title="Example case, thoracic",
    age=31,
    country="ES",
    level="T10",
    completeness="incomplete",
    injury_year=2019,
    treatment="Example treatment: IV and LP.",
    outcome={"asia_motor": ("50", "52")},
    measured="Example measurement, invented for a test",
    source="An invented source",
)


def make_case(*, permission: Given | None = None, published: bool = False, **changes: Any) -> ContentItem:
    """Make a case, in the current application context."""
    item = services.create_item("case", "en", replace(EXAMPLE_CASE, **changes), "", EDITOR)
    if permission is not None:
        permissions.record_permission(item, permission, item.version, EDITOR)
    if published:
        services.publish(item, item.newest, item.version, EDITOR)
    return item


def seen(app: Flask, slug: str) -> bool:
    """Return whether visitors may see a case now, as a process that knows nothing yet finds out."""
    with app.app_context():
        return queries.published_entry("case", slug) is not None
