"""A person's permission to publish: recorded, looked at and withdrawn here."""

from uuid import UUID

from flask import abort, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.accounts.actor import current_actor
from app.accounts.roles import EDIT_CONTENT
from app.content import permissions, queries
from app.content.editing import views
from app.content.editing.blueprint import (
    Notice,
    Page,
    blueprint,
    changed_notice,
    entry_or_404,
    item_or_404,
    sent_file,
    stale_notice,
)
from app.content.editing.forms import PermissionForm
from app.content.editing.routes import action, address_of
from app.content.models import ContentItem
from app.content.permissions import Given, Terms
from app.content.vocabulary import OF_A_PERSON
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.days import read_day
from app.core.extensions import checks_own_token
from app.files.serving import send_stored
from app.files.sniff import MEGABYTE, UnusableFileError

LARGEST_DOCUMENT = 29 * MEGABYTE
"""Bytes of a document."""
BESIDES = MEGABYTE
"""Bytes that a request with a document may have more."""


@blueprint.get("/<kind>/<slug>/permission")
@allow(EDIT_CONTENT)
def permission(kind: str, slug: str) -> Page:
    """Show the form that records a permission."""
    item = of_a_person_or_404(kind, slug)
    return permission_page(item, empty_form(item))


@blueprint.post("/<kind>/<slug>/permission")
@checks_own_token
@allow(EDIT_CONTENT)
def record_permission(kind: str, slug: str) -> Page:
    """Record a permission, or give the form back with every answer."""
    request.max_content_length = LARGEST_DOCUMENT + BESIDES
    item = of_a_person_or_404(kind, slug)
    try:
        form = PermissionForm()
    except RequestEntityTooLarge:
        return too_large_page(item)
    if not form.validate():
        return permission_page(item, form, stale_notice() if form.csrf_token.errors else None, 422)
    from app.content.files import keep_document  # noqa: PLC0415 -- loads Pillow, for the few who upload

    sent = sent_file("document")
    try:
        document = keep_document(*sent) if sent else None
    except UnusableFileError as error:
        return permission_page(item, form, refused_notice(error), 422)
    if document is None and not form.document_place.data:
        form.document_place.errors = [_("Upload the document, or write where it is kept.")]
        return permission_page(item, form, status=422)
    try:
        permissions.record_permission(
            item, given(form, document.id if document else None), form.version.data, current_actor()
        )
    except ChangedMeanwhileError:
        form.show_version(item_or_404(kind, slug).version)
        return permission_page(item_or_404(kind, slug), form, changed_notice(), 409)
    return redirect(address_of(item), 303)


@blueprint.post("/<kind>/<slug>/permission/withdraw")
@allow(EDIT_CONTENT)
def withdraw_permission(kind: str, slug: str) -> Page:
    """Record that a permission was withdrawn: what it allowed is off the site at once."""
    _form, item = action(kind, slug)
    permissions.withdraw_permission(item, current_actor())
    return redirect(address_of(item), 303)


@blueprint.get("/<kind>/<slug>/permission/<int:place>/document")
@allow(EDIT_CONTENT)
def permission_document(kind: str, slug: str, place: int) -> Response:
    """Save the document of a permission, counted from the newest."""
    item = of_a_person_or_404(kind, slug)
    rows = queries.permissions_of(item)
    document = queries.stored_file(rows[place][0].document_id) if place < len(rows) else None
    if document is None:
        abort(404)
    permissions.read_document(item, current_actor())
    return send_stored(document, download_name=document.name or "", as_attachment=True)


def given(form: PermissionForm, document_id: UUID | None) -> Given:
    """Return the permission that the form records."""
    return Given(
        basis=form.basis.data,
        given_on=read_day(form.given_on.data or ""),
        ends_on=read_day(form.ends_on.data or ""),
        document_id=document_id,
        terms=Terms(
            given_by=form.given_by.data,
            shown_name=form.shown_name.data or "",
            covers=tuple(form.covers.data),
            document_place=form.document_place.data or "",
            note=form.note.data or "",
        ),
    )


def of_a_person_or_404(kind: str, slug: str) -> ContentItem:
    """Return an item that tells of a person, or answer that there is none."""
    return item_or_404(kind, slug) if kind in OF_A_PERSON else abort(404)


def refused_notice(error: UnusableFileError) -> Notice:
    """Say why a file was not taken, and what to do."""
    return {
        "heading": _("We could not take the file"),
        "text": _("%(why)s Choose the file again; what you wrote still stands in its fields.", why=error),
    }


def empty_form(item: ContentItem) -> PermissionForm:
    """Return the form of a permission with nothing in it; nothing of the request is read."""
    form = PermissionForm(formdata=None)
    form.show_version(item.version)
    return form


def too_large_page(item: ContentItem) -> Page:
    """Return the form of a permission whose request was too large to be read, and say what may be sent."""
    form = empty_form(item)
    form.document.errors = [
        _(
            "This file is larger than %(limit)s MB, and what you wrote could not be read with it. Fill the "
            "form in again, and make the file smaller or write where the document is kept.",
            limit=LARGEST_DOCUMENT // MEGABYTE,
        )
    ]
    return permission_page(item, form, status=413)


def permission_page(
    item: ContentItem, form: PermissionForm, notice: Notice | None = None, status: int = 200
) -> Page:
    """Return the page with the form of a permission as it stands."""
    entry = entry_or_404(item.kind, item.slug)
    return (
        render_template(
            "content/editing/permission.html",
            item=item,
            title=views.title_of(entry),
            form=form,
            notice=notice,
        ),
        status,
    )
