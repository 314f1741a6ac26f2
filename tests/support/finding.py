"""Finding inquiries as a member of staff does who types something."""

from app.core import clock, days
from app.inquiries import queue
from app.inquiries.models import Inquiry


def found(typed: str) -> list[Inquiry]:
    """Return the newest inquiries that a search for a text finds."""
    reader = queue.Reader(None, clock.now(), days.today())
    return list(queue.queue_page("all", "newest", queue.sought(typed), reader).rows)
