"""The page of all staff: who has an account, who is invited, and who may do what."""

from math import ceil

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import invitations, keeping, queries
from app.accounts.actor import current_actor
from app.accounts.blueprint import blueprint
from app.accounts.freshness import confirmed
from app.accounts.models import INVITATION_LIFETIME, Invitation
from app.accounts.pages import views
from app.accounts.pages.forms import FindForm, InviteForm
from app.accounts.pages.handles import with_handle
from app.accounts.roles import KEEP_STAFF
from app.core.access import allow
from app.core.extensions import checks_own_token
from app.core.fields import whole_number
from app.core.i18n import isolated

STAFF_PER_PAGE = 50

Page = tuple[str, int] | Response


@blueprint.get("/users")
@allow(KEEP_STAFF)
def users() -> Page:
    """Show who has an account, who is invited, and who may do what."""
    return users_page()


@blueprint.post("/users/find")
@checks_own_token
@allow(KEEP_STAFF)
def find_users() -> Page:
    """Show the staff whose name or address holds what is sought."""
    form = FindForm()
    return users_page(find=form) if form.validate() else users_page(find=form, status=422)


@blueprint.post("/users/invitations")
@checks_own_token
@allow(KEEP_STAFF)
@confirmed
def invite() -> Page:
    """Invite someone, or give the form back with what to change."""
    form = InviteForm()
    if not form.validate():
        return users_page(form, status=422)
    try:
        invitation = invitations.invite(form.email.data, form.roles.data, current_actor())
    except keeping.AddressTakenError:
        form.email.errors = [_("There is an account with this address already.")]
        return users_page(form, status=422)
    flash(_("%(email)s is invited. The mail is on its way.", email=isolated(invitation.email or "")))
    return redirect(url_for("accounts.users"), 303)


@blueprint.post("/users/invitations/again")
@allow(KEEP_STAFF)
@confirmed
def invite_again() -> Page:
    """Send a new link to someone who was invited; the one before ends."""
    before = sent_invitation()
    try:
        invitations.invite(before.email or "", before.roles.split(","), current_actor())
    except keeping.AddressTakenError:
        flash(_("There is an account with this address already."))
    else:
        flash(
            _(
                "A new link is on its way to %(email)s. The one before does not work any more.",
                email=isolated(before.email or ""),
            )
        )
    return redirect(url_for("accounts.users"), 303)


@blueprint.post("/users/invitations/withdraw")
@allow(KEEP_STAFF)
def withdraw_invitation() -> Page:
    """Let a link that was sent make no account any more."""
    invitation = sent_invitation()
    invitations.withdraw_invitation(invitation, current_actor())
    flash(_("The link sent to %(email)s does not work any more.", email=isolated(invitation.email or "")))
    return redirect(url_for("accounts.users"), 303)


def sent_invitation() -> Invitation:
    """Return the open invitation that the form names; one that is over meanwhile has no page."""
    return with_handle(queries.open_invitations(), request.form.get("invitation")) or abort(404)


def users_page(
    invite_form: InviteForm | None = None, find: FindForm | None = None, status: int = 200
) -> Page:
    """Return the list of staff, with forms as they were sent."""
    sent = invite_form or find
    staff = queries.staff_by_name(find.sought.data if find and status == 200 else "")
    pages = ceil(len(staff) / STAFF_PER_PAGE) or 1
    number = min(max(whole_number(request.args.get("page", "")) or 1, 1), pages)
    shown = staff if find else staff[(number - 1) * STAFF_PER_PAGE : number * STAFF_PER_PAGE]
    return (
        render_template(
            "accounts/users.html",
            rows=views.staff_rows(shown),
            count=len(staff),
            is_found=find is not None and status == 200,
            number=number,
            pages=1 if find else pages,
            invitation_days=INVITATION_LIFETIME.days,
            invitations=views.invitation_rows(queries.open_invitations()),
            permissions=views.who_may_what(),
            form=sent,
            find_form=find or FindForm(formdata=None),
            invite_form=invite_form or InviteForm(formdata=None),
            notice=views.stale_notice() if sent and sent.csrf_token.errors else None,
        ),
        status,
    )
