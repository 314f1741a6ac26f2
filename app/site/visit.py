"""What the browser of a visitor carries: the key of its form, and whether it keeps cookies at all."""

import base64
import hashlib

from flask import current_app, request, session

from app.core.links import new_token
from app.inquiries.forms import FormOfPerson


def own_form_key() -> str:
    """Return the key of this browser's form, the same for the whole session.

    Going back and sending again then makes no second inquiry.
    """
    return str(session.setdefault("form_key", new_token()))


def take_in(form: FormOfPerson, name: str = "form_key") -> bool:
    """Check a form that was sent and remember its key; return whether its tokens were too old to go on.

    ``name`` is where the session keeps the key.
    """
    form.validate()
    is_stale = form.forgive_tokens() and not came_from_our_page()
    form.form_key.data = form.form_key.data or new_token()
    session[name] = form.form_key.data
    return is_stale


def came_from_our_page() -> bool:
    """Return whether the browser says that a page of this site sent the form (W3C Fetch Metadata).

    That is as good as a token against other sites' forms, and reaches those who allow no cookies.
    """
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def keeps_cookies() -> bool:
    """Return whether the browser brought the session's cookie, valid or not.

    Without one, a page that it is led to would know nothing of its form.
    """
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def second_key(form_key: str, content: str) -> str:
    """Return the key of a second inquiry from one form: the same for the same content, so that it is one."""
    made = hashlib.sha256(f"{form_key}\0{content}".encode()).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
