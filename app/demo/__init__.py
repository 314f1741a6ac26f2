"""Inquiries of people who do not exist, for trying the desk out."""

from flask import Flask

from app.core.commands import add_commands


def init_app(app: Flask) -> None:
    """Add the ``flask demo`` commands."""
    add_commands(app, "demo", "app.demo.cli:demo")
