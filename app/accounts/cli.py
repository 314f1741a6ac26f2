"""``flask users``: invitations, and who has an account."""

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import services
from app.accounts.models import INVITATION_LIFETIME
from app.accounts.roles import ROLES

users = AppGroup("users", help="Invite staff, and list their accounts.")


@users.command("invite")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="Repeatable."
)
def invite_command(email: str, roles: tuple[str, ...]) -> None:
    """Mail a one-time link that makes an account for EMAIL."""
    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False)
        invitation = services.invite(email, roles)
    except EmailNotValidError:
        raise click.ClickException(_("This is not an e-mail address that mail can go to.")) from None
    except services.AddressTakenError:
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
    link = services.first_administrator_link()
    if link is None:
        click.echo(_("There are staff accounts already. An administrator can invite others."))
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
    for user in services.all_staff():
        roles = ", ".join(str(ROLES.get(role.name, role.name)) for role in user.roles)
        factor = _("second factor") if services.has_second_factor(user) else _("password only")
        state = _("active") if user.active else _("switched off")
        click.echo(f"{user.email}  {user.name}  [{roles}]  {factor}  {state}")
