"""The page of one member of staff: roles, second factor, sessions, and whether the account is in use."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from app.accounts import changing, keeping, sessions
from app.accounts.actor import current_actor
from app.accounts.blueprint import blueprint
from app.accounts.changing import role_names
from app.accounts.freshness import confirmed
from app.accounts.handles import handle_of, user_of_handle
from app.accounts.models import User
from app.accounts.pages import views
from app.accounts.pages.forms import RolesForm, SwitchOffForm
from app.accounts.pages.handles import with_handle
from app.accounts.pages.views import Notice
from app.accounts.roles import ADMINISTRATOR, KEEP_STAFF
from app.core.access import allow
from app.core.changes import ChangedMeanwhileError
from app.core.extensions import checks_own_token
from app.core.i18n import isolated

Page = tuple[str, int] | Response


@blueprint.get("/users/<string(length=16):handle>")
@allow(KEEP_STAFF)
def user(handle: str) -> Page:
    """Show one member of staff."""
    return user_page(user_or_404(handle))


@blueprint.post("/users/<string(length=16):handle>/roles")
@checks_own_token
@allow(KEEP_STAFF)
@confirmed
def change_roles(handle: str) -> Page:
    """Give a member of staff other roles, or give the form back with what to change."""
    person, form = user_or_404(handle), RolesForm()
    if not form.validate():
        return user_page(person, form, status=422)
    if gives_up(person, form) and not form.gives_up.data:
        form.gives_up.errors = [_("Tick this box if you mean to take the role from yourself.")]
        return user_page(person, form, status=422)
    try:
        changing.set_roles(person, form.roles.data, current_actor(), seen=form.seen_roles())
    except ChangedMeanwhileError:
        notice = views.changed_roles_notice(role_names(person), form.roles.data)
        return user_page(person, form, notice=notice, status=409)
    except keeping.LastAdministratorError:
        return user_page(person, form, notice=views.last_administrator_notice(), status=409)
    flash(_("The roles of %(name)s are saved.", name=isolated(person.name)))
    return redirect(url_for("accounts.user", handle=handle), 303)


@blueprint.post("/users/<string(length=16):handle>/off")
@checks_own_token
@allow(KEEP_STAFF)
@confirmed
def switch_off(handle: str) -> Page:
    """Let a member of staff sign in no more; of oneself, only with a tick that it is meant."""
    person, form = user_or_404(handle), SwitchOffForm()
    if not form.validate():
        return user_page(person, off_form=form, status=422)
    if is_own(person) and not form.sure.data:
        form.sure.errors = [_("Tick this box if you mean to switch your own account off.")]
        return user_page(person, off_form=form, status=422)
    try:
        keeping.switch_off(person.email, current_actor())
    except keeping.LastAdministratorError:
        return user_page(person, off_form=form, notice=views.last_administrator_notice(), status=409)
    flash(_("%(name)s is signed out and cannot sign in any more.", name=isolated(person.name)))
    return redirect(url_for("accounts.user", handle=handle), 303)


@blueprint.post("/users/<string(length=16):handle>/on")
@allow(KEEP_STAFF)
@confirmed
def switch_on(handle: str) -> Page:
    """Let a member of staff sign in again."""
    person = user_or_404(handle)
    keeping.switch_on(person.email, current_actor())
    flash(_("%(name)s can sign in again.", name=isolated(person.name)))
    return redirect(url_for("accounts.user", handle=handle), 303)


@blueprint.post("/users/<string(length=16):handle>/second-factor")
@allow(KEEP_STAFF)
@confirmed
def reset_second_factor(handle: str) -> Page:
    """Forget the second factor of someone who lost it; one's own is kept on another page."""
    person = user_or_404(handle)
    if is_own(person):
        return user_page(person, notice=views.own_factor_notice(), status=409)
    keeping.reset_second_factor(person.email, current_actor())
    flash(
        _(
            "%(name)s is signed out. The earlier second factor does not work any more.",
            name=isolated(person.name),
        )
    )
    return redirect(url_for("accounts.user", handle=handle), 303)


@blueprint.post("/users/<string(length=16):handle>/sessions")
@allow(KEEP_STAFF)
def end_user_sessions(handle: str) -> Page:
    """End the session of a member of staff that the form names, or all where it names none."""
    person = user_or_404(handle)
    if "session" not in request.form:
        changing.end_all_sessions(person, current_actor())
        flash(_("%(name)s is signed out everywhere.", name=isolated(person.name)))
    elif ended := with_handle(sessions.sessions_of(person), request.form["session"]):
        sessions.end_session(ended, current_actor())
        flash(_("The session is ended."))
    return redirect(url_for("accounts.user", handle=handle), 303)


def user_or_404(handle: str) -> User:
    """Return the member of staff with this handle, or answer that there is none."""
    return user_of_handle(handle) or abort(404)


def is_own(person: User) -> bool:
    """Return whether an account is that of whoever is asking."""
    return bool(person.id == current_user.id)


def gives_up(person: User, form: RolesForm) -> bool:
    """Return whether someone would take the role that keeps accounts from themself."""
    return is_own(person) and ADMINISTRATOR in role_names(person) and ADMINISTRATOR not in form.roles.data


def user_page(
    person: User,
    roles_form: RolesForm | None = None,
    off_form: SwitchOffForm | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> Page:
    """Return the page of a member of staff, with forms as they were sent."""
    held = role_names(person)
    sent = roles_form or off_form
    shown_roles = roles_form or RolesForm(formdata=None, data={"roles": held})
    shown_roles.show_seen(held)
    if sent and sent.csrf_token.errors:
        notice = views.stale_notice()
    return (
        render_template(
            "accounts/user.html",
            person=person,
            row=views.staff_rows([person])[0],
            is_own=is_own(person),
            keeps_accounts=ADMINISTRATOR in held,
            handle=handle_of(person),
            sessions=views.session_rows(sessions.sessions_of(person)),
            form=sent,
            roles_form=shown_roles,
            off_form=off_form or SwitchOffForm(formdata=None),
            notice=notice,
        ),
        status,
    )
