"""The least that Flask does: one line of text."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Answer with a word."""
    return "Hello"


@app.get("/healthz")
def health() -> str:
    """Say that it runs."""
    return "ok"
