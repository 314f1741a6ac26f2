"""The pages that show the inquiry form: beside the information, and alone in steps."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.content import kept
from app.core import names, terms
from app.core.database import DATABASE_UNAVAILABLE, db
from app.core.i18n import page_language
from app.core.logs import log
from app.core.proof import is_proven
from app.inquiries import consents
from app.inquiries.forms import FormOfPerson, InquiryForm
from app.site.marks import stamp
from app.site.notices import Notice
from app.site.sections import SECTIONS, rows_of, steps_of

Page = tuple[str, int]


def home_page(
    form: InquiryForm, notice: Notice | None = None, status: int = 200, *, shows_form: bool = True
) -> Page:
    """Return the treatment page with the form as it stands.

    On a narrow screen, the questions are shown at once only if ``shows_form``: they are offered in steps.
    """
    language = page_language()
    try:
        information = kept.information(language)
        form.treatment_version.data = information.version
    except DATABASE_UNAVAILABLE:
        # What was kept may tell of someone who has withdrawn it meanwhile; the answers must not be lost.
        db.session.rollback()
        log.warning("treatment page could not be read", exc_info=True)
        information, status = kept.no_information(), max(status, 503)
    prepare(form)
    context = {"information": information, "found": information.found, "shows_form": shows_form}
    return render_template("site/home.html", form=form, notice=notice, **context, **suggestions()), status


def step_page(
    form: InquiryForm, step: str, notice: Notice | None = None, status: int = 200, *, then: str = ""
) -> Page:
    """Return the page of one step. ``then`` is "check" where the answers are checked next."""
    prepare(form)
    form.treatment_version.data = form.treatment_version.data or version_now()
    form.keep_errors_of(SECTIONS[step].fields)
    steps = steps_of(form)
    # Someone who says now that they write for themselves may still come back to a helper's questions.
    place = steps.index(step) if step in steps else 0
    context = {
        "form": form,
        "step": step,
        "heading": SECTIONS[step].heading,
        "progress": _("Step %(number)s of %(count)s", number=place + 1, count=len(steps)),
        "before": steps[place - 1] if place else None,
        "then": then,
        "notice": notice,
    }
    return render_template("site/step.html", **context, **suggestions()), status


def check_page(
    form: InquiryForm, notice: Notice | None = None, status: int = 200, *, is_known: bool = True
) -> Page:
    """Return all answers to be checked, with a way to change each; none while they cannot be read."""
    prepare(form)
    form.opened.data = ""  # whoever has answered step by step may well send at once
    sections = [(name, SECTIONS[name].heading, rows_of(form, name)) for name in steps_of(form) if is_known]
    return render_template("site/check.html", form=form, notice=notice, sections=sections), status


def version_now() -> str:
    """Return the version of the treatment page that is shown now; empty while it cannot be read."""
    try:
        return kept.information(page_language()).version
    except DATABASE_UNAVAILABLE:
        db.session.rollback()
        return ""


def prepare(form: FormOfPerson) -> None:
    """Write into a form what it carries for itself."""
    form.lang.data = page_language()
    form.words_read.data = consents.in_force()
    # A page that comes back need not have its browser work again.
    form.needs_proof = not is_proven(form.form_key.data, form.proof.data)
    if form.needs_proof:
        form.proof.data = ""
    stamp(form)


def suggestions() -> dict[str, Any]:
    """Return what the fields with suggestions offer, in the page's language."""
    language = page_language()
    return {
        "countries": names.country_names(language).values(),
        "languages": names.language_names(language).values(),
        "levels": terms.LEVELS,
    }
