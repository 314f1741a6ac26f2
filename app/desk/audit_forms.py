"""What the audit record can be filtered by: parts of the page's address, which hold nobody's name."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, ValidationError
from wtforms.fields import Field

from app.accounts.handles import handle_of
from app.accounts.models import User
from app.audit.queries import Sought
from app.core.days import check_day, read_day
from app.core.fields import PortalForm, choices, text_field
from app.desk.audit_words import KINDS, OF_KIND
from app.inquiries.queries import inquiry_by_reference

REFERENCE_LENGTH = 40
DAY_LENGTH = 10
LAST_DAY = date(9998, 12, 31)


def check_choice(_form: Form, field: Field) -> None:
    """Ask again for what is not among the choices."""
    if field.data and field.data not in {choice.value for choice in field.choices}:
        raise ValidationError(_("Choose one of the answers."))


def check_reference(_form: Form, field: Field) -> None:
    """Ask again for a reference that no inquiry has; keep the inquiry of one that it has."""
    field.inquiry = inquiry_by_reference(field.data)
    if field.inquiry is None:
        raise ValidationError(_("There is no inquiry with this reference. Check it letter by letter."))


def check_order(form: Form, field: Field) -> None:
    """Ask again for a last day before the first."""
    first, last = read_day(form["since"].data or ""), read_day(field.data)
    if first and last and last < first:
        raise ValidationError(_("This day is before the first day. Write a later one."))


def select_field(label: Any) -> SelectField:
    """Return a question that is answered from a list."""
    return SelectField(
        label, [check_choice], choices=[], default="", validate_choice=False, widget=GovSelect()
    )


def day_field(label: Any, *checks: Any) -> Any:
    """Return a question that is answered by a day, ISO 8601."""
    return text_field(label, DAY_LENGTH, check_day, *checks, type="date")


class AuditForm(PortalForm):
    """Which entries are wanted; sent by GET, because looking changes nothing and can be kept as a link."""

    class Meta(PortalForm.Meta):
        """How the form is read: nothing is changed, so that nobody has to be kept from sending it."""

        csrf = False

    member = select_field(_l("Member of staff"))
    reference = text_field(
        _l("Reference of an inquiry"),
        REFERENCE_LENGTH,
        check_reference,
        autocomplete="off",
        spellcheck="false",
    )
    kind = select_field(_l("Kind of act"))
    since = day_field(_l("From this day"))
    until = day_field(_l("Until this day"), check_order)


def filter_form(arguments: MultiDict[str, str], staff: Sequence[User]) -> AuditForm:
    """Return the form with what the address holds, its lists in the reader's words."""
    form = AuditForm(arguments)
    people = {handle_of(user): user.name or user.email for user in staff}
    form.member.choices = choices(with_all(_("Everyone"), people))
    form.kind.choices = choices(with_all(_("Everything"), KINDS))
    return form


def with_all(words: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers after one that leaves nothing out."""
    return {"": words, **answers}


def used(form: AuditForm) -> dict[str, str]:
    """Return the filters that were used, as an address and the record hold them."""
    inquiry = getattr(form.reference, "inquiry", None)
    given = {name: str(form[name].data or "") for name in ("member", "kind", "since", "until")}
    given["reference"] = inquiry.reference if inquiry else ""
    return {name: value for name, value in given.items() if value}


def sought_by(form: AuditForm, staff: Sequence[User]) -> Sought:
    """Return which entries a form that was checked asks for."""
    member = next((user for user in staff if handle_of(user) == form.member.data), None)
    inquiry = getattr(form.reference, "inquiry", None)
    return Sought(
        staff_id=member.id if member else None,
        object_id=inquiry and inquiry.id,
        reference=inquiry and inquiry.reference,
        actions=frozenset(OF_KIND[form.kind.data]) if form.kind.data else None,
        since=beginning(read_day(form.since.data or "")),
        until=beginning(read_day(form.until.data or ""), days=1),
    )


def beginning(day: date | None, days: int = 0) -> datetime | None:
    """Return the moment that a day begins at in the site's zone, or the day so many later."""
    if day is None:
        return None
    begun = min(day, LAST_DAY) + timedelta(days=days)
    zone = ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])
    return max(datetime.combine(begun, time(), zone).astimezone(UTC), datetime(1970, 1, 1, tzinfo=UTC))
