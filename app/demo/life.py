"""What happens to an inquiry of somebody who does not exist, from when it was sent until now.

The rows are made by the rules that the services follow, without the models: there can be millions.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from app.core.crypto import keyring, sealed_value
from app.core.links import site_host
from app.demo import words
from app.demo.ids import id_of
from app.inquiries import waiting, workflow
from app.inquiries.answering import REPLY, since_when
from app.inquiries.models import Inquiry, InquiryEvent
from app.outbox.models import OutboxMail
from app.outbox.queue import RECIPIENT

RECEIVED = "inquiry_received"
NEVER_SEEN_TO = 0.01
"""The part of inquiries that nobody takes up."""
FOLLOW_UP_DAYS = (1, 21)


Row = dict[str, Any]
"""Values by column; those that are not named are NULL. Ids are 32 hexadecimal digits, which either engine
takes.
"""


@dataclass(frozen=True, slots=True)
class Team:
    """The members of staff who do not exist, by their rows' ids."""

    coordinators: tuple[str, ...]
    doctors: tuple[str, ...]
    names: dict[str, str]


@dataclass(slots=True)
class Story:
    """An inquiry, where its story stands, and the rows that came of it."""

    rng: Random
    inquiry: Inquiry
    row: str
    """The id of the inquiry's row."""
    email: str
    has_phone: bool
    team: Team
    now: datetime
    moment: datetime
    is_over: bool = False
    """Whether nothing happens any more, although the inquiry is not closed."""
    events: list[Row] = field(default_factory=list)
    mails: list[Row] = field(default_factory=list)

    @property
    def owner(self) -> str:
        """Who sees to it, or somebody of the team while nobody does."""
        return str(self.inquiry.owner_id or self.rng.choice(self.team.coordinators))


def live(story: Story, days: int) -> None:
    """Add all that happened to an inquiry until now; ``days`` is in how many days the site answers."""
    add_event(story, "sent", by_call(story))
    if story.email:
        add_mail(story, RECEIVED, {"reference": story.inquiry.reference, "days": days})
    if story.rng.random() < NEVER_SEEN_TO:
        return
    while not story.is_over and (step := NEXT.get(story.inquiry.status)):
        if not go_on(story, *step.after_days):
            return
        step.act(story)


def by_call(story: Story) -> str | None:
    """Return who keyed an inquiry in; None where the person did."""
    return story.owner if story.inquiry.channel == "phone" else None


def go_on(story: Story, shortest: float, usual: float) -> bool:
    """Let time pass up to a working hour; return whether it is not in the future."""
    days = shortest + story.rng.expovariate(1 / usual)
    moment = story.moment + timedelta(days=days)
    if moment.weekday() > 4:
        moment += timedelta(days=2)
    later = moment.replace(hour=story.rng.randint(8, 16))
    if max(later, moment) >= story.now:
        return False
    story.moment = max(later, story.moment + timedelta(minutes=1))
    return True


def take_up(story: Story) -> None:
    """Let somebody take a new inquiry and get in contact; now and then it is closed at once."""
    rng, inquiry = story.rng, story.inquiry
    if rng.random() < 0.7:
        assign(story, rng.choice(story.team.coordinators))
    if rng.random() < 0.04:
        move(story, "closed", "duplicate" if rng.random() < 0.5 else "not_genuine")
    elif story.email and (rng.random() < 0.8 or not story.has_phone):
        reply(story)
    else:
        call(story, reached=rng.random() < 0.7)
        if inquiry.status == "new":
            move(story, "in_contact")
    maybe_follow_up(story)


def stay_in_contact(story: Story) -> None:
    """Let papers come, be asked for or be complete; let some inquiries end here."""
    fate = story.rng.random()
    if fate < 0.07:
        note(story)
    elif fate < 0.1:
        assign(story, story.rng.choice(story.team.coordinators), words.HANDED_OVER)
    elif fate < 0.3:
        move(story, "waiting_for_patient")
    elif fate < 0.5:
        note(story)
        move(story, "medical_review")
    elif fate < 0.96:
        move(story, "closed", story.rng.choice(("answered", "person_decided", "outside_criteria", "other")))
    else:
        move(story, "withdrawn")


def hear_or_not(story: Story) -> None:
    """Let a person answer whom we wait for, or be given up."""
    fate = story.rng.random()
    if fate < 0.7:
        contact(story, "they_reached_us")
        move(story, "in_contact")
        waiting.heard_from(story.inquiry, story.moment)
    elif fate < 0.85:
        contact(story, "no_answer")
    else:
        move(story, "closed", "not_reached")


def review(story: Story) -> None:
    """Let a doctor decide, or ask for more."""
    fate = story.rng.random()
    doctor = story.rng.choice(story.team.doctors)
    if fate < 0.45:
        move(story, "offered", by=doctor)
    elif fate < 0.75:
        move(story, "declined", story.rng.choice(workflow.REASONS["declined"]), by=doctor)
    else:
        move(story, "in_contact", by=doctor)


