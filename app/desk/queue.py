"""The queue, where the team works all day; searching it; and what came since a page of it was made."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.actor import current_actor
from app.accounts.roles import READ_INQUIRIES
from app.core import clock, days
from app.core.access import allow
from app.desk import filters, queue_views
from app.desk.blueprint import Page, blueprint
from app.desk.filters import Asked
from app.desk.queue_forms import SearchForm
from app.inquiries import queue, services
from app.inquiries.queue_filters import matching, sought
from app.inquiries.queue_pages import Page as Found
from app.inquiries.queue_pages import queue_page
from app.inquiries.wanted import Wanted


@blueprint.get("", endpoint="queue")
@allow(READ_INQUIRIES)
def show_queue() -> Page:
    """Show a page of a view, with the filters that the address holds."""
    staff = filters.owners()
    known = filters.choices(staff)
    asked = filters.read(given(request.args, staff), known)
    if "" in request.args.values() and not asked.has_unknown:
        # The form of filters sends every one of them: the address that is kept names those that are set.
        return redirect(url_for("desk.queue", **filters.address(asked)), 303)
    return render_template("desk/queue.html", **context(asked, staff, known)), 200


@blueprint.post("/search")
@allow(READ_INQUIRIES)
def search() -> Page:
    """Show the inquiries that fit the filters and a reference, a name, an e-mail address or a number."""
    form, staff = SearchForm(), filters.owners()
    known = filters.choices(staff)
    asked = filters.read(given(request.form, staff), known, view="all")
    typed = form.sought.data if form.validate() else None
    page = render_template("desk/queue.html", **context(asked, staff, known, form, typed))
    return page, 422 if form.errors else 200


@blueprint.get("/arrivals")
@allow(READ_INQUIRIES)
def arrivals() -> Page:
    """Show how many inquiries of a view have come since a moment; script asks this now and then."""
    staff = filters.owners()
    asked = filters.read(given(request.args, staff), filters.choices(staff))
    try:
        since = filters.read_moment(request.args.get("since", ""))
    except ValueError:
        since = clock.now()
    reader = whose()
    count = queue.arrivals(asked.view, conditions(asked, staff, reader), reader, since)
    words = queue_views.arrivals_text(count)
    newest = url_for("desk.queue", **filters.address(asked, sort="newest"))
    return render_template("desk/arrivals.html", count=count, words=words, newest=newest), 200


def given(asked: Any, staff: list[filters.Owner]) -> dict[str, str]:
    """Return what a query or a form holds, each name once; a handle of before as it is today."""
    return {**asked.to_dict(), "owner": filters.with_old_handle(asked.get("owner", ""), staff)}


def whose() -> queue.Reader:
    """Return who reads the queue, and when."""
    return queue.Reader(current_actor().staff_id, clock.now(), days.today())


def conditions(asked: Asked, staff: list[filters.Owner], reader: queue.Reader) -> list[Wanted]:
    """Return what the filters ask for."""
    return matching(filters.filters_of(asked, staff, reader.staff_id), reader.today)


def context(
    asked: Asked,
    staff: list[filters.Owner],
    known: filters.Choices,
    form: SearchForm | None = None,
    typed: str | None = None,
) -> dict[str, Any]:
    """Return all that the page shows; that its inquiries were seen is recorded first.

    ``form`` is a search, and ``typed`` what it looks for, None for nothing that can be looked for.
    """
    reader = whose()
    page = Found([])
    if form is None or typed is not None:
        wanted = [*conditions(asked, staff, reader), *(sought(typed) if typed else [])]
        page = queue_page(asked.view, asked.sort, wanted, reader, asked.place, backwards=asked.backwards)
    counted = queue.counts(reader)
    services.record_listing(current_actor(), [row.reference for row in page.rows])
    _name, heading, empty = queue_views.VIEW_WORDS[asked.view]
    return {
        "asked": asked,
        "heading": _("Search result") if form else heading,
        "empty": empty,
        "views": queue_views.view_links(asked, counted, is_search=form is not None),
        "rows": queue_views.queue_rows(page.rows, staff),
        "questions": queue_views.questions(asked, known),
        "chosen": queue_views.chosen(asked, known),
        "state": filters.address(asked),
        "pages": queue_views.page_links(asked, page),
        "is_cut": page.is_cut,
        "search_form": form or SearchForm(formdata=None),
        "is_search": form is not None,
        "since": reader.now.strftime(filters.MOMENT),
    }
