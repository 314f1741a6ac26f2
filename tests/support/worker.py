"""The outbox's worker, run here and now until it has nothing to do."""

import socket

from flask import Flask

from app.outbox.worker import Worker, work_once


def send_all(app: Flask, seconds: float = 2) -> None:
    """Send everything that is due; a mail server that says nothing is given up after ``seconds``."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        worker = Worker()
        while work_once(app, worker):
            pass
    finally:
        socket.setdefaulttimeout(before)
