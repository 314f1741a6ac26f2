"""``flask content``: the content that comes with the site."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.content.starter import load_starter

content = AppGroup("content", help="Load the content that comes with the site.")


@content.command("load")
def load_command() -> None:
    """Load what was never loaded before; what staff changed or took away stays as it is."""
    for name in load_starter():
        click.echo(_("Loaded: %(name)s", name=name))
