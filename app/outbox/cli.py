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
from app.outbox.models import OutboxMail
from app.outbox.worker import run_worker

outbox = AppGroup("outbox", help="Send mails, and show what waits.")

STATE_WORDS = {
    "queued": _l("Waiting"),
    "sending": _l("Being sent"),
    "sent": _l("Sent"),
    "failed": _l("Failed"),
}


@outbox.command("work")
def work_command() -> None:
    """Send mails until told to stop (SIGTERM or Ctrl-C)."""
    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]


@outbox.command("show")
def show_command() -> None:
    """Show how many mails wait, were sent or failed; never to whom."""
    by_state = sa.select(OutboxMail.state, sa.func.count()).group_by(OutboxMail.state)
    counts = dict.fromkeys(STATE_WORDS, 0)
    for state, count in db.session.execute(by_state):
        counts[state] = count
    for state, count in counts.items():
        click.echo(f"{STATE_WORDS[state]}: {count}")
    oldest = db.session.scalar(
        sa.select(OutboxMail)
        .where(OutboxMail.state.in_(("queued", "sending")))
        .order_by(OutboxMail.queued_at)
        .limit(1)
    )
    if oldest:
        click.echo(_("Waiting longest: %(mail)s", mail=line(oldest)))
    failed = db.session.scalars(
        sa.select(OutboxMail).where(OutboxMail.state == "failed").order_by(OutboxMail.queued_at)
    )
    for mail in failed:
        click.echo(_("Failed: %(mail)s", mail=line(mail)))


@outbox.command("retry")
@click.argument("mails", type=click.UUID, nargs=-1, required=True)
def retry_command(mails: tuple[UUID, ...]) -> None:
    """Try failed mails again, by their ids."""
    again = db.session.scalars(
        sa.update(OutboxMail)
        .where(OutboxMail.id.in_(mails), OutboxMail.state == "failed")
        .values(state="queued", due_at=now())
        .returning(OutboxMail.id),
        execution_options={"synchronize_session": False},
    ).all()
    db.session.commit()
    click.echo(_("Waiting again: %(count)s", count=len(again)))
    if len(again) < len(set(mails)):
        raise click.ClickException(_("The other ids are of no mail that failed."))


def line(mail: OutboxMail) -> str:
    """Return what may be shown of a mail: nothing that tells whom it is for."""
    age: timedelta = now() - mail.queued_at
    return _(
        "%(id)s %(kind)s, attempts: %(attempts)s, age: %(age)s",
        id=mail.id,
        kind=mail.message,
        attempts=mail.attempts,
        age=format_timedelta(age),
    )
