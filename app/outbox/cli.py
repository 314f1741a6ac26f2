"""``flask outbox``: the worker, and what the outbox holds."""

from datetime import timedelta
from uuid import UUID

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.clock import now
from app.core.database import db
from app.outbox.claims import try_again
from app.outbox.kinds import kind_of
from app.outbox.models import OutboxMail
from app.outbox.queries import counts_by_state, failed_mails, waiting_longest
from app.outbox.worker import run_worker

outbox = AppGroup("outbox", help="Send mails, and show what waits.")

STATE_WORDS = {
    "queued": _l("Waiting"),
    "sending": _l("Being sent"),
    "sent": _l("Sent"),
    "failed": _l("Failed"),
}
FAILED_SHOWN = 20
"""How many failed mails are named; the others are counted."""


@outbox.command("work")
def work_command() -> None:
    """Send mails until told to stop (SIGTERM or Ctrl-C)."""
    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]


@outbox.command("show")
def show_command() -> None:
    """Show how many mails wait, were sent or failed; never to whom."""
    counts = counts_by_state()
    for state, words in STATE_WORDS.items():
        click.echo(f"{words}: {counts[state]}")
    oldest = waiting_longest()
    if oldest:
        click.echo(_("Waiting longest: %(mail)s", mail=line(oldest)))
    for mail in failed_mails(FAILED_SHOWN):
        click.echo(_("Failed: %(mail)s", mail=line(mail)))
    if counts["failed"] > FAILED_SHOWN:
        click.echo(_("Failed earlier and not shown: %(count)s", count=counts["failed"] - FAILED_SHOWN))


@outbox.command("retry")
@click.argument("mails", type=click.UUID, nargs=-1, required=True)
def retry_command(mails: tuple[UUID, ...]) -> None:
    """Try failed mails again, by their ids."""
    again = 0
    for mail in db.session.scalars(sa.select(OutboxMail).where(OutboxMail.id.in_(mails))).all():
        if try_again([mail.id]):
            kind_of(mail.message).on_again(mail)
            again += 1
    db.session.commit()
    click.echo(_("Waiting again: %(count)s", count=again))
    if again < len(set(mails)):
        raise click.ClickException(_("The other ids are of no mail that failed."))


def line(mail: OutboxMail) -> str:
    """Return what may be shown of a mail: nothing that tells whom it is for."""
    age: timedelta = now() - mail.queued_at
    shown = _(
        "%(id)s %(kind)s, attempts: %(attempts)s, age: %(age)s",
        id=mail.id,
        kind=mail.message,
        attempts=mail.attempts,
        age=format_timedelta(age),
    )
    return _("%(mail)s, may have arrived", mail=shown) if mail.unanswered else shown
