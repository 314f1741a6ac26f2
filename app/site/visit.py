"""What the browser of a visitor carries: the key of its form, and whether it keeps cookies at all."""

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
    # Another site must not choose the key, nor have it come back in our page: whoever knows it could read
    # what is kept under it.
    if is_stale and came_from_another_site():
        form.form_key.data = None
    form.form_key.data = form.form_key.data or new_token()
    if not is_stale:
        session[name] = form.form_key.data
    return is_stale


def came_from_our_page() -> bool:
    """Return whether the browser says that a page of this site sent the form (W3C Fetch Metadata).

    That is as good as a token against other sites' forms, and reaches those who allow no cookies.
    """
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def came_from_another_site() -> bool:
    """Return whether the browser says that a page of another site sent the form."""
    return request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}


def keeps_cookies() -> bool:
    """Return whether the browser brought the session's cookie, valid or not.

    Without one, a page that it is led to would know nothing of its form.
    """
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies
