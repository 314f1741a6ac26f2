"""The ``flask`` commands, each loaded when it is called: what serves pages needs none of them."""

import click
from flask import Flask
from flask.cli import AppGroup
from werkzeug.utils import import_string


class Commands(AppGroup):
    """Groups of commands by the names of their modules (Click's "lazily loading subcommands")."""

    def __init__(self, name: str) -> None:
        """Begin with no commands."""
        super().__init__(name=name)
        self.places: dict[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, loaded or not."""
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None if there is none of this name."""
        if cmd_name in self.places and cmd_name not in self.commands:
            self.add_command(import_string(self.places[cmd_name]), cmd_name)
        return super().get_command(ctx, cmd_name)


def init_commands(app: Flask) -> None:
    """Let features add theirs."""
    app.cli = app.extensions["commands"] = Commands(app.name)


def add_commands(app: Flask, name: str, place: str) -> None:
    """Add ``flask <name>``; ``place`` is where the group stands, as ``app.audit.cli:audit``."""
    app.extensions["commands"].places[name] = place
