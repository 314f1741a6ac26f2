"""Visitors' pages: the treatment page with the inquiry form, and what follows sending."""

from app.site.routes import blueprint

__all__ = ["blueprint"]
