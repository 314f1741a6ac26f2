"""The story of an inquiry of somebody who does not exist: what happens to it, whoever sent it.

A story is told in hours, and begins in the first week since 1970: it can happen in any week to anybody who
sends an inquiry in that hour of it, and is reached in the same ways.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any, NamedTuple, cast

from app.demo.shapes import Shape
from app.demo.values import day_of, hour_of
from app.inquiries.models import Inquiry

WEEK_HOURS = 7 * 24


@dataclass(frozen=True, slots=True)
class Team:
    """The members of staff who do not exist, by their rows' ids."""

    coordinators: tuple[str, ...]
    doctors: tuple[str, ...]
    names: dict[str, str]


class Answer(NamedTuple):
    """An answer by mail."""

    writer: str
    """The name, as JSON."""
    since: int | None
    """The hour since which the person waited."""


class Happening(NamedTuple):
    """A line of a timeline, but for what is of one inquiry alone."""

    shape: Shape
    values: tuple[Any, ...]
    """Of the last of the shape's columns."""
    text: bytes
    """As JSON, to be sealed; empty for none."""
    day: int | None
    """That a follow-up is set to."""
    answer: Answer | None


class Chapter(NamedTuple):
    """What happens at one moment, and where the inquiry stands after that."""

    hour: int
    happenings: tuple[Happening, ...]
    version: int
    status: str
    reason: str | None
    owner_id: str | None
    follow_up_on: int | None
    waiting_since: int | None
    first_answered_at: int | None


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
    """A story while it is made up."""

    team: Team
    rng: Random
    has_email: bool
    has_phone: bool
    moment: datetime
    """When the last thing happened; a whole hour."""
    standing: Standing
    is_over: bool = False
    """Whether nothing happens any more, although the inquiry is not closed."""
    happenings: list[Happening] = field(default_factory=list)
    """Those of this moment."""
    chapters: list[Chapter] = field(default_factory=list)

    @property
    def inquiry(self) -> Inquiry:
        """Where it stands, for the services' functions."""
        return cast(Inquiry, self.standing)

    @property
    def owner(self) -> str:
        """Who sees to it, or somebody of the team while nobody does."""
        return self.standing.owner_id or self.rng.choice(self.team.coordinators)


def end_chapter(story: Story) -> None:
    """Keep what happened at this moment, and where the inquiry stands now."""
    at = story.standing
    story.chapters.append(
        Chapter(
            hour_of(story.moment),
            tuple(story.happenings),
            at.version,
            at.status,
            at.reason,
            at.owner_id,
            day_of(at.follow_up_on) if at.follow_up_on else None,
            hour_of(at.waiting_since) if at.waiting_since else None,
            hour_of(at.first_answered_at) if at.first_answered_at else None,
        )
    )
    story.happenings.clear()
