"""The site where any number of inquiries at once is usual, and none of them is taken for a flood.

It is served as ``bench.busy:app`` by what sends more than people do.
"""

from app.inquiries import arrival

arrival.AT_ONCE = 1_000_000_000

from wsgi import app  # noqa: E402 -- the limit stands before anything is sent

__all__ = ["app"]
