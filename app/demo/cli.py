"""``flask demo``: inquiries of people who do not exist, to try the desk out with."""

import secrets

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from app.demo import loading, removing

demo = AppGroup("demo", help="Load inquiries of people who do not exist, and remove them.")


@demo.command("load")
@click.option("--inquiries", "count", type=click.IntRange(1, 10_000_000), default=200, show_default=True)
@click.option("--seed", default="", help="The same seed makes the same people.")
def load_command(count: int, seed: str) -> None:
    """Add inquiries of people who do not exist, marked as that. No mail comes of them."""
    try:
        with click.progressbar(length=count, label=_("Loading")) as bar:
            loading.load(count, seed or secrets.token_hex(4), bar.update)
    except loading.InProductionError:
        raise click.ClickException(
            _("This site is in production: people who do not exist have no place in it.")
        ) from None
    click.echo(
        ngettext(
            "%(num)s inquiry was loaded. Remove all of them with: flask demo remove",
            "%(num)s inquiries were loaded. Remove all of them with: flask demo remove",
            count,
        )
    )


@demo.command("remove")
def remove_command() -> None:
    """Remove every inquiry of people who do not exist, and their team."""
    count = removing.count_demo()
    with click.progressbar(length=count, label=_("Removing")) as bar:
        removing.remove(bar.update)
    click.echo(ngettext("%(num)s inquiry was removed.", "%(num)s inquiries were removed.", count))
