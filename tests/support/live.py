"""The whole site as it runs in earnest: web server, mail worker, database file, Maildir."""

import mailbox
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import create_app
from app.accounts import invitations
from tests.support.aside import aside
from tests.support.databases import Engine, close
from tests.support.environment import environment
from tests.support.mailbox import Mailbox, Received
from tests.support.waiting import until
from tools.run import WEB_THREADS

ROOT = Path(__file__).parents[2]


class LiveSite:
    """A site of this test's own; ``app`` is for looking into its database."""

    def __init__(self, folder: Path, database_url: str, host: str = "127.0.0.1", **others: str) -> None:
        """Start the processes and return once they are ready; ``host`` is this machine in its address."""
        self.folder = folder
        self.maildir = mailbox.Maildir(folder / "mail")
        self.mails = Mailbox(self.keep)
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        self.environ = environment(
            folder, database_url, PUBLIC_URL=self.url, MAIL_PORT=str(self.mails.port), **others
        )
        self.app: Flask = create_app(self.environ)
        self.web = self.start_web()
        self.worker = self.start_worker()
        until(lambda: self.answers("/healthz"))
        until(lambda: self.answers("/readyz"))

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Start one process; what it says goes into a file beside the database."""
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env={**os.environ, **self.environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def start_web(self) -> subprocess.Popen[bytes]:
        """Start a web server."""
        web = ["granian", "--interface", "wsgi", "wsgi:app", "--host", "127.0.0.1"]
        web += ["--port", str(self.port), "--workers", "1", "--blocking-threads", str(WEB_THREADS), "--no-ws"]
        return self.start("web", *web, "--no-access-log", "--log-level", "warning")

    def stop_web(self) -> None:
        """Stop the web server, as an upgrade does."""
        self.web.terminate()
        self.web.wait(20)

    def restart_web(self) -> None:
        """Start the web server again and return once it answers."""
        self.web = self.start_web()
        until(lambda: self.answers("/healthz"))

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a mail worker."""
        return self.start("worker", "flask", "--app", "wsgi", "outbox", "work")

    def kill_worker(self) -> None:
        """Kill the mail worker as a power cut would."""
        self.worker.send_signal(signal.SIGKILL)
        self.worker.wait(10)

    def answers(self, path: str) -> bool:
        """Return whether an address answers well."""
        assert self.web.poll() is None, (self.folder / "web.log").read_text()
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as response:
                return int(response.status) == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def keep(self, mail: Received) -> None:
        """Put a mail that came into the Maildir."""
        self.maildir.add(mail.content)

    def first_administrator_link(self) -> str:
        """Return the address that ``make run`` prints."""

        def make() -> str | None:
            with self.app.app_context():
                return invitations.first_administrator_link()

        link = aside(make)
        assert link is not None
        return link

    def address_in_mail(self, count: int = 1) -> str:
        """Return the desk's address in the newest mail that has one, once ``count`` mails came."""
        for mail in reversed(self.mails.wait_for(count, seconds=5)):
            if found := re.search(rf"{self.url}/desk/\S+", mail.text):
                return found.group()
        raise AssertionError("no mail names an address of the desk")

    def stop(self) -> None:
        """Stop everything."""
        for process in (self.worker, self.web):
            process.terminate()
        for process in (self.worker, self.web):
            process.wait(20)
        self.mails.close()
        close(self.app)


@contextmanager
def live_site(engine: Engine, folder: Path, **others: str) -> Iterator[LiveSite]:
    """Run a site on a fresh database."""
    with engine.database(folder) as url:
        site = aside(LiveSite, folder, url, **others)
        try:
            yield site
        finally:
            aside(site.stop)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
