"""Finding inquiries as a member of staff does who types something."""

from app.core import clock, days
from app.inquiries import queue
from app.inquiries.queue_filters import sought
from app.inquiries.queue_pages import queue_page
from app.inquiries.queue_rows import Listed


def found(typed: str) -> list[Listed]:
    """Return the newest inquiries that a search for a text finds."""
    reader = queue.Reader(None, clock.now(), days.today())
    return list(queue_page("all", "newest", sought(typed), reader).rows)
