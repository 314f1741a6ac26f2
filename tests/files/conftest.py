from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application, in whose context the test runs."""
    with app.app_context():
        yield app
