"""The whole site on a laptop: web server, mail worker and mail catcher, started and stopped together.

``python -m tools.run`` runs it in an environment that is set up; ``make run`` sets it up before.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

import config
from tools.bootstrap import ROOT, die_with_parent

HOST = "127.0.0.1"
WEB_WORKERS = 2
WEB_THREADS = 16
"""Of each worker: one is busy for as long as somebody reads a large file on a slow line."""
START_SECONDS = 60.0
STOP_SECONDS = 12.0
"""A little more than the mail worker waits for a mail server that fell silent."""
STOP = "stop"
CATCHER = "mail catcher"


class CannotRunError(Exception):
    """Tells in one line why nothing was started, or what ended too early."""


@dataclass(frozen=True)
class Plan:
    """What is started, and with which settings."""

    environ: dict[str, str]
    port: int
    instance: Path
    catcher_port: int | None
    """None when mail goes to a server that somebody else runs."""


def main() -> int:
    """Run until SIGINT or SIGTERM, or until a part ends by itself."""
    events: SimpleQueue[str] = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: events.put(STOP))
    try:
        plan = read_plan(os.environ)
        flask(plan, "db", "upgrade")
        flask(plan, "content", "load")
        flask(plan, "replies", "load")
        children: dict[str, subprocess.Popen[bytes]] = {}
        try:
            start_all(plan, children, events)
            if comes_up(plan, children, events):
                print(greeting(plan), flush=True)
                went_on(events.get(), children)
        finally:
            stop_all(children)
    except CannotRunError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def read_plan(environ: Mapping[str, str]) -> Plan:
    """Return what to start; raise CannotRunError if it could not run."""
    port = read_port(environ, "PORT", 8000)
    if is_taken(port):
        free = next(other for other in range(port + 1, 65536) if not is_taken(other))
        raise CannotRunError(f"Port {port} is taken. Stop what uses it, or start with PORT={free} make run.")
    instance = Path(environ.get("INSTANCE_PATH") or ROOT / "instance").absolute()
    given = dict(environ)
    catcher_port = None
    if given.get("PORTAL_ENV") != "production":
        given.setdefault("PUBLIC_URL", f"http://{HOST}:{port}")
        if not given.get("MAIL_SERVER"):
            mail_port = read_port(given, "MAIL_PORT", 0) or free_port()
            given["MAIL_PORT"] = str(mail_port)
            # Whoever named a port where something listens already wants the mail there.
            catcher_port = None if is_taken(mail_port) else mail_port
    try:
        config.load(given, instance)
    except config.ConfigurationError as error:
        raise CannotRunError(str(error)) from None
    return Plan(given, port, instance, catcher_port)


def read_port(environ: Mapping[str, str], name: str, default: int) -> int:
    """Return a port's number from the environment."""
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotRunError(f"{name} must be a number from 1 to 65535.")
    return int(text)


def is_taken(port: int) -> bool:
    """Return whether something on this machine listens on ``port``, or we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def flask(plan: Plan, *arguments: str) -> str:
    """Run a ``flask`` command and return what it printed."""
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=plan.environ,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if ended.returncode:
        last = "\n".join(ended.stderr.splitlines()[-5:])
        raise CannotRunError(f"{last}\n`flask {' '.join(arguments)}` failed.")
    return ended.stdout.strip()


def start_all(plan: Plan, children: dict[str, subprocess.Popen[bytes]], events: SimpleQueue[str]) -> None:
    """Start every part; ``events`` hears of each that ends."""
    web = ["granian", "--interface", "wsgi", "wsgi:app", "--host", HOST, "--port", str(plan.port)]
    web += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)]
    commands = {
        "web server": [*web, "--no-access-log", "--log-level", "warning"],
        "mail worker": ["flask", "--app", "wsgi", "outbox", "work"],
    }
    if plan.catcher_port is not None:
        maildir = str(plan.instance / "mail")
        commands[CATCHER] = ["tools.mail_catcher", str(plan.catcher_port), maildir]
    for name, command in commands.items():
        children[name] = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=plan.environ,
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches this process alone, which stops the others in turn.
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 -- no thread runs yet that could hold a lock
        )
    for name, child in children.items():
        threading.Thread(target=report_end, args=(name, child, events), daemon=True).start()


def report_end(name: str, child: subprocess.Popen[bytes], events: SimpleQueue[str]) -> None:
    """Wait for a child's end and tell of it."""
    child.wait()
    events.put(name)


def comes_up(plan: Plan, children: Mapping[str, subprocess.Popen[bytes]], events: SimpleQueue[str]) -> bool:
    """Wait until the site answers; return False if told to stop before."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(plan.port):
        with suppress(Empty):
            return went_on(events.get(timeout=0.1), children)
        if time.monotonic() > deadline:
            raise CannotRunError(f"The web server did not answer within {START_SECONDS:.0f} s.")
    return True


def answers(port: int) -> bool:
    """Return whether the site is up."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def went_on(event: str, children: Mapping[str, subprocess.Popen[bytes]]) -> bool:
    """Return False when told to stop; raise CannotRunError when a part ended by itself."""
    if event == STOP:
        return False
    code = children[event].returncode
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    raise CannotRunError(f"The {event} ended {how}, so everything was stopped.")


def greeting(plan: Plan) -> str:
    """Return what to open, where mail lands, and how to make the first account."""
    if plan.catcher_port is not None:
        mail = f"kept in {plan.instance / 'mail'}; nothing is sent on"
    else:
        server = plan.environ.get("MAIL_SERVER", HOST)
        mail = f"sent through {server}, port {plan.environ.get('MAIL_PORT', 25)}"
    lines = [f"Site:  {plan.environ['PUBLIC_URL']}", f"Mail:  {mail}"]
    try:
        words = flask(plan, "users", "first-administrator")
        # Without an address in it, it says that there are accounts: nothing to do about that.
        lines += words.splitlines() if "://" in words else []
    except CannotRunError as error:
        lines.append(str(error))
    return "\n".join(["", *lines, "Ctrl-C stops everything.", ""])


def stop_all(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Stop every part; the mail catcher last, so that the worker can finish the mail in hand."""
    catcher = {name: child for name, child in children.items() if name == CATCHER}
    others = {name: child for name, child in children.items() if name != CATCHER}
    for group in (others, catcher):
        for child in group.values():
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in group.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, deadline - time.monotonic()))
            # What a part started itself lives in its session, and must not outlive it.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
