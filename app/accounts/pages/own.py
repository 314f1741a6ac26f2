"""The page of one's own account: name, ways to sign in, sessions, mails and keys."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from app.accounts import changing, cookie, sessions
from app.accounts.actor import current_actor
from app.accounts.blueprint import blueprint
from app.accounts.changing import role_names
from app.accounts.mail_choices import chosen_mails, holds
from app.accounts.models import User
from app.accounts.pages import views
from app.accounts.pages.forms import MailsForm, NameForm, ShortcutsForm
from app.accounts.pages.handles import with_handle
from app.accounts.roles import READ_INQUIRIES
from app.accounts.signing_in import has_app
from app.core.access import SIGNED_IN, allow
from app.core.database import db
from app.core.extensions import checks_own_token

Page = tuple[str, int] | Response


@blueprint.get("/account")
@allow(SIGNED_IN)
def account() -> Page:
    """Show one's own account."""
    return account_page()


@blueprint.post("/account/name")
@checks_own_token
@allow(SIGNED_IN)
def rename() -> Page:
    """Change one's own name, or give the form back with what to change."""
    form = NameForm()
    if not form.validate():
        return account_page(name_form=form)
    changing.rename(me(), form.name.data, current_actor())
    return saved(_("Your name is saved."))


@blueprint.post("/account/mails")
@checks_own_token
@allow(SIGNED_IN)
def choose_mails() -> Page:
    """Keep which mails one wants."""
    form = MailsForm()
    if not form.validate():
        return account_page(mails_form=form)
    changing.choose_mails(me(), form.mails.data, current_actor())
    return saved(_("Your choice of mails is saved."))


@blueprint.post("/account/shortcuts")
@checks_own_token
@allow(SIGNED_IN)
def choose_shortcuts() -> Page:
    """Keep whether single keys do something at the desk."""
    form = ShortcutsForm()
    if not form.validate():
        return account_page(shortcuts_form=form)
    changing.choose_shortcuts(me(), bool(form.uses_shortcuts.data), current_actor())
    return saved(_("Your choice of keyboard shortcuts is saved."))


@blueprint.post("/account/sessions")
@allow(SIGNED_IN)
def end_own_sessions() -> Page:
    """End the session of one's own that the form names, or all others where it names none."""
    person = me()
    if "session" not in request.form:
        changing.end_all_sessions(person, current_actor(), but=cookie.this_session())
        cookie.name_anew(person)
        return saved(_("You are signed out everywhere else."))
    ended = with_handle(sessions.sessions_of(person), request.form["session"])
    if ended is None:
        return saved(_("This session was over already."))
    sessions.end_session(ended, current_actor())
    return saved(_("The session is ended."))


def me() -> User:
    """Return the account of whoever is signed in."""
    return db.session.get_one(User, current_user.id)


def saved(words: str) -> Response:
    """Lead back to the page, which says what was done."""
    flash(words)
    return redirect(url_for("accounts.account"), 303)


def account_page(
    name_form: NameForm | None = None,
    mails_form: MailsForm | None = None,
    shortcuts_form: ShortcutsForm | None = None,
) -> Page:
    """Return the page of one's own account, with the form that could not be taken as it was sent."""
    person = me()
    sent = name_form or mails_form or shortcuts_form
    name_data, mails_data = {"name": person.name}, {"mails": chosen_mails(person)}
    shortcuts_data = {"uses_shortcuts": person.uses_shortcuts}
    return (
        render_template(
            "accounts/account.html",
            person=person,
            roles_text=views.roles_text(role_names(person)),
            permissions=views.what_may(person),
            has_app=has_app(person),
            codes_left=len(person.mf_recovery_codes or ()),
            sessions=views.session_rows(sessions.sessions_of(person), cookie.this_session()),
            gets_mails=holds(person, READ_INQUIRIES),
            form=sent,
            name_form=name_form or NameForm(formdata=None, data=name_data),
            mails_form=mails_form or MailsForm(formdata=None, data=mails_data),
            shortcuts_form=shortcuts_form or ShortcutsForm(formdata=None, data=shortcuts_data),
            notice=views.stale_notice() if sent and sent.csrf_token.errors else None,
        ),
        422 if sent else 200,
    )
