"""What someone typed into a form that could not be taken: shown again, so that nothing is lost."""

from flask import request
from werkzeug.exceptions import HTTPException

from app.core.fields import several_lines, without_hidden_characters

MOST_SHOWN = 40
"""Texts; no form of the portal has more fields to write in."""
LONGEST_SHOWN = 40_000
"""Characters of each; no field takes more."""
NOT_TYPED = {
    "action",
    "email_asked",
    "form_key",
    "invitation",
    "lang",
    "mails",
    "next",
    "number",
    "opened",
    "passkey",
    "proof",
    "roles",
    "seen",
    "session",
    "submit",
    "target",
    "then",
    "treatment_version",
    "version",
    "website",
    "words_read",
}
SECRET = ("password", "code", "token", "credential")


def typed_texts() -> list[str]:
    """Return the texts of the form in this request, but none that is a secret or that a page put there.

    None come of a form that cannot be read.
    """
    if not is_readable():
        return []
    typed = (value[:LONGEST_SHOWN] for name, value in request.form.items() if is_shown(name))
    shown = (without_hidden_characters(several_lines(text)) for text in typed)
    return [text for text in shown if text][:MOST_SHOWN]


def is_readable() -> bool:
    """Return whether the form in this request is no larger than it may be, and came whole."""
    try:
        request.form  # noqa: B018 -- it is read here
    except HTTPException:
        return False
    return True


def is_shown(name: str) -> bool:
    """Return whether a field may hold what someone wrote and others may see on the screen."""
    return name not in NOT_TYPED and not any(word in name.lower() for word in SECRET)
