"""An application as in production where a second factor is concerned."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.support.databases import close
from tests.support.pages import StrictClient


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved."""
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        yield clock


@pytest.fixture
def strict_app(environ: dict[str, str]) -> Iterator[Flask]:
    """The application where nobody works without a second factor."""
    app = create_app({**environ, "REQUIRE_SECOND_FACTOR": "1"})
    app.test_client_class = StrictClient
    yield app
    close(app)


@pytest.fixture
def strict_client(strict_app: Flask) -> FlaskClient:
    return strict_app.test_client()
