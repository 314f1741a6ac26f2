"""How long a million inquiries of people who do not exist take to load, and the databases that hold them.

What is timed is the command that an administrator types, ``flask demo load``, on a migrated SQLite file with
the content that comes with the site. The databases are kept under ``bench/out/``, by all that their rows
are made by, so that the paths that look for something in them need no other; what is timed is always a load
of this run.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from app import create_app
from app.core.database import Base, db
from app.inquiries.models import Inquiry
from bench.figures import Figure, WrongAnswerError, at_most
from tests.support.databases import close, migrate
from tests.support.environment import environment
from tools.bootstrap import ROOT

SIZES = (1_000, 1_000_000)
SECONDS = 180.0
KEPT = ROOT / "bench" / "out" / "databases"
MADE_BY = (
    "app/demo/*.py",
    "app/*/models.py",
    "app/core/*.py",
    "app/inquiries/*.py",
    "migrations/*.py",
)

Tell = Callable[[str], None]


def measure(tell: Tell) -> Iterator[Figure]:
    """Yield how long the largest of the databases takes, which is made anew."""
    size = max(SIZES)
    shutil.rmtree(KEPT / made_by() / str(size), ignore_errors=True)
    (made,) = databases(KEPT, (size,), tell).values()
    path = database_file(made)
    tell(f"checking {size:,} inquiries")
    check(made, size)
    seconds = float(seconds_file(path).read_text())
    told = f"{size / seconds:,.0f} a second, {path.stat().st_size / 1e9:.1f} GB"
    yield at_most(f"demonstration data: {size:,} inquiries built", SECONDS, "seconds", [seconds], told)


def databases(
    folder: Path = KEPT, sizes: Sequence[int] = SIZES, tell: Tell = print
) -> dict[int, dict[str, str]]:
    """Return the environments (``create_app``) of databases with so many inquiries each.

    Those that are in the folder already, made by the same code, are taken as they are: who changes one takes
    a copy.
    """
    kept = folder / made_by()
    for older in set(folder.glob("*")) - {kept}:
        shutil.rmtree(older)
    return {size: database(kept / str(size), size, tell) for size in sizes}


def made_by() -> str:
    """Return a name for what the code makes: another one whenever it is changed."""
    files = sorted(path for pattern in MADE_BY for path in ROOT.glob(pattern))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]


def database(folder: Path, size: int, tell: Tell) -> dict[str, str]:
    """Return the environment of the database in a folder, which is made if it is not whole."""
    path = folder / "portal.sqlite"
    environ = environment(folder, f"sqlite:///{path}", PORTAL_ENV="development")
    if not seconds_file(path).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        migrate(environ["DATABASE_URL"], folder)
        tell(f"loading {size:,} inquiries")
        seconds_file(path).write_text(str(load(environ, size)))
    return environ


def load(environ: dict[str, str], size: int) -> float:
    """Load inquiries by the command, and return how many seconds it took."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load"]
    start = time.perf_counter()
    subprocess.run(
        [*command, "--inquiries", str(size), "--seed", "bench"],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def check(environ: dict[str, str], size: int) -> None:
    """Raise WrongAnswerError unless a database holds so many inquiries, each index of the models, and all
    that its rows name.
    """
    app = create_app(environ)
    with app.app_context():
        count = db.session.scalar(sa.select(sa.func.count()).select_from(Inquiry).where(Inquiry.is_demo))
        is_broken = db.session.execute(sa.text("PRAGMA foreign_key_check")).first() is not None
        seen = sa.inspect(db.engine)
        missing = [
            str(index.name)
            for table in Base.metadata.tables.values()
            for index in table.indexes
            if index.name not in {each["name"] for each in seen.get_indexes(table.name)}
        ]
    close(app)
    if is_broken:
        raise WrongAnswerError("rows were loaded that name others which are not there")
    if count != size or missing:
        raise WrongAnswerError(f"{count} inquiries were loaded, not {size}; indexes missing: {missing}")


def database_file(environ: dict[str, str]) -> Path:
    """Return the file that a database is."""
    return Path(environ["DATABASE_URL"].removeprefix("sqlite:///"))


def seconds_file(path: Path) -> Path:
    """Return the file that says how many seconds a database took; written when it is whole."""
    return path.with_suffix(".seconds")
