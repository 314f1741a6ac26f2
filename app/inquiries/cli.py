"""``flask replies``: the reply templates that come with the site."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.inquiries.replies import load_starter

commands = AppGroup("replies", help="Load the reply templates that come with the site.")


@commands.command("load")
def load_command() -> None:
    """Load them if they were never loaded; what administrators changed or took away stays as it is."""
    for name in load_starter():
        click.echo(_("Loaded: %(name)s", name=name))
