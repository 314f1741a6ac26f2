"""The page of the audit record."""

from typing import Any

from flask import render_template, request, url_for

from app.accounts.actor import current_actor
from app.accounts.queries import all_staff
from app.accounts.roles import READ_AUDIT
from app.audit.log import record_reading
from app.audit.places import place_in, place_text
from app.audit.queries import Page, entries_page
from app.core.access import allow
from app.desk.audit_forms import filter_form, sought_by, used
from app.desk.audit_views import audit_rows
from app.desk.blueprint import blueprint

NOTHING = Page([], None, None)


@blueprint.get("/audit")
@allow(READ_AUDIT)
def audit_record() -> tuple[str, int]:
    """Show who read, changed or was refused what, newest first; that it was read is recorded first."""
    staff = all_staff()
    form = filter_form(request.args, staff)
    if not form.validate():
        return render_template("desk/audit.html", form=form, rows=[]), 422
    sought = sought_by(form, staff)
    page = entries_page(sought, place("older_than"), place("newer_than"))
    # A handle changes with the keys; the record keeps who it was.
    member = {"member": str(sought.staff_id)} if sought.staff_id else {}
    record_reading(current_actor(), **{**used(form), **member})
    rows = audit_rows(page, staff)
    return render_template("desk/audit.html", form=form, rows=rows, **neighbours(page, used(form))), 200


def place(name: str) -> Any:
    """Return the entry that the address says a page begins or ends at."""
    return place_in(request.args.get(name))


def neighbours(page: Page, filters: dict[str, str]) -> dict[str, str | None]:
    """Return the addresses of the pages before and after, by the same filters."""
    newer, older = page.newer_than, page.older_than
    return {
        "newer_url": record_url(**filters, newer_than=place_text(newer)) if newer else None,
        "older_url": record_url(**filters, older_than=place_text(older)) if older else None,
        "clear_url": record_url() if filters else None,
    }


def record_url(**arguments: Any) -> str:
    """Return the address of the record with these arguments."""
    return url_for("desk.audit_record", **arguments)
