"""What happens to an inquiry of somebody who does not exist, from when it was sent until now.

The rows are made by the rules that the services follow, without the models: there can be millions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any, cast

from app.core.crypto import as_json
from app.demo import words
from app.demo.values import Moment, digits_of, id_at, told
from app.inquiries import waiting, workflow
from app.inquiries.answering import REPLY, since_when
from app.inquiries.models import Inquiry, InquiryEvent
from app.outbox.models import OutboxMail

RECEIVED = "inquiry_received"
NEVER_SEEN_TO = 0.01
"""The part of inquiries that nobody takes up."""
FOLLOW_UP_DAYS = (1, 21)
EVENTS, MAILS = InquiryEvent.__tablename__, OutboxMail.__tablename__
EVENT_COLUMNS = (
    "id",
    "inquiry_id",
    "at",
    "staff_id",
    "kind",
    "version",
    "text_sealed",
    "status",
    "reason",
    "to_staff_id",
    "day",
    "channel",
    "outcome",
    "mail_id",
)
MAIL_COLUMNS = (
    "id",
    "message",
    "language",
    "message_id",
    "recipient_sealed",
    "recipient_index",
    "params_sealed",
    "about_id",
    "queued_at",
    "state",
    "due_at",
    "attempts",
    "unanswered",
    "tried_from",
    "sent_at",
)

Row = tuple[Any, ...]
"""Values of columns; those that are not named are NULL."""
Seal = Callable[[str, str, str, bytes], bytes]
"""Seals a value for a table, a column and a row."""


@dataclass(frozen=True, slots=True)
class Team:
    """The members of staff who do not exist, by their rows' ids."""

    coordinators: tuple[str, ...]
    doctors: tuple[str, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for every story of a load."""

    team: Team
    now: datetime
    days: int
    """In how many days the site answers."""
    host: str
    """The site's, as it stands in a Message-ID."""
    seal: Seal


@dataclass(slots=True)
class Standing:
    """Where an inquiry stands: its columns without the model, which the services' functions change too."""

    waiting_since: datetime | None
    version: int = 1
    status: str = "new"
    reason: str | None = None
    owner_id: str | None = None
    follow_up_on: date | None = None
    first_answered_at: datetime | None = None


@dataclass(slots=True)
class Story:
    """An inquiry, where its story stands, and the rows that came of it."""

    setting: Setting
    rng: Random
    row: str
    """The id of the inquiry's row."""
    reference: str
    channel: str
    page_language: str
    answer_language: str
    email: str
    email_index: bytes
    """The blind index of the address as a mail's recipient."""
    has_phone: bool
    standing: Standing
    moment: Moment
    is_over: bool = False
    """Whether nothing happens any more, although the inquiry is not closed."""
    events: list[Row] = field(default_factory=list)
    mails: list[Row] = field(default_factory=list)

    @property
    def inquiry(self) -> Inquiry:
        """Where it stands, for the services' functions."""
        return cast(Inquiry, self.standing)

    @property
    def owner(self) -> str:
        """Who sees to it, or somebody of the team while nobody does."""
        return self.standing.owner_id or self.rng.choice(self.setting.team.coordinators)


@lru_cache
def json_of(text: str) -> str:
    """Return one of the texts that come again and again as JSON."""
    return as_json(text)


def live(story: Story) -> None:
    """Add all that happened to an inquiry until now."""
    add_event(story, "sent", by_call(story))
    if story.email:
        add_mail(story, RECEIVED, f'{{"reference":"{story.reference}","days":{story.setting.days}}}')
    if story.rng.random() < NEVER_SEEN_TO:
        return
    while not story.is_over and (step := NEXT.get(story.standing.status)):
        if not go_on(story, *step.after_days):
            return
        step.act(story)


def by_call(story: Story) -> str | None:
    """Return who keyed an inquiry in; None where the person did."""
    return story.owner if story.channel == "phone" else None


def go_on(story: Story, shortest: float, usual: float) -> bool:
    """Let time pass up to a working hour; return whether it is not in the future."""
    days = shortest + story.rng.expovariate(1 / usual)
    moment = story.moment.at + timedelta(days=days)
    if moment.weekday() > 4:
        moment += timedelta(days=2)
    later = moment.replace(hour=story.rng.randint(8, 16))
    if max(later, moment) >= story.setting.now:
        return False
    story.moment = told(max(later, story.moment.at + timedelta(minutes=1)))
    return True


def take_up(story: Story) -> None:
    """Let somebody take a new inquiry and get in contact; now and then it is closed at once."""
    rng, standing = story.rng, story.standing
    if rng.random() < 0.7:
        assign(story, rng.choice(story.setting.team.coordinators))
    if rng.random() < 0.04:
        move(story, "closed", "duplicate" if rng.random() < 0.5 else "not_genuine")
    elif story.email and (rng.random() < 0.8 or not story.has_phone):
        reply(story)
    else:
        call(story, reached=rng.random() < 0.7)
        if standing.status == "new":
            move(story, "in_contact")
    maybe_follow_up(story)


def stay_in_contact(story: Story) -> None:
    """Let papers come, be asked for or be complete; let some inquiries end here."""
    fate = story.rng.random()
    if fate < 0.07:
        note(story)
    elif fate < 0.1:
        assign(story, story.rng.choice(story.setting.team.coordinators), words.HANDED_OVER)
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
        waiting.heard_from(story.inquiry, story.moment.at)
    elif fate < 0.85:
        contact(story, "no_answer")
    else:
        move(story, "closed", "not_reached")


def review(story: Story) -> None:
    """Let a doctor decide, or ask for more."""
    fate = story.rng.random()
    doctor = story.rng.choice(story.setting.team.doctors)
    if fate < 0.45:
        move(story, "offered", by=doctor)
    elif fate < 0.75:
        move(story, "declined", story.rng.choice(workflow.REASONS["declined"]), by=doctor)
    else:
        move(story, "in_contact", by=doctor)


def tell_decision(story: Story) -> None:
    """Tell a person what was decided, then close the inquiry or leave it; some people withdraw."""
    if story.standing.waiting_since is not None:
        reply(story) if story.email else call(story, reached=True)
    elif story.rng.random() < 0.5:
        story.is_over = True
    elif story.rng.random() < 0.1:
        move(story, "withdrawn")
    else:
        reasons = ("treated", "person_decided") if story.standing.status == "offered" else ("answered",)
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
    standing = story.standing
    text = words.REASON_WORDS if reason == workflow.NEEDS_WORDS else ""
    workflow.check_move(standing.status, target)
    workflow.check_reason(target, reason, text)
    standing.status, standing.reason = target, reason or None
    if target not in workflow.OPEN:
        standing.follow_up_on = None
    waiting.moved(story.inquiry, story.moment.at)
    author = None if target == workflow.BY_THE_PERSON else by or story.owner
    add_event(story, "moved", author, text, status=target, reason=reason or None)


def assign(story: Story, owner: str, text: str = "") -> None:
    """Let a member of staff see to an inquiry."""
    by = story.owner
    story.standing.owner_id = owner
    add_event(story, "assigned", by, text, to_staff_id=owner)


def note(story: Story) -> None:
    """Add a note."""
    add_event(story, "noted", story.owner, story.rng.choice(words.NOTES))


def maybe_follow_up(story: Story) -> None:
    """Set the day on which an open inquiry is looked at again, now and then."""
    if story.standing.status in workflow.OPEN and story.rng.random() < 0.2:
        day = story.moment.at.date() + timedelta(days=story.rng.randint(*FOLLOW_UP_DAYS))
        story.standing.follow_up_on = day
        add_event(story, "follow_up", story.owner, day=day)


def contact(story: Story, outcome: str, text: str = "") -> None:
    """Keep a contact outside of the site."""
    channel = story.rng.choice(("phone", "whatsapp"))
    add_event(story, "contacted", story.owner, text, channel=channel, outcome=outcome)


def call(story: Story, *, reached: bool) -> None:
    """Call a person, who is there or not."""
    text = words.CONTACTED[0 if reached else 1]
    contact(story, "reached" if reached else story.rng.choice(("no_answer", "left_message")), text)
    if reached:
        if story.standing.status == "new":
            move(story, "in_contact")
        waiting.answered(story.inquiry, story.moment.at)


def reply(story: Story) -> None:
    """Answer a person by mail, as ``answering.send_reply`` does; the mail is sent already."""
    by = story.owner
    text = json_of(words.REPLIES.get(story.answer_language, words.REPLIES["en"]))
    writer = json_of(story.setting.team.names[by])
    mail_id = add_mail(story, REPLY, f'{{"text":{text},"reference":"{story.reference}","writer":{writer}}}')
    since = since_when(story.inquiry)
    answer = f'{{"text":{text},"to":"{story.email}","waited_since":"{since}"}}'
    add_event(story, "answered", by, json=answer, mail_id=mail_id)
    if story.standing.status == "new":
        move(story, "in_contact")
    waiting.answered(story.inquiry, story.moment.at)


def add_event(
    story: Story,
    kind: str,
    by: str | None,
    text: str = "",
    *,
    json: str = "",
    status: str | None = None,
    reason: str | None = None,
    to_staff_id: str | None = None,
    day: date | None = None,
    channel: str | None = None,
    outcome: str | None = None,
    mail_id: str | None = None,
) -> None:
    """Add a line to the timeline; each counts as a change of the inquiry, but the first.

    ``text`` is kept sealed, and so is ``json``, which is more than a text.
    """
    story.standing.version += kind != "sent"
    row = id_at(story.moment)
    plain = json or (text and json_of(text))
    sealed = story.setting.seal(EVENTS, "text_sealed", row, plain.encode()) if plain else None
    story.events.append(
        (
            digits_of(row),
            story.row,
            story.moment.text,
            by,
            kind,
            story.standing.version,
            sealed,
            status,
            reason,
            to_staff_id,
            day and day.isoformat(),
            channel,
            outcome,
            mail_id,
        )
    )


def add_mail(story: Story, message: str, params: str) -> str:
    """Add a mail that was sent: no worker looks at it. ``params`` are JSON. Return its id."""
    row, moment, seal = id_at(story.moment), story.moment.text, story.setting.seal
    story.mails.append(
        (
            digits_of(row),
            message,
            story.page_language,
            f"<{row}@{story.setting.host}>",
            seal(MAILS, "recipient_sealed", row, f'"{story.email}"'.encode()),
            story.email_index,
            seal(MAILS, "params_sealed", row, params.encode()),
            story.row,
            moment,
            "sent",
            moment,
            1,
            0,
            moment,
            moment,
        )
    )
    return digits_of(row)
