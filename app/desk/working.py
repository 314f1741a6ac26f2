"""What staff do with an inquiry on its page: take it, hand it over, note, follow up, move."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, redirect, render_template, request, url_for

from app.accounts.actor import current_actor
from app.accounts.colleagues import colleague_of
from app.accounts.roles import WORK_ON_INQUIRIES
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.days import read_day, today
from app.core.extensions import checks_own_token
from app.core.fields import ChangeForm
from app.desk import conflict, notices
from app.desk.blueprint import Page, blueprint
from app.desk.finding import inquiry_or_404
from app.desk.page import inquiry_page
from app.desk.timeline import changes_since
from app.desk.work_forms import FollowUpForm, GiveForm, MoveForm, NoteForm, ReasonForm
from app.inquiries import services, workflow
from app.inquiries.models import Inquiry

ONE_PRESS_DAYS = (1, 7, 30)
"""Days from today that a follow-up date is set to by one press."""


@blueprint.post("/inquiries/<reference>/take")
@allow(WORK_ON_INQUIRIES)
def take(reference: str) -> Page:
    """Let who presses the button see to an inquiry, or nobody."""
    inquiry, form = inquiry_or_404(reference), pressed()
    owner = None if request.form.get("action") == "give_back" else colleague_of(current_actor())
    return made(inquiry, form, lambda: services.give_to(inquiry, owner, "", seen(form), current_actor()))


@blueprint.post("/inquiries/<reference>/owner")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def hand_over(reference: str) -> Page:
    """Hand an inquiry over to a colleague, who gets a mail."""
    inquiry, form = inquiry_or_404(reference), GiveForm()
    if not form.validate():
        return given_back(inquiry, form)
    return made(
        inquiry,
        form,
        lambda: services.give_to(inquiry, form.colleague, form.reason.data, seen(form), current_actor()),
    )


@blueprint.post("/inquiries/<reference>/follow-up")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def set_follow_up(reference: str) -> Page:
    """Set the day on which an inquiry should be looked at again, or take it away."""
    inquiry, form = inquiry_or_404(reference), FollowUpForm()
    if (days := request.form.get("in_days", "")) in map(str, ONE_PRESS_DAYS):
        form.day.data = (today() + timedelta(days=int(days))).isoformat()
    is_taken_away = request.form.get("action") == "clear"
    if not (form.version.data if is_taken_away else form.validate()):
        return given_back(inquiry, form)
    day = None if is_taken_away else read_day(form.day.data)
    return made(inquiry, form, lambda: services.set_follow_up(inquiry, day, seen(form), current_actor()))


@blueprint.post("/inquiries/<reference>/notes")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def add_note(reference: str) -> Page:
    """Add a note to an inquiry, or give the page back with its text and what to do."""
    inquiry, form = inquiry_or_404(reference), NoteForm()
    if not form.validate():
        return given_back(inquiry, form)
    return made(
        inquiry,
        form,
        lambda: services.add_note(inquiry, form.text.data, seen(form), current_actor(), form.colleagues),
    )


@blueprint.post("/inquiries/<reference>/moves")
@allow(WORK_ON_INQUIRIES)
def move_inquiry(reference: str) -> Page:
    """Move an inquiry to another status that needs no reason."""
    inquiry, form = inquiry_or_404(reference), MoveForm()
    if not form.validate() or form.target.data in workflow.REASONS:
        abort(400)
    return made(
        inquiry,
        form,
        lambda: services.move_inquiry(inquiry, form.target.data, seen(form), current_actor()),
    )


@blueprint.get("/inquiries/<reference>/moves/<target>")
@allow(WORK_ON_INQUIRIES)
def ask_reason(reference: str, target: str) -> Page:
    """Ask why an inquiry is closed or declined."""
    inquiry, form = inquiry_or_404(reference), reason_form(target, empty=True)
    form.show_version(inquiry.version)
    return reason_page(inquiry, form)


@blueprint.post("/inquiries/<reference>/moves/<target>")
@checks_own_token
@allow(WORK_ON_INQUIRIES)
def move_with_reason(reference: str, target: str) -> Page:
    """Close or decline an inquiry for a reason, or give the form back."""
    inquiry, form = inquiry_or_404(reference), reason_form(target)
    if not form.validate():
        notice = notices.stale_notice() if form.csrf_token.errors else None
        return reason_page(inquiry, form, notice, 422)
    return made(
        inquiry,
        form,
        lambda: services.move_inquiry(
            inquiry,
            target,
            seen(form),
            current_actor(),
            reason=form.reason.data,
            words=form.words.data,
        ),
    )


def reason_form(target: str, *, empty: bool = False) -> ReasonForm:
    """Return the form of a move that needs a reason, or answer that there is no such move."""
    if target not in workflow.REASONS:
        abort(404)
    return ReasonForm(target, formdata=None) if empty else ReasonForm(target)


def reason_page(
    inquiry: Inquiry,
    form: ReasonForm,
    notice: dict[str, str] | None = None,
    status: int = 200,
    seen_version: int | None = None,
) -> Page:
    """Return the page that asks why; that the inquiry is read is recorded first.

    ``seen_version`` is the version that the form's author saw, where somebody else was faster.
    """
    services.read_inquiry(inquiry, current_actor())
    context: dict[str, Any] = {"inquiry": inquiry, "form": form, "notice": notice}
    if seen_version is not None:
        context["changes"] = conflict.differences(inquiry, form)
        context["since"] = changes_since(inquiry, seen_version)
        form.show_version(inquiry.version)
    return render_template("desk/reason.html", **context), status


def pressed() -> ChangeForm:
    """Return the form of a button that sends nothing but the version its reader saw."""
    form = ChangeForm()
    return form if form.validate() else abort(400)


def seen(form: ChangeForm) -> int:
    """Return the version that the author of a change saw."""
    return int(form.version.data)


def given_back(inquiry: Inquiry, form: ChangeForm) -> Page:
    """Return the inquiry's page with a form that could not be taken, and everything typed in it."""
    notice = notices.stale_notice() if form.csrf_token.errors else None
    return inquiry_page(inquiry, form, notice, status=422)


def made(inquiry: Inquiry, form: ChangeForm, act: Callable[[], None]) -> Page:
    """Make a change and lead back to the inquiry.

    If somebody else was faster, its page is given back with what they did, and with everything typed here.
    """
    try:
        act()
    except (ChangedMeanwhileError, workflow.MoveNotAllowedError, services.NotAColleagueError):
        if isinstance(form, ReasonForm):
            return reason_page(inquiry, form, notices.changed_notice(), 409, seen(form))
        return inquiry_page(inquiry, form, notices.changed_notice(), 409, seen(form))
    # The way on goes from what comes next: nobody tabs through the page's head again.
    address = url_for("desk.show_inquiry", reference=inquiry.reference, _anchor="next")
    return redirect(address, 303)
