"""What staff do for an inquiry, and what comes of it, by the rules that the services follow."""

from datetime import timedelta
from functools import lru_cache

from app.core.crypto import as_json
from app.demo import words
from app.demo.shapes import Shape, shape
from app.demo.story import Answer, Happening, Story
from app.demo.values import day_of, hour_of
from app.inquiries import waiting, workflow
from app.inquiries.models import InquiryEvent

EVENTS = InquiryEvent.__tablename__
FOLLOW_UP_DAYS = (1, 21)


def move(story: Story, target: str, reason: str = "", by: str | None = None) -> None:
    """Move an inquiry as ``services.move_inquiry`` does."""
    standing = story.standing
    text = words.REASON_WORDS if reason == workflow.NEEDS_WORDS else ""
    workflow.check_move(standing.status, target)
    workflow.check_reason(target, reason, text)
    standing.status, standing.reason = target, reason or None
    if target not in workflow.OPEN:
        standing.follow_up_on = None
    waiting.moved(story.inquiry, story.moment)
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
        day = story.moment.date() + timedelta(days=story.rng.randint(*FOLLOW_UP_DAYS))
        story.standing.follow_up_on = day
        add_event(story, "follow_up", story.owner, day=day_of(day))


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
        waiting.answered(story.inquiry, story.moment)


def reply(story: Story) -> None:
    """Answer a person by mail, as ``answering.send_reply`` does."""
    by, since = story.owner, story.standing.waiting_since
    answer = Answer(as_json(story.team.names[by]), hour_of(since) if since else None)
    add_event(story, "answered", by, answer=answer)
    if story.standing.status == "new":
        move(story, "in_contact")
    waiting.answered(story.inquiry, story.moment)


def add_event(
    story: Story,
    kind: str,
    by: str | None,
    text: str = "",
    *,
    day: int | None = None,
    answer: Answer | None = None,
    **others: str | None,
) -> None:
    """Add a line to the timeline; each counts as a change of the inquiry. ``others`` are columns."""
    story.standing.version += 1
    columns = {"kind": kind, "version": story.standing.version, "staff_id": by, **others}
    given = {name: value for name, value in columns.items() if value is not None}
    form = event_shape(bool(text or answer), day is not None, answer is not None, tuple(given))
    plain = as_json(text).encode() if text else b""
    story.happenings.append(Happening(form, tuple(given.values()), plain, day, answer))


@lru_cache
def event_shape(has_text: bool, has_day: bool, has_mail: bool, others: tuple[str, ...]) -> Shape:
    """Return the shape of a line of a timeline."""
    parts = {"text_sealed": has_text, "day": has_day, "mail_id": has_mail}
    there = (name for name, is_there in parts.items() if is_there)
    return shape(EVENTS, ("id", "inquiry_id", "at", *there, *others))
