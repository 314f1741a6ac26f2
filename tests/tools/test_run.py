"""``make run``, once everything is installed: all parts together, up and down."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.run import CannotRunError, free_port, is_taken, read_plan

ROOT = Path(__file__).parents[2]


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Return as soon as ``condition`` is true; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        pause.wait(0.05)


def get(port: int, path: str) -> tuple[int, str]:
    """Return the status and text of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@contextmanager
def running(environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The runner, killed at the end of the block if it still runs; its parts then end with it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAIL_")}
    with subprocess.Popen(
        [sys.executable, "-m", "tools.run"],
        cwd=ROOT,
        env={**inherited, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as runner:
        try:
            yield runner
        finally:
            runner.kill()


def lines_until(runner: subprocess.Popen[str], last: str) -> list[str]:
    """Return what the runner prints up to the line ``last``, or to its end."""
    assert runner.stdout is not None
    limit = threading.Timer(60, runner.kill)
    limit.start()
    lines = []
    for line in runner.stdout:
        lines.append(line.rstrip("\n"))
        if lines[-1] == last:
            break
    limit.cancel()
    return lines


def parts_of(runner: int) -> dict[str, int]:
    """Return the process ids of the runner's children, by a word of their command."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    words = ("granian", "outbox", "mail_catcher")
    return {
        word: int(pid)
        for pid, parent, command in rows
        for word in words
        if int(parent) == runner and word in command
    }


def is_running(pid: int) -> bool:
    """Return whether a process is there and no zombie."""
    answer = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    state = answer.stdout.strip()
    return bool(state) and not state.startswith(b"Z")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A laptop's settings, in a folder of the test's own."""
    return {"PORTAL_ENV": "development", "INSTANCE_PATH": str(tmp_path), "PORT": str(free_port())}


def test_everything_starts_together_and_ctrl_c_stops_it_quietly(
    environ: dict[str, str], tmp_path: Path
) -> None:
    port = int(environ["PORT"])
    with running(environ) as runner:
        said = lines_until(runner, "Ctrl-C stops everything.")
        assert f"Site:  http://127.0.0.1:{port}" in said
        assert f"Mail:  kept in {tmp_path / 'mail'}; nothing is sent on" in said
        assert any(line.startswith(f"http://127.0.0.1:{port}/desk/") for line in said)
        assert get(port, "/healthz") == (200, "ok\n")
        wait_until(lambda: get(port, "/readyz")[0] == 200)
        parts = parts_of(runner.pid)
        assert set(parts) == {"granian", "outbox", "mail_catcher"}

        started = time.monotonic()
        runner.send_signal(signal.SIGINT)
        rest = runner.communicate(timeout=15)[0]
        assert time.monotonic() - started < 10
        assert runner.returncode == 0
    assert "Traceback" not in rest
    assert not any(is_running(pid) for pid in parts.values())
    assert not is_taken(port)


def test_when_one_part_ends_the_others_are_stopped_and_one_line_says_which(
    environ: dict[str, str],
) -> None:
    with running(environ) as runner:
        lines_until(runner, "Ctrl-C stops everything.")
        parts = parts_of(runner.pid)
        os.kill(parts["outbox"], signal.SIGKILL)
        rest = runner.communicate(timeout=15)[0]
        assert runner.returncode == 1
    assert "The mail worker ended by signal 9, so everything was stopped." in rest.splitlines()
    assert not any(is_running(pid) for pid in parts.values())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_parts_end_even_if_the_runner_is_killed(environ: dict[str, str]) -> None:
    with running(environ) as runner:
        lines_until(runner, "Ctrl-C stops everything.")
        parts = parts_of(runner.pid)
        runner.kill()
        wait_until(lambda: not any(is_running(pid) for pid in parts.values()), 15)


def test_a_port_that_is_taken_is_told_in_one_line(environ: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        environ["PORT"] = str(other.getsockname()[1])
        with pytest.raises(CannotRunError) as told:
            read_plan(environ)
    words = str(told.value)
    assert words.startswith(f"Port {environ['PORT']} is taken. Stop what uses it, or start with PORT=")
    assert words.endswith(" make run.")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"PORT": "eighty"}, "PORT must be a number from 1 to 65535."),
        ({"MAIL_PORT": "70000"}, "MAIL_PORT must be a number from 1 to 65535."),
        ({"COORDINATOR_EMAILS": "nobody"}, "COORDINATOR_EMAILS must be mail addresses"),
        ({"PORTAL_ENV": "production"}, "Set these before starting in production: SECRET_KEY"),
    ],
)
def test_settings_that_cannot_be_used_are_told_in_one_line(
    environ: dict[str, str], values: dict[str, str], words: str
) -> None:
    with pytest.raises(CannotRunError) as told:
        read_plan({**environ, **values})
    assert str(told.value).startswith(words)


def test_addresses_follow_the_port_unless_they_are_set(environ: dict[str, str]) -> None:
    plan = read_plan(environ)
    assert plan.environ["PUBLIC_URL"] == f"http://127.0.0.1:{environ['PORT']}"
    assert plan.environ["MAIL_PORT"] == str(plan.catcher_port)
    environ |= {"PUBLIC_URL": "https://portal.example", "MAIL_PORT": str(free_port())}
    plan = read_plan(environ)
    assert plan.environ["PUBLIC_URL"] == "https://portal.example"
    assert str(plan.catcher_port) == environ["MAIL_PORT"]


def test_a_mail_server_that_somebody_else_runs_is_used_as_it_is(environ: dict[str, str]) -> None:
    assert read_plan({**environ, "MAIL_SERVER": "mail.example"}).catcher_port is None
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        assert read_plan({**environ, "MAIL_PORT": taken}).catcher_port is None
