"""Editors' pages: the list, an item with its history, its texts, and what visitors see of it."""

from dataclasses import replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from markupsafe import Markup

from app.accounts.actor import current_actor
from app.accounts.roles import EDIT_CONTENT, READ_PAGE_VERSIONS
from app.content import services
from app.content.compare import differences
from app.content.editing import views
from app.content.editing.blueprint import (
    Notice,
    Page,
    blueprint,
    changed_notice,
    entry_or_404,
    hindered_notice,
    item_or_404,
    stale_notice,
)
from app.content.editing.forms import FORMS, ActionForm, EditForm, empty_body
from app.content.erasing import erase_item
from app.content.links import broken_links
from app.content.models import ContentItem
from app.content.queries import Entry
from app.content.views import render_fragment, render_page
from app.content.vocabulary import MEASURES, NEW_OF_KIND, ONE_OF_KIND
from app.core import names, terms
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token
from app.core.i18n import page_language

PUBLISH, PREVIEW = "publish", "preview"


@blueprint.get("")
@allow(EDIT_CONTENT)
def overview() -> Page:
    """Show everything that can be edited."""
    return render_template("content/editing/overview.html", groups=views.overview_groups()), 200


@blueprint.get("/links")
@allow(EDIT_CONTENT)
def links() -> Page:
    """Show the links inside the site that lead nowhere."""
    return render_template("content/editing/links.html", broken=broken_links()), 200


@blueprint.get("/<kind>/new")
@allow(EDIT_CONTENT)
def new_item(kind: str) -> Page:
    """Show the empty form of a kind."""
    return new_page(kind, form_of(kind)(formdata=None))


@blueprint.post("/<kind>/new")
@checks_own_token
@allow(EDIT_CONTENT)
def create_item(kind: str) -> Page:
    """Keep a new item, or give the form back with every answer."""
    form = form_of(kind)()
    if not form.validate():
        return new_page(kind, form, stale_notice() if form.csrf_token.errors else None, 422)
    item = services.create_item(
        kind, page_language(), form.body_on(empty_body(kind)), form.note.data, current_actor()
    )
    return redirect(address_of(item), 303)


@blueprint.get("/<kind>/<slug>")
@allow(EDIT_CONTENT)
def item(kind: str, slug: str) -> Page:
    """Show an item: where it stands, what it needs, its history."""
    return item_page(item_or_404(kind, slug))


@blueprint.get("/<kind>/<slug>/edit")
@allow(EDIT_CONTENT)
def edit(kind: str, slug: str) -> Page:
    """Show an item's texts in its form."""
    entry = entry_or_404(kind, slug)
    form = FORMS[kind].on(entry.body)
    form.show_version(entry.item.version)
    return edit_page(entry, form)


@blueprint.post("/<kind>/<slug>/edit")
@checks_own_token
@allow(EDIT_CONTENT)
def save(kind: str, slug: str) -> Page:
    """Keep a new version, and publish it if asked to; or give the form back with every answer."""
    entry, form = entry_or_404(kind, slug), FORMS[kind]()
    if not form.validate():
        return edit_page(entry, form, stale_notice() if form.csrf_token.errors else None, 422)
    body = form.body_on(entry.body)
    if form.then.data == PREVIEW:
        return edit_page(entry, form, preview=render_fragment(replace(entry, body=body)))
    try:
        services.save_version(
            entry.item,
            body,
            form.note.data,
            form.version.data,
            current_actor(),
            publish=form.then.data == PUBLISH,
        )
    except services.CannotPublishError as error:
        return edit_page(entry, form, hindered_notice(error.hindrances), 422)
    except ChangedMeanwhileError:
        return conflict_page(kind, slug, form)
    return redirect(address_of(entry.item), 303)


@blueprint.post("/<kind>/<slug>/preview")
@checks_own_token
@allow(EDIT_CONTENT)
def preview(kind: str, slug: str) -> Page:
    """Show what the texts in the form would look like; keeps nothing."""
    entry, form = entry_or_404(kind, slug), FORMS[kind]()
    form.validate()
    return preview_page(render_fragment(replace(entry, body=form.body_on(entry.body))))


@blueprint.post("/<kind>/<slug>/publish")
@allow(EDIT_CONTENT)
def publish(kind: str, slug: str) -> Page:
    """Let visitors see a version."""
    form, target = action(kind, slug)
    try:
        services.publish(target, form.number.data or target.newest, form.version.data, current_actor())
    except services.CannotPublishError as error:
        return item_page(target, hindered_notice(error.hindrances), 422)
    return redirect(address_of(target), 303)


@blueprint.post("/<kind>/<slug>/unpublish")
@allow(EDIT_CONTENT)
def unpublish(kind: str, slug: str) -> Page:
    """Take an item from the site."""
    _form, target = action(kind, slug)
    services.unpublish(target, current_actor())
    return redirect(address_of(target), 303)


@blueprint.post("/<kind>/<slug>/bring-back")
@allow(EDIT_CONTENT)
def bring_back(kind: str, slug: str) -> Page:
    """Make an older version the newest again."""
    form, target = action(kind, slug)
    number = form.number.data or 0
    services.bring_back(target, number, views.brought_back(number), form.version.data, current_actor())
    return redirect(address_of(target), 303)


@blueprint.post("/<kind>/<slug>/move-<any(up, down):direction>")
@allow(EDIT_CONTENT)
def move(kind: str, slug: str, direction: str) -> Page:
    """Change an item's place among its kind."""
    _form, target = action(kind, slug)
    services.move(target, direction == "up", current_actor())
    return redirect(url_for("editing.overview", _anchor=f"{kind}-{slug}"), 303)


