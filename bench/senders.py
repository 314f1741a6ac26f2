"""Eight people who send at once, again and again: how long the one waits who waits longest.

Each has a connection and a process of the server to itself, so that all of them write to the database at the
same moment: the hardest case, above all for SQLite, where one writes and the others wait. So many at once
would be a flood, of which few are told of by mail: the site that is served takes them for none
(``bench.busy``), so that each writes all that an inquiry does. A wait is from sending the form to its answer.
Every answer has to lead to the confirmation, and every row has to be there in the end.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles

from app.core.clock import now
from bench.figures import Figure, at_most
from bench.sending import Sender, check_no_marks, check_rows, counts, filled_in
from bench.sites import ENGINES, EngineName, Server, Site, served, site

SENDERS = 8
TIMES = 100
LONGEST: dict[EngineName, int] = {"sqlite": 250, "postgresql": 100}
"""Milliseconds."""


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ENGINES:
        tell(f"{engine}: a site")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)  # PostgreSQL has a user of its own
            settings = {"TRUSTED_PROXIES": "1", "COORDINATOR_EMAILS": "coordinator@clinic.example"}
            with (
                site(Path(folder), engine, **settings) as ours,
                served("bench.busy:app", ours.environ, workers=SENDERS) as server,
            ):
                tell(f"{engine}: {SENDERS} at once")
                yield longest_wait(engine, ours, server)


def longest_wait(engine: EngineName, ours: Site, server: Server) -> Figure:
    """Return the longest wait of all."""
    headers, fields = filled_in(ours.app)
    senders = [Sender(server, headers, fields, number << 16) for number in range(SENDERS)]
    for sender in senders:
        sender.send()  # each process compiles what it needs
    before = counts(ours.environ["DATABASE_URL"])
    waits: list[list[float]] = [[] for _sender in senders]
    threads = [
        threading.Thread(target=send_often, args=(sender, kept))
        for sender, kept in zip(senders, waits, strict=True)
    ]
    start = now()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = (now() - start).total_seconds()
    check_rows(ours.environ["DATABASE_URL"], before, SENDERS * TIMES)
    check_no_marks(ours.app)
    all_waits = [wait for kept in waits for wait in kept]
    told = (
        f"{len(all_waits) / passed:.0f} a second in all; half of them within {median(all_waits):.0f} ms, "
        f"99 in 100 within {quantiles(all_waits, n=100)[-1]:.0f} ms"
    )
    return at_most(f"{SENDERS} senders at once on {engine}", LONGEST[engine], "ms", [max(all_waits)], told)


def send_often(sender: Sender, waits: list[float]) -> None:
    """Send again and again, and keep how many milliseconds each took."""
    for _time in range(TIMES):
        start = time.perf_counter()
        sender.send()
        waits.append((time.perf_counter() - start) * 1000)
