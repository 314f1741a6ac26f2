"""A form that is filled in over several pages: kept as a draft, known by its key."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, request, session
from werkzeug.datastructures import MultiDict

from app.content import kept
from app.core.i18n import page_language
from app.inquiries import drafts
from app.inquiries.forms import FormOfPerson, InquiryForm
from app.inquiries.models import Draft
from app.site.visit import own_form_key

LANGUAGE_ACTION = "language-"


def keep(form: InquiryForm, path: str, only: Sequence[str] | None = None) -> Draft:
    """Keep what stands in a form; ``path`` tells whether it is filled in on one page or in steps.

    ``only`` names the fields that a step asked.
    """
    draft = drafts.keep_draft(
        form.form_key.data,
        form.values(),
        path=path,
        language=page_language(),
        version=form.treatment_version.data or "",
        only=only,
    )
    session["has_draft"] = True
    return draft


def form_as_kept() -> InquiryForm:
    """Return this browser's form with what was kept of it, written in the page's language."""
    form_key = own_form_key()
    draft = drafts.draft_of(form_key) if session.get("has_draft") else None
    form = form_of_draft(draft) if draft else InquiryForm(None)
    form.form_key.data = form_key
    return form


def form_of_draft(draft: Draft) -> InquiryForm:
    """Return the form of a draft, written in the page's language."""
    form = InquiryForm(MultiDict(draft.content["values"]))
    form.form_key.data = draft.content["form_key"]
    form.treatment_version.data = draft.content["treatment_version"]
    form.put_into(page_language())
    return form


def form_with(
    values: Mapping[str, Sequence[str]], sent: MultiDict[str, str], fields: Sequence[str]
) -> InquiryForm:
    """Return the form of what was kept, with ``fields``, and what the form carries itself, as just sent."""
    carried = (
        "csrf_token",
        "treatment_version",
        "form_key",
        "lang",
        "opened",
        "proof",
        "website",
        "email_asked",
        "words_read",
        "email_meant",
    )
    merged: MultiDict[str, Any] = MultiDict({name: list(texts) for name, texts in values.items()})
    for name in (*fields, *carried):
        merged.setlist(name, sent.getlist(name))
    return InquiryForm(merged)


def language_asked(action: str) -> str | None:
    """Return the language that a button of the language switch asks for, or None if it was another button.

    One that the site does not have is the page's own: nothing changes, and nothing is sent.
    """
    if not action.startswith(LANGUAGE_ACTION):
        return None
    language = action.removeprefix(LANGUAGE_ACTION)
    return language if language in current_app.config["LANGUAGES"] else page_language()


def put_into(language: str, form: FormOfPerson) -> None:
    """Write a form in another language, which this browser's pages are in from now on."""
    form.put_into(language)
    session["language"] = language
    for field in form:
        field.errors = ()
    if form.meant_email:  # not answered yet, so it is asked again
        form.meant_email = form.email_asked.data = ""


def kept_version(form: FormOfPerson) -> str:
    """Return the version of the treatment page that a form was filled in beside."""
    return kept.version_sent_beside(form.treatment_version.data or "", page_language())


def posted_action() -> str:
    """Return what the pressed button asks for."""
    return request.form.get("action", "")
