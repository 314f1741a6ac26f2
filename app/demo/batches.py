"""Rows for many inquiries at once, made in processes of their own, which know the settings but neither
database nor pages.
"""

import marshal
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from random import Random
from typing import Any, cast

from flask import Flask

from app.core.crypto import init_crypto, keyring
from app.core.links import site_host
from app.demo import people
from app.demo.adding import INQUIRY, Sender, add_inquiry, due_in
from app.demo.life import chapters
from app.demo.plan import Plan, moment_of, reference_of
from app.demo.pool import PEOPLE, Person, index_of, prepared
from app.demo.shapes import ENCODERS, Found, Parts, Rows
from app.demo.story import WEEK_HOURS, Chapter
from app.demo.telling import Seal, Setting
from app.demo.values import HOUR_SECONDS, hour_text

CHANNELS = {"form": 55, "steps": 25, "call": 10, "phone": 10}
STORIES = 32
"""Of each hour of the week, and of each way of being reached."""
WRITE_TWICE = 0.02
"""The part of inquiries that somebody sends who sent the one before too."""
SETTINGS = (
    "FIELD_KEYS",
    "PUBLIC_URL",
    "LANGUAGES",
    "LANGUAGES_FOLDER",
    "ANSWER_WORKING_DAYS",
    "BABEL_DEFAULT_TIMEZONE",
    "WORKING_DAYS",
    "WORKING_HOURS",
    "HOLIDAYS",
    "CLOSED_DAYS",
)
"""What the rows depend on."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of so many inquiries."""

    count: int
    packed: bytes
    """The parts, as bytes that cost little to hand over to another process."""

    @property
    def parts(self) -> Parts:
        """What the database is given."""
        parts: Parts = marshal.loads(self.packed)  # noqa: S302 -- made below
        return parts


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a process keeps between the batches that it makes."""

    plan: Plan
    app: Flask
    setting: Setting
    person: Callable[[bool, str, int], Person]
    story: Callable[[int, bool, bool, int], tuple[Chapter, ...]]


WORKSHOPS: list[Workshop] = []
"""The one of this process."""


def settings_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the rows depend on."""
    return {name: config[name] for name in SETTINGS}


def application(settings: Mapping[str, Any]) -> Flask:
    """Return an application that can seal and count working time, and nothing else."""
    app = Flask("demonstration")
    app.config.from_mapping(settings)
    init_crypto(app)
    return app


def prepare(plan: Plan) -> None:
    """Begin a process that makes batches."""
    # Another application may have another key, and other hours.
    index_of.cache_clear()
    due_in.cache_clear()
    app = application(plan.settings)
    with app.app_context():
        keys, days = keyring(), plan.settings["ANSWER_WORKING_DAYS"]
        # Of a row's id only the text is looked at.
        seal = cast(Seal, keys.seal)
        setting = Setting(plan.now // HOUR_SECONDS, days, site_host(), seal, keys.blind_index)
    person = lru_cache(maxsize=4 * PEOPLE)(partial(prepared, plan))
    story = lru_cache(maxsize=None)(partial(story_of, plan))
    WORKSHOPS[:] = [Workshop(plan, app, setting, person, story)]


def story_of(plan: Plan, hour: int, has_email: bool, has_phone: bool, number: int) -> tuple[Chapter, ...]:
    """Return one of the stories that begin in an hour of the week."""
    rng = Random(f"{plan.seed}/{hour}/{has_email}/{has_phone}/{number}")  # noqa: S311 -- not a secret
    return chapters(plan.team, rng, hour, has_email=has_email, has_phone=has_phone)


def batch_here(first: int, count: int) -> Batch:
    """Make so many inquiries, the ``first``-th of all and those after it, in a process prepared for it."""
    (workshop,) = WORKSHOPS
    with workshop.app.app_context():
        return batch(workshop, first, count)


def batch(workshop: Workshop, first: int, count: int) -> Batch:
    """Make so many inquiries, the ``first``-th of all and those after it."""
    plan = workshop.plan
    rng = Random(f"{plan.seed}/{first}")  # noqa: S311 -- not a secret
    # First what the other rows name.
    rows: Rows = defaultdict(list, {INQUIRY: []})
    wrote: dict[Person, list[str]] = defaultdict(list)
    found: Found = defaultdict(list)
    writing = first
    for place in range(first, first + count):
        if rng.random() > WRITE_TWICE:
            writing = place
        sender = sender_of(workshop, rng, moment_of(plan, place + rng.random()), writing)
        row = add_inquiry(
            rows,
            found,
            plan,
            workshop.setting,
            rng,
            sender=sender,
            story=some_story(workshop, rng, sender),
            reference=reference_of(plan, place),
        )
        wrote[sender.person].append(row)
    for person, ids in wrote.items():
        for key in person.found_by:
            found[key] += ids
    return Batch(count, marshal.dumps(ENCODERS[plan.engine](rows, found)))


def sender_of(workshop: Workshop, rng: Random, sent_at: int, number: int) -> Sender:
    """Return who sends an inquiry at a moment, of whom there is one for each number."""
    hour, second = divmod(sent_at, HOUR_SECONDS)
    channel = people.pick(rng, CHANNELS)
    person = workshop.person(channel == "call", hour_text(hour)[:7], number % PEOPLE)
    return Sender(person, str(number), channel, hour, second)


def some_story(workshop: Workshop, rng: Random, sender: Sender) -> tuple[Chapter, ...]:
    """Return what happens to an inquiry, whoever sends one then and is reached like that."""
    person, number = sender.person, int(rng.random() * STORIES)
    return workshop.story(sender.hour % WEEK_HOURS, len(person.email) > 1, person.has_phone, number)
