"""How cost grows: ``python -m bench.growth`` prints two tables for docs/performance.md, in about an hour.

The first has the queue and the search with more and more inquiries, from demonstration data, in milliseconds
of the clock (the median of the tries), and how many bytes of the database each inquiry takes. The second has
how many home pages and inquiries a second are answered with more and more web processes, each asked over
connections that stay open. Those who ask run on the same processors.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.database import db
from app.demo import loading
from app.inquiries.models import Inquiry
from bench.figures import WrongAnswerError
from bench.sites import ENGINES, EngineName, Server, Site, served, site
from tests.support.pages import page_of
from tests.support.staff import signed_in
from tools.bootstrap import ROOT

SIZES = (1_000, 10_000, 100_000, 1_000_000)
WORKERS = (1, 2, 4, 8)
TRIES = 20
SECONDS = 10.0
"""For which one row of web processes is asked."""
WARMING_UP_SECONDS = 3.0
THREADS = 4


def main() -> None:
    """Measure both tables on both engines."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description="Measure how cost grows.")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="inquiries in the database")
    parser.add_argument("--workers", type=int, nargs="*", default=WORKERS, help="web processes")
    given = parser.parse_args()
    for engine in ENGINES:
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            by_size(engine, Path(folder) / "sizes", given.sizes)
            by_workers(engine, Path(folder) / "workers", given.workers)


def by_size(engine: EngineName, folder: Path, sizes: Sequence[int]) -> None:
    """Print how long pages of the desk take with so many inquiries."""
    with site(folder, engine, PORTAL_ENV="development") as place:
        client = signed_in(place.app)
        heading(
            engine, "inquiries", "first page", "waiting longest", "one country", "search", "bytes of each"
        )
        there, empty = 0, database_bytes(place)
        for size in sizes:
            with place.app.app_context():
                loading.load(size - there, f"growth {size}", lambda _count: None)
            there = size
            bytes_of_each = (database_bytes(place) - empty) / size
            times = [f"{value:.1f} ms" for value in desk_milliseconds(client)]
            row(f"{size:,}", *times, f"{bytes_of_each:,.0f}")


def database_bytes(place: Site) -> int:
    """Return how large the database is, with its indexes."""
    sizes = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with place.app.app_context():
        return int(db.session.scalar(sa.text(sizes[db.engine.dialect.name])) or 0)


def desk_milliseconds(client: FlaskClient) -> Iterator[float]:
    """Yield the median of what each page of the desk takes."""
    for path in ("/desk?view=all", "/desk?view=waiting", "/desk?view=all&country=ES"):
        yield clocked(partial(client.get, path))
    fields = {**page_of(client.get("/desk?view=all")).values("/desk/search"), "sought": "garcia"}
    yield clocked(partial(client.post, "/desk/search", data=fields))


def clocked(ask: Callable[[], TestResponse]) -> float:
    """Return the median of the milliseconds that something takes that is answered well."""
    took = []
    for _try in range(TRIES):
        start = time.perf_counter()
        status = ask().status_code
        took.append((time.perf_counter() - start) * 1000)
        if status != 200:
            raise WrongAnswerError(f"a page of the desk was answered with {status}")
    return median(took)


def by_workers(engine: EngineName, folder: Path, workers: Sequence[int]) -> None:
    """Print how many home pages and inquiries a second are answered by so many web processes."""
    # Each inquiry comes from an address of its own: from one, so many would be taken for a flood.
    with site(folder, engine, TRUSTED_PROXIES="1") as place:
        heading(engine, "web processes", "home pages a second", "inquiries a second")
        for count in workers:
            with served("bench.busy:app", place.environ, workers=count, threads=THREADS) as server:
                answered(server, count, "home", WARMING_UP_SECONDS)
                homes = answered(server, count, "home")
                before = inquiries(place)
                sent = answered(server, count, "inquiries")
                if inquiries(place) - before < sent:
                    raise WrongAnswerError("an inquiry that was taken is not there")
            row(str(count), f"{homes / SECONDS:,.0f}", f"{sent / SECONDS:,.1f}")


def inquiries(place: Site) -> int:
    """Return how many inquiries there are."""
    with place.app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Inquiry)) or 0


def answered(server: Server, workers: int, what: str, seconds: float = SECONDS) -> int:
    """Return how many requests were answered well, those who ask taken together."""
    command = [sys.executable, "-m", "bench.asking", str(server.port), what, str(seconds)]
    asking = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _one in range(workers * 2)
    ]
    told = [process.communicate()[0] for process in asking]
    if any(process.returncode for process in asking):
        raise WrongAnswerError(f"not every request for {what} was answered well")
    return sum(int(count) for count in told)


def heading(engine: str, *cells: str) -> None:
    """Print a table's head."""
    print(f"\n{engine}\n")
    row(*cells)
    row(*["---"] * len(cells))


def row(*cells: str) -> None:
    """Print a table's row."""
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
