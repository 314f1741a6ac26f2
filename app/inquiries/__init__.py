"""The domain: inquiries and their drafts."""

from flask import Flask

from app.core.chores import add_chore
from app.inquiries.arrival import forget_addresses
from app.inquiries.drafts import end_drafts, remind_of_drafts
from app.inquiries.vocabulary import readable_phone


def init_app(app: Flask) -> None:
    """Have the worker remind of drafts, delete what is over, and forget network addresses."""
    app.add_template_filter(readable_phone)
    add_chore(app, "drafts_reminded", remind_of_drafts)
    add_chore(app, "drafts_ended", end_drafts)
    add_chore(app, "addresses_forgotten", forget_addresses)
