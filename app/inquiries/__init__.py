"""The domain: inquiries and their drafts."""

from flask import Flask

from app.core.chores import add_chore
from app.core.commands import add_commands
from app.inquiries.answering import REPLY, take_back, try_answer_again
from app.inquiries.arrival import forget_addresses
from app.inquiries.drafts import end_drafts, remind_of_drafts
from app.inquiries.reminding import send_digests, tell_of_overdue
from app.inquiries.renewing import renew_hints
from app.inquiries.vocabulary import readable_phone
from app.outbox.kinds import Kind, add_kind

RENEWING_SECONDS = 2.0
"""How often some inquiries are looked at again, until there are no more of them."""
TELLING_SECONDS = 300.0
"""How soon after a working day begins the team is told of what is due."""


def init_app(app: Flask) -> None:
    """Have the worker remind of drafts, delete what is over, renew hints, and forget network addresses."""
    app.add_template_filter(readable_phone)
    add_commands(app, "replies", "app.inquiries.cli:commands")
    add_kind(app, REPLY, Kind(is_by_a_person=True, on_failed=take_back, on_again=try_answer_again))
    add_chore(app, "drafts_reminded", remind_of_drafts)
    add_chore(app, "drafts_ended", end_drafts)
    add_chore(app, "hints_renewed", renew_hints, RENEWING_SECONDS)
    add_chore(app, "addresses_forgotten", forget_addresses)
    add_chore(app, "overdue_told", tell_of_overdue, TELLING_SECONDS)
    add_chore(app, "digests_sent", send_digests, TELLING_SECONDS)
