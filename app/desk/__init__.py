"""The staff's desk: the queue, and everything about one inquiry."""

from app.desk import keying, routes
from app.desk.blueprint import blueprint

__all__ = ["blueprint", "keying", "routes"]