@blueprint.get("/<kind>/<slug>/erase")
@allow(EDIT_CONTENT)
def ask_before_erasing(kind: str, slug: str) -> Page:
    """Say what erasing takes away, before it does."""
    return erase_page(erasable_or_404(kind, slug))


@blueprint.post("/<kind>/<slug>/erase")
@allow(EDIT_CONTENT)
def erase(kind: str, slug: str) -> Page:
    """Erase an item for good."""
    erasable_or_404(kind, slug)
    form, target = action(kind, slug)
    erase_item(target, form.version.data, current_actor())
    return redirect(url_for("editing.overview"), 303)


@blueprint.get("/<kind>/<slug>/compare")
@allow(EDIT_CONTENT)
def compare(kind: str, slug: str) -> Page:
    """Show what changed between two versions."""
    target = item_or_404(kind, slug)
    older, newer = (
        entry_or_404(kind, slug, request.args.get(name, default, int))
        for name, default in (("a", max(target.newest - 1, 1)), ("b", target.newest))
    )
    return (
        render_template(
            "content/editing/compare.html",
            item=target,
            older=older.version,
            newer=newer.version,
            differences=differences(older.body, newer.body),
        ),
        200,
    )


@blueprint.get("/<kind>/<slug>/versions/<int:number>")
@allow(EDIT_CONTENT)
def version(kind: str, slug: str, number: int) -> Page:
    """Show a version as visitors would see it."""
    return render_page(entry_or_404(kind, slug, number), preview=True), 200


@blueprint.get("/treatment/<slug>/as-sent/<int:number>")
@allow(READ_PAGE_VERSIONS)
def version_as_sent(slug: str, number: int) -> Page:
    """Show the treatment page as it was when an inquiry was sent beside it."""
    entry = entry_or_404("treatment", slug, number)
    if entry.version.published_at is None:
        abort(404)
    return render_page(entry, preview=True), 200


@blueprint.errorhandler(ChangedMeanwhileError)
def show_changed(_error: ChangedMeanwhileError) -> Page:
    """Show an item as it stands now, to who pressed a button on an older page of it."""
    named = request.view_args or {}
    return item_page(item_or_404(named.get("kind", "treatment"), named["slug"]), changed_notice(), 409)


@blueprint.errorhandler(services.NoSuchVersionError)
def refuse_version(_error: services.NoSuchVersionError) -> Page:
    """Answer that there is no such version."""
    abort(404)


def preview_page(html: Markup) -> Page:
    """Return a page of a preview alone, which script puts beside the form."""
    return render_template("content/editing/preview.html", html=html), 200


def form_of(kind: str) -> type[EditForm]:
    """Return the form of a kind of which there can be more, or answer that there is no such page."""
    return FORMS[kind] if kind in NEW_OF_KIND else abort(404)


def erasable_or_404(kind: str, slug: str) -> ContentItem:
    """Return an item, unless it is the page that the site cannot be without."""
    form_of(kind)
    return item_or_404(kind, slug)


def erase_page(target: ContentItem) -> Page:
    """Return the page that asks before an item is erased."""
    entry = entry_or_404(target.kind, target.slug)
    context = {"title": views.title_of(entry), "form": views.action_form(target)}
    return render_template("content/editing/erase.html", item=target, **context), 200


def action(kind: str, slug: str) -> tuple[ActionForm, ContentItem]:
    """Return the press on a button that was sent, and the item that it is about."""
    form, target = ActionForm(), item_or_404(kind, slug)
    if not form.validate():
        abort(400)
    return form, target


def address_of(target: ContentItem) -> str:
    """Return the address of an item's page."""
    return url_for("editing.item", kind=target.kind, slug=target.slug)


def item_page(target: ContentItem, notice: Notice | None = None, status: int = 200) -> Page:
    """Return an item's page."""
    entry = entry_or_404(target.kind, target.slug)
    page = render_template("content/editing/item.html", notice=notice, **views.item_context(entry))
    return page, status


def new_page(kind: str, form: EditForm, notice: Notice | None = None, status: int = 200) -> Page:
    """Return the page with the form of an item that is not there yet."""
    form.show_version(0)
    return (
        render_template(
            "content/editing/edit.html",
            kind=kind,
            heading=NEW_OF_KIND[kind],
            form=form,
            item=None,
            notice=notice,
            changes=[],
            preview="",
            **lists(kind),
        ),
        status,
    )


def edit_page(
    entry: Entry,
    form: EditForm,
    notice: Notice | None = None,
    status: int = 200,
    *,
    changes: list[Any] | None = None,
    preview: str = "",
) -> Page:
    """Return the page with an item's form as it stands."""
    kind = entry.item.kind
    return (
        render_template(
            "content/editing/edit.html",
            kind=kind,
            heading=views.title_of(entry) or ONE_OF_KIND[kind],
            form=form,
            item=entry.item,
            notice=notice,
            changes=changes or [],
            preview=preview or render_fragment(entry),
            **lists(kind),
        ),
        status,
    )


def conflict_page(kind: str, slug: str, form: EditForm) -> Page:
    """Return the form with everything typed, and how it differs from what another person saved."""
    entry = entry_or_404(kind, slug)
    form.show_version(entry.item.version)
    changes = differences(entry.body, form.body_on(entry.body))
    return edit_page(entry, form, changed_notice(), 409, changes=changes)


def lists(kind: str) -> dict[str, Any]:
    """Return what the forms suggest."""
    language = page_language()
    return {
        "countries": names.country_names(language).values(),
        "languages": names.language_names(language).values(),
        "levels": terms.LEVELS,
        "measures": MEASURES,
        "stories": views.stories() if kind == "recent" else [],
    }
