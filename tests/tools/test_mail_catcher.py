"""The mail server of ``make run``."""

import mailbox
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

from tests.tools.test_run import ROOT, wait_until
from tools.run import free_port, is_taken


def test_a_mail_lands_in_the_maildir_and_the_catcher_ends_quietly(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "instance" / "mail"
    with subprocess.Popen(
        [sys.executable, "-m", "tools.mail_catcher", str(port), str(folder)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
    ) as catcher:
        try:
            wait_until(lambda: is_taken(port))
            with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
                server.sendmail("a@clinic.example", ["b@clinic.example"], b"Subject: Trial\r\n\r\nWords")
            (message,) = mailbox.Maildir(folder, create=False)
            catcher.send_signal(signal.SIGTERM)
            assert catcher.wait(5) == 0
            assert catcher.stderr is not None
            assert catcher.stderr.read() == b""
        finally:
            catcher.kill()
    assert message["Subject"] == "Trial"
    assert message["X-RcptTo"] == "b@clinic.example"
