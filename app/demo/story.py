"""The story of an inquiry of somebody who does not exist, while it is made up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any, cast

from app.demo.values import Moment
from app.inquiries.models import Inquiry

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
