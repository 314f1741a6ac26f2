"""Answering a person by mail, and having a mail sent again that could not be delivered."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.actor import current_actor
from app.accounts.colleagues import name_of
from app.accounts.roles import WORK_ON_INQUIRIES
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token
from app.core.fields import without_hidden_characters
from app.core.i18n import comma_list, own_name
from app.desk import answers, notices, reply_notices
from app.desk.asked_about import Places, found_of, pieces
from app.desk.blueprint import Page, blueprint
from app.desk.finding import inquiry_or_404
from app.desk.notices import Notice
from app.desk.reach import reach
from app.desk.reply_forms import ReplyForm
from app.desk.timeline import Entry, changes_since
from app.inquiries import answering, replies, services, vocabulary, workflow
from app.inquiries.confidences import CONFIDENCES, confidences_in, name_of_writer
from app.inquiries.models import Inquiry, ReplyTemplate
from app.inquiries.promises import PROMISES, promises_in
from app.inquiries.sending import answers_of
from app.outbox.queries import mail_about


@blueprint.get("/inquiries/<reference>/reply")
@allow(WORK_ON_INQUIRIES)
def write_reply(reference: str) -> Page:
    """Show the page that an answer is written on."""
    inquiry, form = inquiry_or_404(reference), ReplyForm(formdata=None)
    form.show_version(inquiry.version)
    return reply_page(inquiry, form)


@blueprint.post("/inquiries/<reference>/reply")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def send_reply(reference: str) -> Page:
    """Send an answer, ask about some of its words first, or give the page back with it."""
    inquiry, form = inquiry_or_404(reference), ReplyForm()
    action = request.form.get("action")
    if "use" in request.form:
        return reply_page(inquiry, form, begin_with(inquiry, form, request.form["use"]))
    if action == "change":
        return reply_page(inquiry, form)
    if not form.validate():
        return reply_page(inquiry, form, notices.stale_notice() if form.csrf_token.errors else None, 422)
    if action != "send_as_is" and (found := asked_about(form.text.data, inquiry)):
        return check_page(inquiry, form, found)
    return sent(inquiry, form)


@blueprint.post("/inquiries/<reference>/mails/<int:number>/again")
@allow(WORK_ON_INQUIRIES)
def send_mail_again(reference: str, number: int) -> Page:
    """Have a mail about an inquiry sent again, the first one being the oldest."""
    inquiry = inquiry_or_404(reference)
    answering.send_again(inquiry, mail_about(inquiry.id, number) or abort(404), current_actor())
    return redirect(url_for("desk.show_inquiry", reference=reference), 303)


def begin_with(inquiry: Inquiry, form: ReplyForm, handle: str) -> Notice | None:
    """Put a template's words into a form: before what was typed, in place of another template's alone.

    Returns what there is to say of it.
    """
    template, before = replies.template_of(handle), replies.template_of(form.template.data or "")
    if template is None:
        return reply_notices.template_gone_notice()
    values = replies.values_for(inquiry, name_of(current_actor().staff_id))
    typed = without_hidden_characters(form.text.data or "")
    is_untouched = before is not None and typed == replies.filled(before.text, values)
    words = replies.filled(template.text, values)
    form.template.data = handle
    if typed and not is_untouched:
        form.text.data = f"{words}\n\n{typed}"
        return reply_notices.typed_stands_below_notice()
    form.text.data = words
    return None


def asked_about(text: str, inquiry: Inquiry) -> Places:
    """Return the words of an answer that are asked about before it is sent, by kind."""
    return {**promises_in(text), **confidences_in(text, answers_of(inquiry))}


def sent(inquiry: Inquiry, form: ReplyForm) -> Page:
    """Send an answer and lead back to the inquiry; if somebody else was faster, show what they did."""
    text, seen_version, actor = form.text.data, form.version.data, current_actor()
    template = replies.template_of(form.template.data or "")
    try:
        answering.send_reply(
            inquiry,
            text,
            template.handle if template else "",
            seen_version,
            actor,
            language=template.language if template else "",
            then_wait=form.then_wait.data,
        )
    except answering.NoAddressError:
        return reply_page(inquiry, form, status=422)
    except (ChangedMeanwhileError, workflow.MoveNotAllowedError):
        # The same button pressed twice sends once.
        if not answering.was_sent(inquiry, text, seen_version, actor):
            changes = changes_since(inquiry, seen_version)
            form.show_version(inquiry.version)
            return reply_page(inquiry, form, reply_notices.not_sent_notice(), 409, changes)
    return redirect(url_for("desk.show_inquiry", reference=inquiry.reference), 303)


def reply_page(
    inquiry: Inquiry,
    form: ReplyForm,
    notice: Notice | None = None,
    status: int = 200,
    changes: Sequence[Entry] = (),
) -> Page:
    """Return the page that an answer is written on, with what was typed."""
    services.read_inquiry(inquiry, current_actor())
    if not isinstance(form.version.data, int):
        form.show_version(inquiry.version)
    given = answers_of(inquiry)
    context = {
        "inquiry": inquiry,
        "form": form,
        "notice": notice,
        "changes": changes,
        "address": given.get("email", ""),
        "name": name_of_writer(given),
        "reach": reach(given),
        "rows": short_rows(given),
        "offered": offered_by_language(inquiry),
        "may_then_wait": answering.may_then_wait(inquiry),
    }
    return render_template("desk/reply.html", **context), status


def check_page(inquiry: Inquiry, form: ReplyForm, found: Places) -> Page:
    """Return the page that asks about words of an answer before it is sent."""
    services.read_inquiry(inquiry, current_actor())
    text = form.text.data
    context = {
        "inquiry": inquiry,
        "form": form,
        "address": inquiry.answers.get("email", ""),
        "promises": found_of(text, found, PROMISES),
        "confidences": found_of(text, found, CONFIDENCES),
        "pieces": pieces(text, found),
    }
    return render_template("desk/reply_check.html", **context), 200


def short_rows(given: Mapping[str, Any]) -> answers.Rows:
    """Return a person's answers in short, as they are read beside an answer to them."""
    hopes = comma_list(str(vocabulary.HOPES[hope]) for hope in given.get("hopes", ()))
    rows: answers.Rows = [
        (_("Name"), given["patient_name"], False),
        (_("Filled in by"), answers.filling_in_text(given.get("filling_in")), False),
        (_("Helper’s name"), given.get("helper_name", ""), False),
        (_("Region"), answers.region_text(given.get("injury_region")), False),
        (_("Neurological level, as told"), given.get("injury_level", ""), False),
        (_("Completeness, as told"), answers.completeness_text(given.get("completeness")), False),
        (_("When"), answers.when_text(given.get("injury_year"), given.get("injury_month")), False),
        (_("Improve"), hopes, False),
        (_("Message"), given.get("message", ""), True),
    ]
    return [row for row in rows if row[1]]


def offered_by_language(inquiry: Inquiry) -> list[tuple[str, str, list[ReplyTemplate]]]:
    """Return the code and the name of each language with the templates offered in it, the person's first."""
    groups = groupby(replies.offered_for(inquiry), lambda template: template.language)
    return [(language, own_name(language), list(group)) for language, group in groups]
