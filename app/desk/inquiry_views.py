"""What the page of an inquiry shows: its answers in the reader's words, its forms, what comes next."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import url_for

from app.accounts.actor import current_actor
from app.accounts.colleagues import colleagues, everyone, labels, staff_names
from app.accounts.models import User
from app.accounts.roles import READ_INQUIRIES, WORK_ON_INQUIRIES
from app.content.kept import version_named
from app.core.access import may
from app.core.fields import ChangeForm
from app.core.wording import gettext as _
from app.desk.answers import answer_groups, answer_named, arrival_groups, words
from app.desk.conflict import differences
from app.desk.mail_views import mail_lines
from app.desk.reach import reach
from app.desk.timeline import timeline_of
from app.desk.waiting_views import waiting_words
from app.desk.work_forms import FollowUpForm, GiveForm, NoteForm
from app.inquiries import vocabulary, workflow
from app.inquiries.flags import HINTS, Hint
from app.inquiries.models import Inquiry
from app.inquiries.sending import answers_of


class NextStep(NamedTuple):
    """What comes next with an inquiry."""

    words: str
    first: str
    """The button that stands out: ``reply``, ``contact``, a status to move to, or none of them."""


class HintRow(NamedTuple):
    """A hint as the page shows it."""

    text: str
    version: int
    """Of the rule that found it."""
    label: str
    """The answer that it rests on."""
    value: str


def inquiry_context(
    inquiry: Inquiry, sent: ChangeForm | None = None, seen_version: int | None = None
) -> dict[str, Any]:
    """Return everything that the inquiry page shows.

    ``sent`` is a form that was not taken, and stands on the page as it was typed; ``seen_version`` is the
    version that its author saw, where somebody else was faster.
    """
    mails = mail_lines(inquiry)
    staff = everyone()
    names = staff_names(staff)
    timeline = timeline_of(inquiry, mails, names)
    given = answers_of(inquiry)
    groups = answer_groups(given)
    return {
        "inquiry": inquiry,
        "status_text": vocabulary.STATUS[inquiry.status],
        "reason_text": words(vocabulary.REASON, inquiry.reason),
        "owner": names.get(inquiry.owner_id, "") if inquiry.owner_id else "",
        "is_mine": inquiry.owner_id is not None and inquiry.owner_id == current_actor().staff_id,
        "reach": reach(given),
        "groups": [*groups, *arrival_groups(inquiry)],
        # Behind who wrote, or behind how to answer where nobody has told who wrote.
        "reach_after": 2,
        "hints": hint_rows(inquiry, given),
        "page_as_sent": page_as_sent(inquiry.treatment_version),
        "waiting": waiting_words(inquiry),
        "timeline": timeline,
        "since": [
            each for each in timeline if seen_version is not None and (each.version or 0) > seen_version
        ],
        "changes": differences(inquiry, sent) if sent and seen_version is not None else [],
        "failed_mails": [mail for mail in mails if mail.state == "failed"],
        **(work_context(inquiry, sent, staff) if may(WORK_ON_INQUIRIES) else {}),
    }


def work_context(inquiry: Inquiry, sent: ChangeForm | None, staff: Sequence[User]) -> dict[str, Any]:
    """Return the forms of an inquiry's page, each naming the version that its reader sees now."""
    forms = {"note_form": NoteForm, "give_form": GiveForm, "follow_up_form": FollowUpForm}
    context: dict[str, Any] = {}
    for name, kind in forms.items():
        context[name] = sent if isinstance(sent, kind) else kind(formdata=None)
        context[name].show_version(inquiry.version)
    if inquiry.follow_up_on and sent is not context["follow_up_form"]:
        context["follow_up_form"].day.data = inquiry.follow_up_on.isoformat()
    context["press_form"] = pressed = ChangeForm(formdata=None)
    pressed.show_version(inquiry.version)
    context["moves"] = [move_view(inquiry, target) for target in workflow.moves_by_staff(inquiry.status)]
    context["is_open"] = inquiry.status in workflow.OPEN
    context["may_be_written_to"] = inquiry.status != workflow.BY_THE_PERSON and bool(
        inquiry.answers.get("email")
    )
    context["next"] = next_step(inquiry)
    context["colleague_names"] = list(labels(colleagues(READ_INQUIRIES, staff)))
    context["failed_form"] = sent if sent and sent.errors else None
    return context


def next_step(inquiry: Inquiry) -> NextStep:
    """Return what comes next in an inquiry's life, and which button leads there."""
    if inquiry.owner_id is None and inquiry.status in workflow.OPEN:
        return NextStep(_("Nobody sees to it yet."), "")
    by_mail = "reply" if inquiry.answers.get("email") else "contact"
    if inquiry.status == "medical_review":
        return NextStep(_("A doctor looks at it. Record the decision here once it is made."), "")
    if inquiry.waiting_since is not None:
        return NextStep(_("The person waits to hear from us."), by_mail)
    steps = {
        "new": NextStep(_("The person waits to hear from us."), by_mail),
        "in_contact": NextStep(
            _("The person was answered. Wait for what is missing, or send it to a doctor."),
            "waiting_for_patient",
        ),
        "waiting_for_patient": NextStep(_("It is the person’s turn. Log what comes."), "contact"),
        "offered": NextStep(_("The person knows of the offer. Close it when all is arranged."), "closed"),
        "declined": NextStep(_("The person knows that it was declined. Close it."), "closed"),
        "closed": NextStep(_("It is closed. Reopen it if something comes."), ""),
        "withdrawn": NextStep(_("The person withdrew it. There is nothing to do."), ""),
    }
    return steps[inquiry.status]


def move_view(inquiry: Inquiry, target: str) -> dict[str, Any]:
    """Return a move as a button or a link offers it."""
    words_of = {
        "in_contact": _("Reopen") if inquiry.status == "closed" else _("Mark as in contact"),
        "waiting_for_patient": _("Wait for the patient"),
        "medical_review": _("Send to medical review"),
        "offered": _("Mark as offered"),
        "declined": _("Decline…"),
        "closed": _("Close…"),
    }
    return {"target": target, "text": words_of[target], "needs_reason": target in workflow.REASONS}


def hint_rows(inquiry: Inquiry, given: Mapping[str, Any]) -> list[HintRow]:
    """Return the hints of an inquiry in words, each with its rule's version and the answer it rests on."""
    found = [Hint(*each) for each in inquiry.hints or ()]
    return [
        HintRow(str(HINTS[hint.kind]), hint.version, *answer_named(hint.source, given))
        for hint in found
        if hint.kind in HINTS
    ]


def page_as_sent(label: str) -> str | None:
    """Return where the treatment page can be read as it was, or None if there was none to read."""
    named = version_named(label)
    return named and url_for("editing.version_as_sent", slug=named[0], number=named[1])
