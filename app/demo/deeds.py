"""What staff do for an inquiry, and what comes of it, by the rules that the services follow."""

from datetime import timedelta

from app.demo import words
from app.demo.lines import add_event, add_mail, json_of
from app.demo.story import Story
from app.inquiries import waiting, workflow
from app.inquiries.answering import REPLY, since_when

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
