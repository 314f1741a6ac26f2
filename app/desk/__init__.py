"""The staff's desk: the queue, and everything about one inquiry."""

from app.desk import audit, contacts, keying, page, queue, reply_templates, replying, working
from app.desk.blueprint import blueprint

__all__ = [
    "audit",
    "blueprint",
    "contacts",
    "keying",
    "page",
    "queue",
    "reply_templates",
    "replying",
    "working",
]
