"""What happens to an inquiry of somebody who does not exist, by the rules that the services follow."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from app.demo import words
from app.demo.deeds import assign, call, contact, maybe_follow_up, move, note, reply
from app.demo.story import Chapter, Standing, Story, Team, end_chapter
from app.demo.values import EPOCH, HOUR
from app.inquiries import waiting, workflow

NEVER_SEEN_TO = 0.01
"""The part of inquiries that nobody takes up."""


def chapters(team: Team, rng: Random, hour: int, *, has_email: bool, has_phone: bool) -> tuple[Chapter, ...]:
    """Return a story that begins in an hour of the first week, to its end; first comes the sending."""
    moment = EPOCH + hour * HOUR
    story = Story(team, rng, has_email, has_phone, moment, Standing(waiting_since=moment))
    end_chapter(story)
    story.is_over = rng.random() < NEVER_SEEN_TO
    while not story.is_over and (step := NEXT.get(story.standing.status)):
        go_on(story, *step.after_days)
        step.act(story)
        end_chapter(story)
    return tuple(story.chapters)


def go_on(story: Story, shortest: float, usual: float) -> None:
    """Let time pass up to a working hour."""
    days = shortest + story.rng.expovariate(1 / usual)
    moment = (story.moment + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    if moment.weekday() > 4:
        moment += timedelta(days=2)
    later = moment.replace(hour=story.rng.randint(8, 16))
    story.moment = max(later, moment, story.moment + HOUR)


def take_up(story: Story) -> None:
    """Let somebody take a new inquiry and get in contact; now and then it is closed at once."""
    rng, standing = story.rng, story.standing
    if rng.random() < 0.7:
        assign(story, rng.choice(story.team.coordinators))
    if rng.random() < 0.04:
        move(story, "closed", "duplicate" if rng.random() < 0.5 else "not_genuine")
    elif story.has_email and (rng.random() < 0.8 or not story.has_phone):
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
    if story.standing.waiting_since is not None:
        reply(story) if story.has_email else call(story, reached=True)
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
