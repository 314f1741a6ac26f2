"""The editors' pages' blueprint, and what all of its views share."""

from typing import BinaryIO, cast

from flask import Blueprint, abort, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.actor import current_actor
from app.content import queries, services
from app.content.models import ContentItem
from app.content.queries import Entry

blueprint = Blueprint("editing", __name__, url_prefix="/desk/content")

Page = tuple[str, int] | Response
Notice = dict[str, str | list[str]]


def item_or_404(kind: str, slug: str) -> ContentItem:
    """Return the item of this kind and address, or answer that there is none."""
    return queries.item_by_slug(kind, slug) or abort(404)


def entry_or_404(kind: str, slug: str, number: int | None = None) -> Entry:
    """Return an item in a version, the newest if none is named, or answer that there is none.

    That it was read is recorded first, where it tells of a person.
    """
    item = item_or_404(kind, slug)
    entry = queries.entry_in_version(item, item.newest if number is None else number) or abort(404)
    services.read_item(item, current_actor())
    return entry


def sent_file(name: str) -> tuple[BinaryIO, str] | None:
    """Return a file that was sent and what it was called, or None if none was chosen."""
    sent = request.files.get(name)
    return (cast(BinaryIO, sent.stream), sent.filename or "") if sent else None


def stale_notice() -> Notice:
    """Say that the page was too old to send, and that nothing is lost."""
    return {
        "heading": _("Save it once more"),
        "text": _("This page was open for a long time. What you wrote still stands in its fields."),
    }


def changed_notice() -> Notice:
    """Say that someone else was faster, and that nothing typed is lost."""
    return {
        "heading": _("Someone changed this while you were looking at it"),
        "text": _(
            "Nothing of yours was saved yet, and what you wrote still stands in its fields. Look at what "
            "changed, then do it again if it is still right."
        ),
    }


def hindered_notice(hindrances: list[str]) -> Notice:
    """Say what has to be done before something can be published."""
    return {"heading": _("It cannot be published yet"), "points": hindrances}
