"""The coordinators' desk: the queue, an inquiry, and what is done with it."""

from app.desk.routes import blueprint

__all__ = ["blueprint"]
