"""What speaks for a machine as the sender of a form. Nothing is refused for it."""

from datetime import timedelta

from flask import current_app
from itsdangerous import BadData, TimestampSigner

from app.core.clock import now
from app.core.proof import is_proven
from app.inquiries.forms import FormOfPerson

HASTY = timedelta(seconds=3)
"""Nobody answers seven questions faster, not even by letting the browser fill them in."""


def signer() -> TimestampSigner:
    """Return what signs the moment in which a page was opened."""
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="page opened")


def stamp(form: FormOfPerson) -> None:
    """Write into a form when it was opened first; a form that comes back keeps its moment."""
    if is_hasty(form) is None:
        form.opened.data = signer().sign(b"").decode()


def is_hasty(form: FormOfPerson) -> bool | None:
    """Return whether a form was sent right after it was opened; None if it does not tell."""
    try:
        _empty, opened = signer().unsign(form.opened.data or "", return_timestamp=True)
    except BadData:
        return None
    return now() - opened < HASTY


def marks_of(form: FormOfPerson) -> tuple[str, ...]:
    """Return the marks of a form that was sent: keys of ``vocabulary.MARKS``."""
    found = {
        "no_proof": not is_proven(form.form_key.data, form.proof.data),
        "trap": bool(form.website.data),
        "hasty": bool(is_hasty(form)),
    }
    return tuple(mark for mark, is_found in found.items() if is_found)
