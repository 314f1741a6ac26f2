"""Uploading an item's files. Each becomes a new version, which visitors see once it is published."""

from typing import Any

from flask import abort, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.accounts.actor import current_actor
from app.accounts.roles import EDIT_CONTENT
from app.content import queries, services
from app.content.editing import views
from app.content.editing.blueprint import (
    Notice,
    Page,
    blueprint,
    changed_notice,
    entry_or_404,
    sent_file,
    stale_notice,
)
from app.content.editing.forms import UPLOAD_FORMS, UploadForm
from app.content.editing.routes import address_of
from app.content.queries import Entry
from app.content.shapes import named_files
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token
from app.files.serving import send_stored
from app.files.sniff import (
    LARGEST_CAPTIONS_BYTES,
    LARGEST_PDF_BYTES,
    LARGEST_PICTURE_BYTES,
    LARGEST_RECORDING_BYTES,
    MEGABYTE,
    TOO_LARGE,
    UnusableFileError,
)

LARGEST = {
    "picture": LARGEST_PICTURE_BYTES,
    "study": LARGEST_PDF_BYTES,
    "recording": LARGEST_RECORDING_BYTES,
    "captions": LARGEST_CAPTIONS_BYTES,
}
"""Bytes of a file."""
BESIDES = MEGABYTE
"""Bytes that a request with a file may have more."""


@blueprint.get("/<kind>/<slug>/files/<what>")
@allow(EDIT_CONTENT)
def upload(kind: str, slug: str, what: str) -> Page:
    """Show the form that takes a file."""
    entry = takes_or_404(kind, slug, what)
    return upload_page(entry, what, kept_form(entry, what))


@blueprint.post("/<kind>/<slug>/files/<what>")
@checks_own_token
@allow(EDIT_CONTENT)
def keep_upload(kind: str, slug: str, what: str) -> Page:
    """Keep a file as a part of the item, or say what is wrong with it and what to do."""
    entry = takes_or_404(kind, slug, what)
    request.max_content_length = LARGEST[what] + BESIDES
    try:
        form = UPLOAD_FORMS[what]()
    except RequestEntityTooLarge:
        return too_large_page(entry, what)
    if not form.validate():
        return upload_page(entry, what, form, stale_notice() if form.csrf_token.errors else None, 422)
    try:
        body = with_upload(what, entry.body, form)
        services.save_version(entry.item, body, views.upload_note(what), form.version.data, current_actor())
    except UnusableFileError as error:
        form.refuse(str(error))
        return upload_page(entry, what, form, status=422)
    except ChangedMeanwhileError:
        entry = takes_or_404(kind, slug, what)
        form.show_version(entry.item.version)
        return upload_page(entry, what, form, changed_notice(), 409)
    return redirect(address_of(entry.item), 303)


@blueprint.get("/<kind>/<slug>/versions/<int:number>/<name>")
@allow(EDIT_CONTENT)
def version_file(kind: str, slug: str, number: int, name: str) -> Response:
    """Send a file of a version, published or not."""
    stored = queries.stored_file(named_files(entry_or_404(kind, slug, number).body).get(name))
    return send_stored(stored, as_attachment="save" in request.args) if stored else abort(404)


def with_upload(what: str, body: Any, form: UploadForm) -> Any:
    """Return the body with what was uploaded; a picture that stays may get other words alone."""
    from app.content.files import keep_file  # noqa: PLC0415 -- loads Pillow, for the few who upload

    sent = sent_file("file")
    alt = form.alt.data if what == "picture" else ""
    if sent:
        return keep_file(what, body, *sent, alt)
    if what == "picture" and body.picture.files:
        return views.with_alt(body, alt)
    raise UnusableFileError(_("Choose a file first."))


def takes_or_404(kind: str, slug: str, what: str) -> Entry:
    """Return the item if its kind takes this sort of file, or answer that there is no such page."""
    if what not in views.UPLOADS.get(kind, ()):
        abort(404)
    return entry_or_404(kind, slug)


def kept_form(entry: Entry, what: str) -> UploadForm:
    """Return the form of an upload with what the item holds; nothing of the request is read."""
    form = UPLOAD_FORMS[what](formdata=None, data=views.upload_values(entry))
    form.show_version(entry.item.version)
    return form


def too_large_page(entry: Entry, what: str) -> Page:
    """Return the form of an upload whose request was too large to be read, and say what may be sent."""
    form = kept_form(entry, what)
    form.refuse(str(UnusableFileError(TOO_LARGE, limit=LARGEST[what] // MEGABYTE)))
    return upload_page(entry, what, form, status=413)


def upload_page(
    entry: Entry, what: str, form: UploadForm, notice: Notice | None = None, status: int = 200
) -> Page:
    """Return the page with the form of an upload as it stands."""
    return (
        render_template(
            "content/editing/upload.html",
            item=entry.item,
            body=entry.body,
            number=entry.version.number,
            what=what,
            title=views.title_of(entry),
            form=form,
            notice=notice,
            **views.upload_words(what),
        ),
        status,
    )
