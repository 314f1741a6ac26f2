from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.content.models import ContentState
from app.core.database import db
from app.core.standing import StandingQuestion


@pytest.fixture
def question(app: Flask) -> Iterator[StandingQuestion]:
    with app.app_context():
        question = StandingQuestion(db.engine, sa.select(ContentState.revision))
        yield question
        question.close()


def count_up() -> None:
    db.session.execute(sa.update(ContentState).values(revision=ContentState.revision + 1))


def test_the_answer_is_what_is_committed_at_the_moment(question: StandingQuestion) -> None:
    before = question.ask()
    count_up()
    assert question.ask() == before
    db.session.commit()
    assert question.ask() == before + 1


def test_asking_holds_nobody_up(question: StandingQuestion) -> None:
    for _time in range(3):
        before = question.ask()
        count_up()
        db.session.commit()  # a transaction that was still open would keep SQLite's log, and see what it saw
        assert question.ask() == before + 1
    assert len(question.idle) == 1


def test_a_connection_that_was_lost_is_replaced_without_anyone_noticing(question: StandingQuestion) -> None:
    before = question.ask()
    for _time in range(2):
        assert question.ask() == before
        question.idle[0].connection.close()
        assert question.ask() == before


def test_no_row_is_no_value(question: StandingQuestion) -> None:
    db.session.execute(sa.delete(ContentState))
    db.session.commit()

    assert question.ask() is None


def test_a_question_that_cannot_be_answered_raises_what_the_engine_raises(question: StandingQuestion) -> None:
    db.session.execute(sa.text("DROP TABLE content_state"))
    db.session.commit()

    with pytest.raises((OperationalError, ProgrammingError)):
        question.ask()


def test_its_connections_are_closed_with_the_engine(question: StandingQuestion) -> None:
    question.ask()
    db.engine.dispose()

    assert not question.idle
