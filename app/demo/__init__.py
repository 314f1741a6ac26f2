"""Inquiries of people who do not exist, for trying the desk out."""

from flask import Flask

from app.demo.cli import demo


def init_app(app: Flask) -> None:
    """Add the ``flask demo`` commands."""
    app.cli.add_command(demo)
