"""Counting what the application asks of its database."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

from app.core.database import db
from app.core.standing import StandingQuestion


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect every SQL statement that the application sends meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        with standing_ones_noted(app, sent):
            yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@contextmanager
def standing_ones_noted(app: Flask, sent: list[str]) -> Iterator[None]:
    """Collect what the application asks past the engine, on connections that it keeps."""
    question: StandingQuestion = app.extensions["content_revision"]
    ask = question.ask

    def noted() -> object:
        sent.append(question.statement)
        return ask()

    question.ask = noted  # type: ignore[method-assign]
    try:
        yield
    finally:
        question.ask = ask  # type: ignore[method-assign]
