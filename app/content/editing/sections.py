"""The sections of the treatment page: each is edited by itself, and each change is a version of the page."""

from collections.abc import Sequence

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.actor import current_actor
from app.accounts.roles import EDIT_CONTENT
from app.content import services
from app.content.compare import Difference, differences
from app.content.editing.blueprint import (
    Notice,
    Page,
    blueprint,
    changed_notice,
    entry_or_404,
    hindered_notice,
    stale_notice,
)
from app.content.editing.forms import SectionForm
from app.content.editing.routes import (
    PREVIEW,
    PUBLISH,
    action,
    address_of,
    preview_page,
)
from app.content.queries import Entry
from app.content.sections import moved, put, section_of, without
from app.content.shapes import Section, Treatment
from app.content.views import render_section
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token

NEW = "new"
"""Stands in the address of a section that is not there yet."""


@blueprint.get("/treatment/<slug>/sections/<anchor>")
@allow(EDIT_CONTENT)
def edit_section(slug: str, anchor: str) -> Page:
    """Show a section's text in its form."""
    entry = entry_or_404("treatment", slug)
    section = section_or_404(entry, anchor)
    form = SectionForm.on(section)
    form.show_version(entry.item.version)
    return section_page(entry, section, form)


@blueprint.post("/treatment/<slug>/sections/<anchor>")
@checks_own_token
@allow(EDIT_CONTENT)
def save_section(slug: str, anchor: str) -> Page:
    """Keep a section as a new version of the page, or give the form back with every answer."""
    entry, form = entry_or_404("treatment", slug), SectionForm()
    section = section_of(entry.body, anchor) or Section(anchor=services.new_slug())
    if not form.validate():
        return section_page(entry, section, form, stale_notice() if form.csrf_token.errors else None, 422)
    written: Section = form.body_on(section)
    if anchor not in {NEW, section.anchor}:  # taken off the page meanwhile
        return conflict_page(slug, written, form)
    if form.then.data == PREVIEW:
        return section_page(entry, written, form)
    try:
        services.save_version(
            entry.item,
            put(entry.body, written),
            form.note.data or str(written.heading),
            form.version.data,
            current_actor(),
            publish=form.then.data == PUBLISH,
        )
    except services.CannotPublishError as error:
        return section_page(entry, written, form, hindered_notice(error.hindrances), 422)
    except ChangedMeanwhileError:
        return conflict_page(slug, written, form)
    return redirect(url_for("editing.item", kind="treatment", slug=slug, _anchor="sections"), 303)


@blueprint.post("/treatment/<slug>/sections/<anchor>/preview")
@checks_own_token
@allow(EDIT_CONTENT)
def preview_section(slug: str, anchor: str) -> Page:
    """Show what the text in the form would look like; keeps nothing."""
    section, form = section_or_404(entry_or_404("treatment", slug), anchor), SectionForm()
    form.validate()
    return preview_page(render_section(form.body_on(section)))


@blueprint.post("/treatment/<slug>/sections/<anchor>/move-<any(up, down):direction>")
@allow(EDIT_CONTENT)
def move_section(slug: str, anchor: str, direction: str) -> Page:
    """Change a section's place on the page."""
    body = page_or_404(entry_or_404("treatment", slug), anchor)
    return change_sections(slug, moved(body, anchor, up=direction == "up"), _("Order of the sections"))


@blueprint.post("/treatment/<slug>/sections/<anchor>/remove")
@allow(EDIT_CONTENT)
def remove_section(slug: str, anchor: str) -> Page:
    """Take a section off the page; older versions keep it."""
    body = page_or_404(entry_or_404("treatment", slug), anchor)
    return change_sections(slug, without(body, anchor), _("Took a section off the page"))


def change_sections(slug: str, body: Treatment, note: str) -> Page:
    """Keep the page with other sections, as a version that is not published yet."""
    form, item = action("treatment", slug)
    services.save_version(item, body, note, form.version.data, current_actor())
    return redirect(f"{address_of(item)}#sections", 303)


def section_or_404(entry: Entry, anchor: str) -> Section:
    """Return the section of this address, an empty one for a new one, or answer that there is none."""
    if anchor == NEW:
        return Section(anchor=services.new_slug())
    return section_of(entry.body, anchor) or abort(404)


def page_or_404(entry: Entry, anchor: str) -> Treatment:
    """Return the page that has this section, or answer that there is none."""
    body: Treatment = entry.body
    if section_of(body, anchor) is None:
        abort(404)
    return body


def section_page(
    entry: Entry,
    section: Section,
    form: SectionForm,
    notice: Notice | None = None,
    status: int = 200,
    *,
    changes: Sequence[Difference] = (),
) -> Page:
    """Return the page with a section's form as it stands."""
    is_new = section_of(entry.body, section.anchor) is None
    return (
        render_template(
            "content/editing/section.html",
            item=entry.item,
            anchor=NEW if is_new else section.anchor,
            heading=_("Add a section") if is_new else section.heading,
            form=form,
            notice=notice,
            changes=changes,
            preview=render_section(section) if section.body else "",
        ),
        status,
    )


def conflict_page(slug: str, written: Section, form: SectionForm) -> Page:
    """Return the form with everything typed, and how it differs from what another person saved."""
    entry = entry_or_404("treatment", slug)
    form.show_version(entry.item.version)
    saved = section_of(entry.body, written.anchor)
    changes = differences(saved, written) if saved else ()
    return section_page(entry, written, form, changed_notice(), 409, changes=changes)
