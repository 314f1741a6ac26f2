"""What the page of the audit record shows of an entry, in the reader's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.accounts.roles import EDIT_CONTENT, READ_INQUIRIES
from app.audit.models import AuditEntry
from app.audit.queries import Page
from app.content.models import ContentItem
from app.content.vocabulary import ONE_OF_KIND
from app.core.access import may
from app.core.database import db
from app.core.i18n import comma_list
from app.desk.audit_words import DETAILS, KIND_OF, OBJECTS, WORDS
from app.inquiries.models import Inquiry
from app.inquiries.vocabulary import STATUS


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act."""

    at: datetime
    who: str
    address: str
    kind: str
    text: str
    object_text: str
    object_url: str | None
    more: list[str]
    """What else was kept of it."""
    references: list[str]
    """The inquiries that a list showed."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a page's entries are about, by id."""

    staff: Mapping[UUID, User]
    inquiries: Mapping[UUID, str]
    content: Mapping[UUID, ContentItem]


def audit_rows(page: Page, staff: Sequence[User]) -> list[AuditRow]:
    """Return a page's rows; what they are about is read at once for all."""
    named = Named(
        staff={user.id: user for user in staff},
        inquiries=references_of(objects(page, "inquiry")),
        content=content_of(objects(page, "content")),
    )
    return [audit_row(entry, named) for entry in page.rows]


def objects(page: Page, kind: str) -> set[UUID]:
    """Return the ids of the things of one kind that a page's entries are about."""
    return {entry.object_id for entry in page.rows if entry.object_type == kind and entry.object_id}


def references_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the references of inquiries."""
    wanted = sa.select(Inquiry.id, Inquiry.reference).where(Inquiry.id.in_(ids))
    return {row.id: row.reference for row in db.session.execute(wanted)}


def content_of(ids: Iterable[UUID]) -> dict[UUID, ContentItem]:
    """Return items of content."""
    return {
        item.id: item for item in db.session.scalars(sa.select(ContentItem).where(ContentItem.id.in_(ids)))
    }


def audit_row(entry: AuditEntry, named: Named) -> AuditRow:
    """Return what is shown of an entry."""
    object_text, object_url = object_of(entry, named)
    return AuditRow(
        at=entry.at,
        who=who_did(entry, named.staff),
        address=entry.address or "",
        kind=KIND_OF.get(entry.action, ""),
        text=str(WORDS.get(entry.action, entry.action)),
        object_text=object_text,
        object_url=object_url,
        more=[text for name, value in entry.details.items() if (text := detail(name, value, named.staff))],
        references=entry.details.get("references", []),
    )


def who_did(entry: AuditEntry, staff: Mapping[UUID, User]) -> str:
    """Return who acted."""
    if entry.actor == "staff":
        user = entry.staff_id and staff.get(entry.staff_id)
        return name_of(user) if user else _("Former staff")
    return _("The system") if entry.actor == "system" else _("A visitor")


def object_of(entry: AuditEntry, named: Named) -> tuple[str, str | None]:
    """Return what an entry is about, and where it can be seen by who reads the record."""
    if entry.object_type == "inquiry" and entry.object_id:
        return inquiry_text(named.inquiries.get(entry.object_id))
    if entry.object_type == "content" and entry.object_id:
        return content_text(named.content.get(entry.object_id), entry.details)
    if entry.object_type == "user":
        user = entry.object_id and named.staff.get(entry.object_id)
        return (name_of(user) if user else _("An account that is not known")), None
    return str(OBJECTS.get(entry.object_type, "")), None


def inquiry_text(reference: str | None) -> tuple[str, str | None]:
    """Return an inquiry's reference, and its page for who may read inquiries."""
    if reference is None:
        return _("An inquiry that was erased"), None
    return reference, url_for("desk.show_inquiry", reference=reference) if may(READ_INQUIRIES) else None


def content_text(item: ContentItem | None, details: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return what kind of content it is, and its page for editors."""
    kind = item.kind if item else details.get("kind", "")
    text = str(ONE_OF_KIND.get(kind, _("A page or entry that was erased")))
    return text, url_for("editing.item", kind=kind, slug=item.slug) if item and may(EDIT_CONTENT) else None


def detail(name: str, value: Any, staff: Mapping[UUID, User]) -> str:
    """Return a detail in words, or as it was kept; ids of rows are for nobody to read."""
    if name == "references":
        return ngettext("%(num)s inquiry", "%(num)s inquiries", len(value))
    if name == "source":
        return _("from “%(status)s”", status=STATUS.get(value, value))
    if name == "target":
        return _("to “%(status)s”", status=STATUS.get(value, value))
    values = value if isinstance(value, list) else [value]
    told = comma_list(value_text(part, staff) for part in values)
    return _("%(question)s: %(answer)s", question=DETAILS.get(name, name), answer=told) if told else ""


def value_text(value: Any, staff: Mapping[UUID, User]) -> str:
    """Return a value as it is shown: the name of a member of staff in place of an id, and no other id."""
    try:
        user = staff.get(UUID(value))
    except (ValueError, TypeError, AttributeError):
        return "" if value is None else str(value)
    return name_of(user) if user else ""


def name_of(user: User) -> str:
    """Return a member of staff's name."""
    return user.name or user.email
