"""The page of one inquiry, whatever was just done on it."""

from flask import render_template

from app.accounts.actor import current_actor
from app.accounts.roles import READ_INQUIRIES
from app.core.access import allow
from app.core.fields import ChangeForm
from app.desk import inquiry_views
from app.desk.blueprint import Page, blueprint
from app.desk.finding import inquiry_or_404
from app.inquiries import services
from app.inquiries.models import Inquiry


@blueprint.get("/inquiries/<reference>")
@allow(READ_INQUIRIES)
def show_inquiry(reference: str) -> Page:
    """Show one inquiry."""
    return inquiry_page(inquiry_or_404(reference))


def inquiry_page(
    inquiry: Inquiry,
    sent: ChangeForm | None = None,
    notice: dict[str, str] | None = None,
    status: int = 200,
    seen_version: int | None = None,
) -> Page:
    """Return the page of an inquiry; that it is read is recorded first.

    ``sent`` is a form that could not be taken: it stands on the page as it was sent. ``seen_version`` is the
    version that its author saw, where somebody else was faster: what came since is shown.
    """
    services.read_inquiry(inquiry, current_actor())
    context = inquiry_views.inquiry_context(inquiry, sent, seen_version)
    return render_template("desk/inquiry.html", notice=notice, **context), status