def tell_decision(story: Story) -> None:
    """Tell a person what was decided, then close the inquiry or leave it; some people withdraw."""
    if story.inquiry.waiting_since is not None:
        reply(story) if story.email else call(story, reached=True)
    elif story.rng.random() < 0.5:
        story.is_over = True
    elif story.rng.random() < 0.1:
        move(story, "withdrawn")
    else:
        reasons = ("treated", "person_decided") if story.inquiry.status == "offered" else ("answered",)
        move(story, "closed", story.rng.choice(reasons))


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next in a status, and after how many days: at the least, and usually after that."""

    after_days: tuple[float, float]
    act: Any


NEXT = {
    "new": Step((0.02, 1.2), take_up),
    "in_contact": Step((0.5, 5), stay_in_contact),
    "waiting_for_patient": Step((1, 12), hear_or_not),
    "medical_review": Step((2, 8), review),
    "offered": Step((1, 20), tell_decision),
    "declined": Step((0.5, 6), tell_decision),
}
"""Statuses in which a story goes on."""


def move(story: Story, target: str, reason: str = "", by: str | None = None) -> None:
    """Move an inquiry as ``services.move_inquiry`` does."""
    inquiry = story.inquiry
    told = words.REASON_WORDS if reason == workflow.NEEDS_WORDS else ""
    workflow.check_move(inquiry.status, target)
    workflow.check_reason(target, reason, told)
    inquiry.status, inquiry.reason = target, reason or None
    if target not in workflow.OPEN:
        inquiry.follow_up_on = None
    waiting.moved(inquiry, story.moment)
    author = None if target == workflow.BY_THE_PERSON else by or story.owner
    add_event(story, "moved", author, told, status=target, reason=reason or None)


def assign(story: Story, owner: str, told: str = "") -> None:
    """Let a member of staff see to an inquiry."""
    by = story.owner
    cast(Any, story.inquiry).owner_id = owner
    add_event(story, "assigned", by, told, to_staff_id=owner)


def note(story: Story) -> None:
    """Add a note."""
    add_event(story, "noted", story.owner, story.rng.choice(words.NOTES))


def maybe_follow_up(story: Story) -> None:
    """Set the day on which an open inquiry is looked at again, now and then."""
    if story.inquiry.status in workflow.OPEN and story.rng.random() < 0.2:
        day = story.moment.date() + timedelta(days=story.rng.randint(*FOLLOW_UP_DAYS))
        story.inquiry.follow_up_on = day
        add_event(story, "follow_up", story.owner, day=day)


def contact(story: Story, outcome: str, told: str = "") -> None:
    """Keep a contact outside of the site."""
    channel = story.rng.choice(("phone", "whatsapp"))
    add_event(story, "contacted", story.owner, told, channel=channel, outcome=outcome)


def call(story: Story, *, reached: bool) -> None:
    """Call a person, who is there or not."""
    told = words.CONTACTED[0 if reached else 1]
    contact(story, "reached" if reached else story.rng.choice(("no_answer", "left_message")), told)
    if reached:
        if story.inquiry.status == "new":
            move(story, "in_contact")
        waiting.answered(story.inquiry, story.moment)


def reply(story: Story) -> None:
    """Answer a person by mail, as ``answering.send_reply`` does; the mail is sent already."""
    inquiry, by = story.inquiry, story.owner
    text = words.REPLIES.get(inquiry.answer_language or "", words.REPLIES["en"])
    params = {"text": text, "reference": inquiry.reference, "writer": story.team.names[by]}
    mail_id = add_mail(story, REPLY, params)
    told = {"text": text, "to": story.email, "waited_since": since_when(inquiry)}
    add_event(story, "answered", by, told, mail_id=mail_id)
    if inquiry.status == "new":
        move(story, "in_contact")
    waiting.answered(inquiry, story.moment)


def add_event(story: Story, kind: str, by: str | None, told: Any = None, **values: Any) -> None:
    """Add a line to the timeline; each counts as a change of the inquiry, but the first."""
    story.inquiry.version += kind != "sent"
    row = id_of(story.moment)
    story.events.append(
        {
            "id": row.hex,
            "inquiry_id": story.row,
            "at": story.moment,
            "staff_id": by,
            "kind": kind,
            "version": story.inquiry.version,
            "text_sealed": sealed_value(InquiryEvent.__tablename__, "text_sealed", row, told or None),
            **values,
        }
    )


def add_mail(story: Story, message: str, params: dict[str, Any]) -> str:
    """Add a mail that was sent: no worker looks at it. Return its id."""
    row, moment, table = id_of(story.moment), story.moment, OutboxMail.__tablename__
    story.mails.append(
        {
            "id": row.hex,
            "message": message,
            "language": story.inquiry.page_language,
            "message_id": f"<{row}@{site_host()}>",
            "recipient_sealed": sealed_value(table, "recipient_sealed", row, story.email),
            "recipient_index": keyring().blind_index(RECIPIENT, story.email),
            "params_sealed": sealed_value(table, "params_sealed", row, params),
            "about_id": story.row,
            "queued_at": moment,
            "state": "sent",
            "due_at": moment,
            "attempts": 1,
            "unanswered": 0,
            "tried_from": moment,
            "sent_at": moment,
        }
    )
    return row.hex
