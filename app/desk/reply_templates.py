"""The templates that answers begin with, as administrators keep them."""

from itertools import groupby

from flask import abort, redirect, render_template, request, url_for

from app.accounts.actor import current_actor
from app.accounts.roles import KEEP_REPLIES
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token
from app.core.fields import ChangeForm
from app.core.i18n import own_name
from app.desk import notices, reply_notices
from app.desk.answers import words
from app.desk.asked_about import Places, found_of, pieces
from app.desk.blueprint import Page, blueprint
from app.desk.notices import Notice
from app.desk.reply_forms import ALL, ReplyTemplateForm
from app.inquiries import replies, vocabulary
from app.inquiries.models import ReplyTemplate
from app.inquiries.promises import PROMISES, promises_in


@blueprint.get("/reply-templates")
@allow(KEEP_REPLIES)
def reply_templates() -> Page:
    """List the templates by their languages."""
    groups = groupby(replies.all_templates(), lambda row: row.language)
    listed = [(language, own_name(language), list(rows)) for language, rows in groups]
    return render_template("desk/reply_templates.html", groups=listed, statuses=vocabulary.STATUS), 200


@blueprint.get("/reply-templates/new")
@allow(KEEP_REPLIES)
def new_reply_template() -> Page:
    """Show the empty form of a template."""
    form = ReplyTemplateForm(formdata=None)
    form.show_version(0)
    return template_page(form, None)


@blueprint.post("/reply-templates/new")
@checks_own_token
@allow(KEEP_REPLIES)
def create_reply_template() -> Page:
    """Keep a new template, or give the form back with what was typed and what to do."""
    form = ReplyTemplateForm()
    if (given_back := before_saving(form, None)) is not None:
        return given_back
    replies.create_template(form.template(), current_actor())
    return redirect(url_for("desk.reply_templates"), 303)


@blueprint.get("/reply-templates/<template>")
@allow(KEEP_REPLIES)
def edit_reply_template(template: str) -> Page:
    """Show the form with what stands in a template."""
    row = template_or_404(template)
    return template_page(ReplyTemplateForm.of(row), row)


@blueprint.post("/reply-templates/<template>")
@checks_own_token
@allow(KEEP_REPLIES)
def save_reply_template(template: str) -> Page:
    """Keep what was changed, or give the form back with what was typed and what to do."""
    form, row = ReplyTemplateForm(), replies.template_of(template)
    if row is None:
        return template_page(form, None, reply_notices.template_removed_notice(), 409)
    if (given_back := before_saving(form, row)) is not None:
        return given_back
    try:
        replies.change_template(row, form.template(), form.version.data, current_actor())
    except ChangedMeanwhileError:
        return conflict_page(form, template)
    return redirect(url_for("desk.reply_templates"), 303)


@blueprint.get("/reply-templates/<template>/remove")
@allow(KEEP_REPLIES)
def ask_before_removing_reply_template(template: str) -> Page:
    """Ask before a template is removed for good."""
    row, form = template_or_404(template), ChangeForm(formdata=None)
    form.show_version(row.version)
    return render_template("desk/reply_template_remove.html", row=row, form=form), 200


@blueprint.post("/reply-templates/<template>/remove")
@allow(KEEP_REPLIES)
def remove_reply_template(template: str) -> Page:
    """Remove a template for good, as its reader saw it."""
    row, form = template_or_404(template), ChangeForm()
    if not form.validate():
        abort(400)
    try:
        replies.remove_template(row, form.version.data, current_actor())
    except ChangedMeanwhileError:
        return redirect(url_for("desk.ask_before_removing_reply_template", template=template), 303)
    return redirect(url_for("desk.reply_templates"), 303)


def template_or_404(handle: str) -> ReplyTemplate:
    """Return the template with this handle, or answer that there is none."""
    return replies.template_of(handle) or abort(404)


def before_saving(form: ReplyTemplateForm, row: ReplyTemplate | None) -> Page | None:
    """Return the form's page if it cannot be kept, or something is asked about first; None to go on."""
    if not form.validate():
        return template_page(form, row, notices.stale_notice() if form.csrf_token.errors else None, 422)
    found = promises_in(form.text.data)
    if found and request.form.get("action") != "save_as_is":
        return template_page(form, row, found=found)
    return None


def conflict_page(form: ReplyTemplateForm, handle: str) -> Page:
    """Give a form back whose template somebody else changed, beside how that stands now."""
    row = replies.template_of(handle)
    if row is None:
        return template_page(form, None, reply_notices.template_removed_notice(), 409)
    form.show_version(row.version)
    return template_page(form, row, reply_notices.template_changed_notice(), 409)


def template_page(
    form: ReplyTemplateForm,
    row: ReplyTemplate | None,
    notice: Notice | None = None,
    status: int = 200,
    found: Places | None = None,
) -> Page:
    """Return the form of a template, or of one that is not there yet."""
    if not isinstance(form.version.data, int):
        form.show_version(row.version if row else 0)
    text = form.text.data or ""
    context = {
        "form": form,
        "row": row,
        "notice": notice,
        "placeholders": replies.PLACEHOLDERS,
        "promises": found_of(text, found or {}, PROMISES),
        "pieces": pieces(text, found or {}),
        "standing": [] if row is None or status != 409 else standing_rows(row),
    }
    return render_template("desk/reply_template.html", **context), status


def standing_rows(row: ReplyTemplate) -> list[tuple[str, str, bool]]:
    """Return a template as it stands, to be read beside what was typed."""
    form = ReplyTemplateForm(formdata=None)
    return [
        (str(form.name.label.text), row.name, False),
        (str(form.language.label.text), own_name(row.language), False),
        (str(form.status.label.text), words(form.status.answers, row.status or ALL), False),
        (str(form.text.label.text), row.text, True),
    ]
