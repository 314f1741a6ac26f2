"""Loading inquiries of people who do not exist, so that the desk can be tried out.

Each is marked (``is_demo``), and so are the accounts that see to them. No mail comes of them.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from itertools import islice
from multiprocessing import get_context
from typing import Any

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
from app.demo.batches import COLUMNS, FIRST_LANGUAGE, Batch, Plan, batch_here, prepare, settings_of
from app.demo.life import Team
from app.inquiries import consents
from app.inquiries.models import CONSENT_KINDS, Inquiry
from app.inquiries.sending import REFERENCE_LETTERS

BATCH = 2_000
"""Inquiries that are made and kept at once."""
AHEAD = 2
"""Batches that each process may be ahead of the database."""
FEW = 2 * BATCH
"""So many are made in this process: starting others takes longer."""
PROCESSES = 2
STEP = 500_000_003
"""Between the numbers of two references that follow each other: prime, so that none comes twice."""
SQLITE_CACHE = "PRAGMA cache_size = -262144"
"""256 MiB, for as long as the connection lives: an index that does not fit is read again for every row."""
COORDINATORS = ("Ana Demo", "Björn Demo", "Łucja Demo", "Omar Demo", "سلمى Demo")
DOCTORS = ("Dr. Inés Demo", "Dr. Yusuf Demo")
HOST = "demo.example"

Progress = Callable[[int], None]
"""Is told of each number of inquiries that was done."""


class InProductionError(Exception):
    """The site is in production: people who do not exist have no place among those who do."""


def load(count: int, seed: str, progress: Progress) -> None:
    """Add so many inquiries of people who do not exist to those that are there.

    The same seed makes the same people. Each batch is kept by itself: what an interrupted load has made
    stays, and is removed like the rest. Raises InProductionError.
    """
    if current_app.config["PORTAL_ENV"] == "production":
        raise InProductionError
    plan = plan_of(count, seed)
    record(SYSTEM, "demo.loaded", "demo", None, inquiries=count)
    db.session.commit()
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
        now=now(),
        team=team(),
        treatment_versions={language: treatment_version(language) for language in languages},
        consent_words={language: words_beside_boxes(language) for language in languages},
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
    pool = ProcessPoolExecutor(PROCESSES, get_context("spawn"), prepare, (plan,))
    with pool:
        waiting: list[Future[Batch]] = [
            pool.submit(batch_here, *job) for job in islice(jobs, PROCESSES * AHEAD)
        ]
        while waiting:
            made = waiting.pop(0).result()
            waiting += [pool.submit(batch_here, *job) for job in islice(jobs, 1)]
            yield made


def jobs_of(plan: Plan) -> Iterator[tuple[int, list[str], int]]:
    """Yield the number, the references and the first place of each batch."""
    free = free_references(plan.seed)
    for number, first in enumerate(range(0, plan.total, BATCH)):
        yield number, list(islice(free, min(BATCH, plan.total - first))), first


def free_references(seed: str) -> Iterator[str]:
    """Yield references that no inquiry has, each once."""
    candidates = references_from(int.from_bytes(seed.encode()))
    while some := list(islice(candidates, BATCH)):
        taken = set(db.session.scalars(sa.select(Inquiry.reference).where(Inquiry.reference.in_(some))))
        db.session.rollback()
        yield from (reference for reference in some if reference not in taken)


def references_from(start: int) -> Iterator[str]:
    """Yield every reference that there can be, from one on."""
    base = len(REFERENCE_LETTERS)
    for place in range(base**8):
        number = (start + place * STEP) % base**8
        letters = "".join(REFERENCE_LETTERS[number // base**power % base] for power in range(8))
        yield f"SCI-{letters[:4]}-{letters[4:]}"


def keep(made: Batch) -> None:
    """Write the rows of a batch in one transaction."""
    connection = db.session.connection()
    write = WRITERS[connection.dialect.name]
    with closing(connection.connection.cursor()) as cursor:
        for name, rows in made.rows.items():
            write(cursor, name, ", ".join(f'"{column}"' for column in COLUMNS[name]), rows)
    db.session.commit()


def write_to_sqlite(cursor: Any, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows by one statement."""
    cursor.execute(SQLITE_CACHE)
    places = ", ".join("?" * len(COLUMNS[table]))
    cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608 -- names of ours


def write_to_postgresql(cursor: Any, table: str, columns: str, rows: bytes) -> None:
    """Copy rows in."""
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.write(rows)


WRITERS: dict[str, Any] = {"sqlite": write_to_sqlite, "postgresql": write_to_postgresql}
