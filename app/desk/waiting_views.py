"""How long a person waited for the first answer, and waits now, in the team's own hours."""

from flask_babel import gettext as _

from app.core.clock import now
from app.core.i18n import shown_time
from app.core.working_time import shown_working_time, working_seconds
from app.inquiries.models import Inquiry


def waiting_words(inquiry: Inquiry) -> str:
    """Return whether and when an inquiry was first answered, and how long the person waits for us."""
    return " ".join(filter(None, (first_answer_words(inquiry), turn_words(inquiry))))


def first_answer_words(inquiry: Inquiry) -> str:
    """Return after how long a person was first answered, or by when that is due, if it is."""
    if inquiry.first_answered_at:
        waited = working_seconds(inquiry.sent_at, inquiry.first_answered_at)
        return _("First answered after %(time)s.", time=shown_working_time(waited))
    if not inquiry.waiting_since or not inquiry.answer_due_at:
        return ""
    due = shown_time(inquiry.answer_due_at)
    if inquiry.answer_due_at < now():
        return _("The first answer is overdue since %(time)s.", time=due)
    return _("The first answer is due by %(time)s.", time=due)


def turn_words(inquiry: Inquiry) -> str:
    """Return how long a person waits to hear from us; empty while it is not our turn."""
    if not inquiry.waiting_since:
        return ""
    waited = working_seconds(inquiry.waiting_since, now())
    return _("The person waits for us: %(time)s so far.", time=shown_working_time(waited))
