"""``flask users``: invitations, who has an account, and what is done for who lost a way in."""

from collections.abc import Callable, Iterable
from functools import partial

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import changing, invitations, keeping, queries, signing_in
from app.accounts.models import INVITATION_LIFETIME, User
from app.accounts.roles import ROLES
from app.audit.log import SYSTEM, Actor

users = AppGroup("users", help="Invite staff, and keep their accounts.")


@users.command("invite")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="Repeatable."
)
def invite_command(email: str, roles: tuple[str, ...]) -> None:
    """Mail a one-time link that makes an account for EMAIL."""
    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False)
        invitation = invitations.invite(email, roles)
    except EmailNotValidError:
        raise click.ClickException(_("This is not an e-mail address that mail can go to.")) from None
    except keeping.AddressTakenError:
        raise click.ClickException(_("There is an account with this address already.")) from None
    click.echo(
        _(
            "%(email)s is invited as: %(roles)s. The mail with the link waits in the outbox; the link "
            "works once, until %(end)s.",
            email=invitation.email,
            roles=", ".join(str(ROLES[role]) for role in dict.fromkeys(roles)),
            end=f"{invitation.ends_at:%Y-%m-%d %H:%M} UTC",
        )
    )


@users.command("first-administrator")
def first_administrator_command() -> None:
    """Print a one-time address that makes the first account, while there is none."""
    link = invitations.first_administrator_link()
    if link is None:
        click.echo(
            _("There are staff accounts already. Invite others with: flask users invite EMAIL --role ROLE")
        )
        return
    days = INVITATION_LIFETIME.days
    click.echo(_("Open this address to make the first administrator's account:"))
    click.echo(link)
    click.echo(
        ngettext(
            "It works once, for %(num)s day. Addresses printed before do not work any more.",
            "It works once, for %(num)s days. Addresses printed before do not work any more.",
            days,
        )
    )


@users.command("list")
def list_command() -> None:
    """Print every account: address, name, roles, and whether it is in use."""
    for user in queries.all_staff():
        roles = ", ".join(str(ROLES.get(role.name, role.name)) for role in user.roles)
        factor = _("second factor") if signing_in.has_second_factor(user) else _("password only")
        state = _("active") if user.active else _("switched off")
        click.echo(f"{user.email}  {user.name}  [{roles}]  {factor}  {state}")


@users.command("roles")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="Repeatable."
)
def roles_command(email: str, roles: tuple[str, ...]) -> None:
    """Give EMAIL these roles and no others, and sign it out."""
    user = kept(partial(give_roles, roles), email)
    click.echo(
        _(
            "%(email)s is now: %(roles)s.",
            email=user.email,
            roles=", ".join(str(ROLES[name]) for name in changing.role_names(user)),
        )
    )


@users.command("reset-second-factor")
@click.argument("email")
def reset_second_factor_command(email: str) -> None:
    """Forget the authenticator app, passkeys and recovery codes of EMAIL, for who lost them.

    Make sure first, in person or by phone, that it is this person who asks.
    """
    user = kept(keeping.reset_second_factor, email)
    click.echo(
        _(
            "%(email)s is signed out; earlier apps, passkeys and recovery codes do not work.",
            email=user.email,
        )
    )
    if current_app.config["SECURITY_TWO_FACTOR_REQUIRED"]:
        click.echo(_("The next sign-in asks for the password and sets up a new app."))
    else:
        click.echo(_("Until a new app is set up, the password alone signs in."))


@users.command("switch-off")
@click.argument("email")
def switch_off_command(email: str) -> None:
    """Sign EMAIL out and let it sign in no more; what was done with the account stays."""
    user = kept(keeping.switch_off, email)
    click.echo(_("%(email)s is signed out and cannot sign in.", email=user.email))


@users.command("switch-on")
@click.argument("email")
def switch_on_command(email: str) -> None:
    """Let EMAIL sign in again."""
    user = kept(keeping.switch_on, email)
    click.echo(_("%(email)s can sign in again.", email=user.email))


def give_roles(roles: Iterable[str], email: str, actor: Actor) -> User:
    """Give the account with this address these roles; raise what finding or changing it raises."""
    user = keeping.account_of(email)
    changing.set_roles(user, roles, actor)
    return user


def kept(change: Callable[[str, Actor], User], email: str) -> User:
    """Change an account as whoever runs the server, or say why it cannot be."""
    try:
        return change(email, SYSTEM)
    except keeping.NoAccountError:
        raise click.ClickException(_("There is no account with this address.")) from None
    except keeping.LastAdministratorError:
        raise click.ClickException(
            _("This is the last administrator who is active. Make another one first.")
        ) from None
