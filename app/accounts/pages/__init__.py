"""The pages about accounts at the desk: everyone's own, and those that keep staff."""

from app.accounts.pages import own, person, staff

__all__ = ["own", "person", "staff"]
