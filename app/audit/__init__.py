"""The record of who saw or changed what: sealed, chained, and never altered."""

from flask import Flask

from app.audit.chain import EVERY_SECONDS, link_all, link_new
from app.audit.seals import init_seals
from app.core.chores import add_chore
from app.core.commands import add_commands


def init_app(app: Flask) -> None:
    """Set up the record's keys, the worker's linking of entries, and ``flask audit``."""
    init_seals(app)
    add_chore(app, "audit_linked", link_new, every_seconds=EVERY_SECONDS)
    add_chore(app, "audit_linked_late", link_all)
    add_commands(app, "audit", "app.audit.cli:audit")
