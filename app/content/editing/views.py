"""What the editors' pages show of an item."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from app.content import queries
from app.content.checks import hindrances
from app.content.editing.forms import ActionForm
from app.content.models import ContentItem, ContentVersion, PublicationPermission
from app.content.queries import Entry
from app.content.shapes import Recent, Section, Treatment
from app.content.vocabulary import BASES, COVERS, KINDS, LAYOUTS, NEW_OF_KIND, OF_A_PERSON, ONE_OF_KIND
from app.core import names
from app.core.i18n import isolated, page_language

UPLOADS = {
    "study": ("study",),
    "case": ("picture",),
    "story": ("picture", "recording", "captions"),
}
"""What can be uploaded for each kind."""


@dataclass(frozen=True, slots=True)
class Row:
    """One item in the list."""

    title: str
    address: str
    status: str
    status_text: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in an item's history."""

    number: int
    at: datetime
    who: str
    note: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """One permission in an item's record."""

    permission: PublicationPermission
    basis_text: str
    covers_text: str
    who: str
    state_text: str


def overview_groups() -> list[dict[str, Any]]:
    """Return every kind with its items, in order."""
    return [
        {
            "kind": kind,
            "heading": heading,
            "rows": [row(entry) for entry in queries.items_of_kind(kind)],
            "new_text": NEW_OF_KIND.get(kind),
        }
        for kind, heading in KINDS.items()
    ]


def row(entry: Entry) -> Row:
    """Return what the list shows of an item."""
    status, text = status_of(entry.item, entry.permission)
    item = entry.item
    return Row(title_of(entry), url_for("editing.item", kind=item.kind, slug=item.slug), status, text, entry)


def title_of(entry: Entry) -> str:
    """Return what editors call an item by."""
    if isinstance(entry.body, Recent):
        country = names.country_names(page_language()).get(entry.body.country, "")
        return ", ".join(part for part in (isolated(entry.name), country, entry.body.injury) if part)
    return str(entry.body.title)


def status_of(item: ContentItem, permission: PublicationPermission | None) -> tuple[str, str]:
    """Return an item's status as a tag's kind, and in words."""
    if item.published is None:
        return "draft", _("Not published")
    if item.kind in OF_A_PERSON and not (permission and permission.holds_on(queries.today())):
        return "closed", _("Taken down: the permission ended")
    if item.published != item.newest:
        return "waiting_for_patient", _("Published, with newer changes that are not")
    return "offered", _("Published")


def item_context(entry: Entry) -> dict[str, Any]:
    """Return everything that an item's page shows; ``entry`` is its newest version."""
    item = entry.item
    status, status_text = status_of(item, entry.permission)
    sections = entry.body.sections if isinstance(entry.body, Treatment) else ()
    return {
        "item": item,
        "entry": entry,
        "kind_text": ONE_OF_KIND[item.kind],
        "title": title_of(entry),
        "status": status,
        "status_text": status_text,
        "hindrances": hindrances(item.kind, entry.body, entry.permission, queries.today()),
        "sections": [section_row(section) for section in sections],
        "needs_permission": item.kind in OF_A_PERSON,
        "permissions": [permission_row(*row) for row in queries.permissions_of(item)],
        "versions": [version_row(item, *row) for row in queries.history_of(item)],
        "uploads": UPLOADS.get(item.kind, ()),
        "form": action_form(item),
    }


def section_row(section: Section) -> tuple[str, str, str]:
    """Return a section's anchor, heading and layout in words."""
    return section.anchor, section.heading, str(LAYOUTS[section.layout])


def version_row(item: ContentItem, version: ContentVersion, author: str | None) -> VersionRow:
    """Return what the history shows of a version."""
    return VersionRow(
        number=version.number,
        at=version.made_at,
        who=author or (_("came with the site") if version.author_id is None else _("Former staff")),
        note=version.note,
        is_public=version.number == item.published,
    )


def permission_row(permission: PublicationPermission, recorded_by: str | None) -> PermissionRow:
    """Return what an item's page shows of a permission."""
    if permission.withdrawn_at is not None:
        state = _("No longer in force")
    elif not permission.holds_on(queries.today()):
        state = _("Ended on %(day)s", day=format_date(permission.ends_on, "long"))
    elif permission.ends_on is not None:
        state = _("In force until %(day)s", day=format_date(permission.ends_on, "long"))
    else:
        state = _("In force")
    return PermissionRow(
        permission=permission,
        basis_text=str(BASES[permission.basis]),
        covers_text=", ".join(str(COVERS[key]) for key in permission.terms["covers"]),
        who=recorded_by or _("the site, as it came"),
        state_text=state,
    )


def action_form(item: ContentItem) -> ActionForm:
    """Return the form of a press on a button: it names the version that its reader sees."""
    form = ActionForm(formdata=None)
    form.show_version(item.version)
    return form


def brought_back(number: int) -> str:
    """Return the note of a version that an older one was brought back by."""
    return _("Brought back from version %(number)s", number=number)


def stories() -> list[tuple[str, str]]:
    """Return the stories that a recent patient can lead to: their slugs and titles."""
    return [(entry.item.slug, entry.body.title) for entry in queries.items_of_kind("story")]


def upload_note(what: str) -> str:
    """Return the note of a version that an upload made."""
    return {
        "picture": _("Picture"),
        "study": _("PDF"),
        "recording": _("Recording"),
        "captions": _("Captions"),
    }[what]


def upload_words(what: str) -> dict[str, str]:
    """Return the heading of an upload's page, and what can be uploaded."""
    headings = {
        "picture": _("Picture"),
        "study": _("The study’s PDF"),
        "recording": _("Video or sound"),
        "captions": _("Captions of the recording"),
    }
    hints = {
        "picture": _(
            "JPEG, PNG, WebP, AVIF, GIF or TIFF, up to 30 MB. Where and when it was taken is removed from it."
        ),
        "study": _("A PDF up to 200 MB, without a password."),
        "recording": _("MP4, WebM, MP3 or Ogg, up to 2 GB."),
        "captions": _("WebVTT, up to 1 MB."),
    }
    return {"heading": headings[what], "hint": hints[what]}


def upload_values(entry: Entry) -> dict[str, str]:
    """Return what the form of an upload starts with."""
    picture = getattr(entry.body, "picture", None)
    return {"alt": picture.alt if picture else ""}


def with_alt(body: Any, alt: str) -> Any:
    """Return a body whose picture is described in other words."""
    return replace(body, picture=replace(body.picture, alt=alt))
