"""A web process: how long it takes to answer for the first time, and how much memory it has then.

The real program and Flask's hello take turns on the same granian command line, each started anew. Time is
what processors work for all processes of the command until ``GET /healthz`` is answered, and until the first
page of ``GET /`` is: one thing is done after the other, so it is what passes on a machine without other work.
Memory is what all processes of the command hold at rest after the first answer: the sum of their PSS, in
which what several share is counted once (``/proc/<pid>/smaps_rollup``). A round before only warms up; Python
keeps its bytecode, as it does where the program is installed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.figures import ROUNDS, Figure, WrongAnswerError, at_most, ratios
from bench.sites import Server, ask, served, site

MOST = 2.5
HELLO = "bench.references.hello:app"
INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}


class Start(NamedTuple):
    """What one start cost."""

    seconds: float
    """Of processors, until it answered at all."""
    page_seconds: float
    """Of processors, until the first page was there."""
    megabytes: float
    """At rest after the first answer."""


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Yield the figures of a start."""
    with TemporaryDirectory() as folder, site(Path(folder)) as ours:
        costs: list[tuple[Start, Start]] = []
        for number in range(ROUNDS + 1):
            tell(f"start {number + 1} of {ROUNDS + 1}")
            costs.append(
                (
                    started("wsgi:app", {**ours.environ, **INSTALLED}, b'name="csrf_token"'),
                    started(HELLO, INSTALLED, b"Hello"),
                )
            )
    for place, path, unit in (
        (0, "start: to the first answer", "s"),
        (1, "start: to the first page", "s"),
        (2, "start: memory at rest", "MB"),
    ):
        pairs = [(mine[place], hello[place]) for mine, hello in costs[1:]]
        mine, hello = (median(values) for values in zip(*pairs, strict=True))
        told = f"{mine:.2f} {unit}; Flask hello {hello:.2f} {unit}"
        yield at_most(path, MOST, "× Flask hello", ratios(pairs), told)


def started(target: str, environ: Mapping[str, str], expected: bytes) -> Start:
    """Start a server, and return what that cost once its first page has come."""
    with served(target, environ) as server:
        seconds, megabytes = server.processor_seconds(), memory_of(server)
        connection = server.connect()
        answer = ask(connection, "/")
        page_seconds = server.processor_seconds()
        connection.close()
    if expected not in answer.body:
        raise WrongAnswerError(f"GET / of {target} has no {expected.decode()}")
    return Start(seconds, page_seconds, megabytes)


def memory_of(server: Server) -> float:
    """Return the PSS of a server's processes, in megabytes."""
    return sum(proportional_bytes(pid) for pid in server.processes()) / 1e6


def proportional_bytes(pid: int) -> int:
    """Return the memory of a process; what it shares with others is divided among them (``proc(5)``)."""
    told = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    if told is None:
        raise RuntimeError(f"The system does not tell the memory of process {pid}.")
    return int(told[1]) * 1024
