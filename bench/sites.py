"""What is measured: the real program on a database of its own, and a web server whose cost can be read.

The program runs as in production, only without TLS: its logs are JSON and go nowhere, forms have their
tokens, databases write as durably as the site's. What a server costs is the time that processors spent on
it, which other work on the machine changes far less than the time that passes.
"""

import http.client
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stderr, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Literal

from flask import Flask

from app import create_app
from bench.figures import WrongAnswerError
from tests.support.databases import Engine, SQLite, close, postgresql_server
from tests.support.environment import environment
from tools.bootstrap import ROOT, die_with_parent
from tools.run import HOST, free_port

SETTINGS = {"PORTAL_ENV": "production", "COORDINATOR_EMAILS": "coordinator@clinic.example"}
START_SECONDS = 60.0
STOP_SECONDS = 10.0
EngineName = Literal["sqlite", "postgresql"]
ENGINES: tuple[EngineName, ...] = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Site:
    """The program on a database of its own."""

    app: Flask
    environ: dict[str, str]
    """What ``wsgi:app`` is served with to be the same site."""
    engine: Engine
    """Makes other databases beside it, such as those of a reference."""


@contextmanager
def site(
    folder: Path, engine: EngineName = "sqlite", database_url: str = "", **settings: str
) -> Iterator[Site]:
    """Give the program on a migrated database that holds the content that comes with the site.

    It is a new one, or the one that ``database_url`` names, which stays.
    ``settings`` take the place of those in the environment: ``PORTAL_ENV="development"`` lets staff sign in
    without a second factor.
    """
    with (
        database_engine(folder, engine) as databases,
        nullcontext(database_url) if database_url else databases.database(folder) as url,
        open(os.devnull, "w") as nowhere,
    ):
        environ = environment(folder, url, **{**SETTINGS, **settings})
        with redirect_stderr(nowhere):  # where its logs go from now on, written as always
            app = create_app(environ)
        try:
            yield Site(app, environ, databases)
        finally:
            close(app)


@contextmanager
def database_engine(folder: Path, name: EngineName) -> Iterator[Engine]:
    """Give what makes migrated databases; PostgreSQL is a server of its own, as durable as the site's."""
    mine = folder / f"databases_{secrets.token_hex(4)}"
    mine.mkdir(parents=True)
    if name == "sqlite":
        sqlite = SQLite(mine)
        sqlite.prepare()
        yield sqlite
        return
    with postgresql_server(f"bench-{os.getpid()}-{secrets.token_hex(4)}", mine, settings=()) as server:
        server.prepare()
        yield server


@dataclass(frozen=True)
class Server:
    """A web server of this machine."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Where it answers, such as ``http://127.0.0.1:8000``."""
        return f"http://{HOST}:{self.port}"

    def connect(self) -> HTTPConnection:
        """Return a connection that is kept open from one request to the next."""
        return HTTPConnection(HOST, self.port, timeout=60)

    def processes(self) -> list[int]:
        """Return the ids of its processes, those they started included."""
        return process_tree(self.process.pid)

    def processor_seconds(self) -> float:
        """Return how long processors have worked for its processes so far."""
        return sum(processor_seconds_of(pid) for pid in self.processes())


@contextmanager
def served(
    target: str,
    environ: Mapping[str, str] | None = None,
    port: int | None = None,
    *,
    workers: int = 1,
    threads: int = 1,
) -> Iterator[Server]:
    """Run a WSGI application (``module:name``) on granian, as ``make run`` does, until the block ends.

    It is ready once it answers ``/healthz``, whatever it says.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", target, "--host", HOST]
    command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)]
    process = subprocess.Popen(
        [*command, "--no-ws", "--no-access-log", "--log-level", "warning"],
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 -- it takes no lock
    )
    server = Server(port, process)
    try:
        wait_for(server, target)
        yield server
    finally:
        end(process)


def wait_for(server: Server, target: str) -> None:
    """Return once a server answers."""
    deadline = time.monotonic() + START_SECONDS
    while not is_up(server):
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{target} did not come up on granian.")
        time.sleep(0.05)


def is_up(server: Server) -> bool:
    """Return whether a server answers."""
    connection = server.connect()
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server and all that it started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def process_tree(pid: int) -> list[int]:
    """Return a process's id and those of all that it started, and so on (Linux)."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError):
            for child in task.read_text().split():
                found += process_tree(int(child))
    return found


def processor_seconds_of(pid: int) -> float:
    """Return the seconds of user and system time of a process's threads, those that ended included.

    It is ``clock_getcpuclockid(3)``, which Python does not have; ``/proc`` tells the same by hundredths.
    """
    return time.clock_gettime((~pid << 3) | 2)


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(
    connection: HTTPConnection,
    path: str,
    headers: Mapping[str, str] | None = None,
    *,
    body: bytes | None = None,
    status: int = 200,
    times: int = 1,
) -> Answer:
    """Send the same request so often on one connection, check each status, and return the last answer.

    It is a POST with a body, and a GET without. Raises WrongAnswerError at another status.
    """
    method = "GET" if body is None else "POST"
    for _time in range(times):
        connection.request(method, path, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        if answer.status != status:
            raise WrongAnswerError(f"{method} {path} was answered with {answer.status}, not {status}")
    return answer
