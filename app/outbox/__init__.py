"""Mails that leave exactly when the act that they tell of was kept, sent by a worker of their own."""

from flask import Flask

from app.core.commands import add_commands
from app.core.health import add_check
from app.outbox.delivery import init_templates
from app.outbox.worker import some_worker_is_alive


def init_app(app: Flask) -> None:
    """Add the ``flask outbox`` commands, and the workers' sign of life to ``/readyz``."""
    # In debug mode Flask-Mail prints each dialogue with the server, addresses and words included.
    app.extensions["mail"].debug = 0
    init_templates(app)
    add_commands(app, "outbox", "app.outbox.cli:outbox")
    add_check(app, "worker", some_worker_is_alive)
