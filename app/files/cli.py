"""``flask files``: keeping the storage tidy."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.files.sweeping import sweep

files = AppGroup("files", help="Keep the stored files tidy.")


@files.command("sweep")
def sweep_command() -> None:
    """Remove stored content that belongs to nothing and is older than a day."""
    click.echo(_("Removed: %(count)s", count=sweep()))
