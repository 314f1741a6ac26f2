"""Two people at once on one inquiry: what the other one did, and how it differs from what was typed here."""

from dataclasses import asdict
from typing import NamedTuple

from flask_babel import gettext as _

from app.accounts.colleagues import name_of
from app.core.days import read_day
from app.core.fields import ChangeForm
from app.core.i18n import shown_day
from app.desk.answers import answer_groups, words
from app.desk.work_forms import FollowUpForm, GiveForm, MoveForm
from app.inquiries import vocabulary
from app.inquiries.answers import Answers
from app.inquiries.models import Inquiry
from app.inquiries.sending import answers_of


class Difference(NamedTuple):
    """One thing that stands otherwise now than in what was typed."""

    label: str
    now: str
    yours: str


def differences(inquiry: Inquiry, form: ChangeForm) -> list[Difference]:
    """Return how an inquiry as it stands differs from what a form would have made of it."""
    if isinstance(form, MoveForm):
        status = vocabulary.STATUS
        return [Difference(_("Status"), words(status, inquiry.status), words(status, form.target.data))]
    if isinstance(form, GiveForm):
        return [Difference(_("Seen to by"), name_of(inquiry.owner_id) or _("nobody"), form.owner.data)]
    if isinstance(form, FollowUpForm):
        typed = read_day(form.day.data or "")
        return [Difference(_("Follow-up date"), day_text(inquiry), shown_day(typed) if typed else _("none"))]
    return []


def answer_differences(inquiry: Inquiry, answers: Answers) -> list[Difference]:
    """Return which answers of an inquiry are others than those that were keyed in."""
    now, yours = flat(answers_of(inquiry)), flat(asdict(answers))
    labels = dict.fromkeys([*yours, *now])
    return [
        Difference(label, now.get(label, ""), yours.get(label, ""))
        for label in labels
        if now.get(label, "") != yours.get(label, "")
    ]


def flat(given: dict[str, object]) -> dict[str, str]:
    """Return answers in the words of staff, by their labels."""
    return {label: value for _heading, rows in answer_groups(given) for label, value, _long in rows}


def day_text(inquiry: Inquiry) -> str:
    """Return the follow-up date of an inquiry in words."""
    return shown_day(inquiry.follow_up_on) if inquiry.follow_up_on else _("none")
