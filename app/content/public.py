"""Visitors' pages of case studies, patients' accounts and studies, and their files."""

import mimetypes
from pathlib import PurePosixPath

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from app.content import found, gallery, queries
from app.content.found import PLACES, found_list
from app.content.queries import Entry
from app.content.revalidated import asked_for_again
from app.content.shapes import named_files
from app.content.shown import shown_entry
from app.content.views import render_page
from app.core.access import PUBLIC, allow
from app.core.i18n import comma_list
from app.files.models import StoredFile
from app.files.serving import send_stored

blueprint = Blueprint("content", __name__)

Page = tuple[str, int]


@blueprint.get("/cases")
@allow(PUBLIC)
@asked_for_again
def cases() -> Page:
    """Show the case studies, all or of one region and completeness."""
    shown = gallery.gallery("case", request.args)
    title = ": ".join([_("Case studies"), *([comma_list(shown.chosen)] if shown.chosen else [])])
    description = _("What was done for one patient each, and what was recorded before and after.")
    page = found_list("content.cases", title, description, **shown.state)
    return render_template("content/cases.html", gallery=shown, found=page), 200


@blueprint.get("/stories")
@allow(PUBLIC)
@asked_for_again
def stories() -> Page:
    """Show the patients' accounts."""
    shown = gallery.gallery("story", request.args)
    description = _("Past patients tell of their condition before treatment, and of what they saw after.")
    page = found_list("content.stories", _("Patient experiences"), description, **shown.state)
    return render_template("content/stories.html", gallery=shown, found=page), 200


@blueprint.get("/cases/<slug>")
@allow(PUBLIC)
@asked_for_again
def case(slug: str) -> Page:
    """Show a case study."""
    return render_page(visible_or_404("case", slug)), 200


@blueprint.get("/stories/<slug>")
@allow(PUBLIC)
@asked_for_again
def story(slug: str) -> Page:
    """Show a patient's account."""
    return render_page(visible_or_404("story", slug)), 200


@blueprint.get("/studies/<slug>")
@allow(PUBLIC)
@asked_for_again
def study(slug: str) -> Page:
    """Show a study."""
    return render_page(visible_or_404("study", slug)), 200


@blueprint.get("/studies/<slug>/read")
@allow(PUBLIC)
@asked_for_again
def read_study(slug: str) -> Page:
    """Show a study's pages one under the other, while its file still comes."""
    entry = visible_or_404("study", slug)
    if not entry.body.file:
        abort(404)
    shown = shown_entry(entry, preview=False)
    return render_template("content/study_read.html", shown=shown), 200


@blueprint.get("/<any(cases, stories, studies):kinds>/<slug>/<name>")
@allow(PUBLIC)
def file(kinds: str, slug: str, name: str) -> Response:
    """Send a file of what visitors may see; with ``save`` in the address, to be saved."""
    kind = next(kind for kind, place in PLACES.items() if place == kinds)
    entry = visible_or_404(kind, slug)
    stored = queries.stored_file(named_files(entry.body).get(name)) or abort(404)
    return send_stored(
        stored, download_name=saved_as(slug, name, stored), as_attachment="save" in request.args
    )


@blueprint.get("/sitemap.xml")
@allow(PUBLIC)
@asked_for_again
def sitemap() -> Response:
    """List the public pages for search engines."""
    return Response(found.sitemap(), mimetype="application/xml")


@blueprint.get("/robots.txt")
@allow(PUBLIC)
@asked_for_again
def robots() -> Response:
    """Ask robots to keep out of what is not public."""
    return Response(found.robots(), mimetype="text/plain")


@blueprint.get("/feed")
@allow(PUBLIC)
@asked_for_again
def feed() -> Response:
    """Tell feed readers of new stories."""
    return Response(found.feed(), mimetype="application/atom+xml")


def visible_or_404(kind: str, slug: str) -> Entry:
    """Return what visitors may see at this address, or answer that there is nothing."""
    return queries.published_entry(kind, slug) or abort(404)


def saved_as(slug: str, name: str, stored: StoredFile) -> str:
    """Return the name that a file is saved under: its page's address, and an ending for what it is."""
    ending = PurePosixPath(name).suffix or mimetypes.guess_extension(stored.media_type) or ""
    return f"{slug}{ending}"
