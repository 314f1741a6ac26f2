"""What someone typed into a form that could not be taken: shown again, so that nothing is lost."""

from flask import request

from app.core.fields import several_lines, without_hidden_characters

MOST_SHOWN = 25
"""Texts; no form of the portal has more fields to write in."""
LONGEST_SHOWN = 20_000
"""Characters of each."""
NOT_TYPED = {"version", "target", "next", "submit", "form_key"}
SECRET = ("password", "code", "token")


def typed_texts() -> list[str]:
    """Return the texts of the form in this request, but none that is a secret or that a page put there."""
    typed = (value[:LONGEST_SHOWN] for name, value in request.form.items() if is_shown(name))
    shown = (without_hidden_characters(several_lines(text)) for text in typed)
    return [text for text in shown if text][:MOST_SHOWN]


def is_shown(name: str) -> bool:
    """Return whether a field may hold what someone wrote and others may see on the screen."""
    return name not in NOT_TYPED and not any(word in name.lower() for word in SECRET)
