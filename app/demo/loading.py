"""Loading inquiries of people who do not exist, so that the desk can be tried out.

Each is marked (``is_demo``), and so are the accounts that see to them. No mail comes of them.
"""

import gc
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread

import sqlalchemy as sa
from flask import current_app

from app.accounts import keeping
from app.accounts.models import User
from app.audit.log import SYSTEM, record
from app.content.kept import NO_VERSION
from app.content.queries import published_entry
from app.core.clock import now
from app.core.database import db
from app.core.i18n import speaking
from app.demo.batches import Batch, batch_here, prepare, settings_of
from app.demo.plan import FIRST_LANGUAGE, Plan
from app.demo.story import Team
from app.demo.writing import writer
from app.inquiries import consents
from app.inquiries.models import CONSENT_KINDS, Inquiry

BATCH = 5_000
"""Inquiries that are made and kept at once."""
AHEAD = 2
"""Batches that each process may be ahead of the database."""
FEW = BATCH
"""So many are made in this process: starting others takes longer."""
PROCESSES = 2
COORDINATORS = ("Ana Demo", "Björn Demo", "Łucja Demo", "Omar Demo", "سلمى Demo")
DOCTORS = ("Dr. Inés Demo", "Dr. Yusuf Demo")
HOST = "demo.example"

Progress = Callable[[int], None]
"""Is told of each number of inquiries that was done."""


class InProductionError(Exception):
    """The site is in production: people who do not exist have no place among those who do."""


def load(count: int, seed: str, progress: Progress) -> None:
    """Add so many inquiries of people who do not exist to those that are there.

    The same seed makes the same people. Of many that are loaded into a database of few, an interrupted load
    keeps none; else what it has kept stays, and is removed like the rest. Raises InProductionError.
    """
    if current_app.config["PORTAL_ENV"] == "production":
        raise InProductionError
    plan = plan_of(count, seed)
    record(SYSTEM, "demo.loaded", "demo", None, inquiries=count)
    db.session.commit()
    db.session.close()
    with writer(count) as keep:
        for made in batches(plan):
            keep(made)
            progress(made.count)


def plan_of(count: int, seed: str) -> Plan:
    """Return what all batches of a load have in common, with its team added to the session."""
    languages = current_app.config["LANGUAGES"]
    return Plan(
        settings=settings_of(current_app.config),
        engine=db.engine.dialect.name,
        seed=seed,
        total=count,
        now=int(now().timestamp()),
        team=team(),
        treatment_versions={language: treatment_version(language) for language in languages},
        consent_words={language: words_beside_boxes(language) for language in languages},
        taken=frozenset(db.session.scalars(sa.select(Inquiry.reference))),
    )


def treatment_version(language: str) -> str:
    """Return the version of the treatment page that is published, as an inquiry names it."""
    found = (published_entry("treatment", slug) for slug in (language, FIRST_LANGUAGE))
    entry = next(filter(None, found), None)
    return f"{entry.item.slug}-{entry.version.number}" if entry else NO_VERSION


def words_beside_boxes(language: str) -> dict[str, str]:
    """Return what stands beside each box in a language."""
    with speaking(language):
        return {kind: str(consents.text(kind)) for kind in CONSENT_KINDS}


def team() -> Team:
    """Return the staff who see to these inquiries, made where they are not there yet."""
    coordinators = [account(name, "coordinator") for name in COORDINATORS]
    doctors = [account(name, "doctor") for name in DOCTORS]
    return Team(
        tuple(user.id.hex for user in coordinators),
        tuple(user.id.hex for user in doctors),
        {user.id.hex: user.name for user in (*coordinators, *doctors)},
    )


def account(name: str, role: str) -> User:
    """Return an account that nobody can sign in with, and that wants no mail."""
    number = (*COORDINATORS, *DOCTORS).index(name) + 1
    email = f"{role}.{number}@{HOST}"
    found = db.session.scalar(sa.select(User).where(User.email == email))
    if found is not None:
        return found
    made = keeping.add_user(name=name, email=email, hashed="", roles=[role])
    made.password, made.mail_choices, made.is_demo = None, [], True
    return made


def batches(plan: Plan) -> Iterator[Batch]:
    """Yield every batch of a plan, in order, a few made ahead by other processes."""
    jobs = jobs_of(plan)
    if plan.total <= FEW:
        prepare(plan)
        yield from (batch_here(*job) for job in jobs)
        return
    # Not forked: this process may hold connections.
    pool = ProcessPoolExecutor(PROCESSES, get_context("spawn"), begin, (plan,))
    with pool:
        waiting: list[Future[Batch]] = [
            pool.submit(batch_here, *job) for job in islice(jobs, PROCESSES * AHEAD)
        ]
        while waiting:
            made = waiting.pop(0).result()
            waiting += [pool.submit(batch_here, *job) for job in islice(jobs, 1)]
            yield made


def begin(plan: Plan) -> None:
    """Begin a process that makes batches for the one that started it."""
    Thread(target=end_with_parent, daemon=True).start()
    gc.disable()  # rows have no cycles, and to look for them among so many takes a tenth of the time
    prepare(plan)


def end_with_parent() -> None:
    """End this process when the one that started it is gone: killed, that one could not tell it to end."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def jobs_of(plan: Plan) -> Iterator[tuple[int, int]]:
    """Yield the first place and the number of inquiries of each batch."""
    for first in range(0, plan.total, BATCH):
        yield first, min(BATCH, plan.total - first)
