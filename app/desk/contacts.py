"""The contact log: what came of calls and messages outside of this site."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for

from app.accounts.actor import current_actor
from app.accounts.roles import WORK_ON_INQUIRIES
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token
from app.desk import notices, reply_notices
from app.desk.blueprint import Page, blueprint
from app.desk.finding import inquiry_or_404
from app.desk.notices import Notice
from app.desk.reach import reach
from app.desk.reply_forms import ContactForm
from app.desk.timeline import Entry, changes_since
from app.inquiries import answering, services
from app.inquiries.confidences import name_of_writer
from app.inquiries.models import Inquiry
from app.inquiries.sending import answers_of


@blueprint.get("/inquiries/<reference>/contacts")
@allow(WORK_ON_INQUIRIES)
def new_contact(reference: str) -> Page:
    """Show the form that a contact is kept with."""
    inquiry, form = inquiry_or_404(reference), ContactForm(formdata=None)
    form.show_version(inquiry.version)
    return contact_page(inquiry, form)


@blueprint.post("/inquiries/<reference>/contacts")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def log_contact(reference: str) -> Page:
    """Keep a contact, or give the form back with what was typed and what to do."""
    inquiry, form = inquiry_or_404(reference), ContactForm()
    if not form.validate():
        return contact_page(inquiry, form, notices.stale_notice() if form.csrf_token.errors else None, 422)
    seen_version = form.version.data
    try:
        answering.log_contact(inquiry, form.contact(), seen_version, current_actor())
    except ChangedMeanwhileError:
        form.show_version(inquiry.version)
        changes = changes_since(inquiry, seen_version)
        return contact_page(inquiry, form, reply_notices.contact_not_kept_notice(), 409, changes)
    return redirect(url_for("desk.show_inquiry", reference=reference), 303)


def contact_page(
    inquiry: Inquiry,
    form: ContactForm,
    notice: Notice | None = None,
    status: int = 200,
    changes: Sequence[Entry] = (),
) -> Page:
    """Return the form that a contact is kept with, with what was typed."""
    services.read_inquiry(inquiry, current_actor())
    if not isinstance(form.version.data, int):
        form.show_version(inquiry.version)
    given = answers_of(inquiry)
    phone = given.get("phone", "")
    context = {
        "inquiry": inquiry,
        "form": form,
        "notice": notice,
        "changes": changes,
        "name": name_of_writer(given),
        "reach": reach(given),
        "best_time": given.get("best_time", ""),
        "phone": phone,
        "call_address": f"tel:{phone.replace(' ext. ', ';ext=')}",
        "whatsapp_address": f"https://wa.me/{phone.partition(' ')[0].removeprefix('+')}",
    }
    return render_template("desk/contact.html", **context), status
