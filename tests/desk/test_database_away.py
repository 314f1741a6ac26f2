from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.support import cast
from tests.support.engines import ON_SQLITE
from tests.support.locking import locked, wait_shorter
from tests.support.making import make_inquiry
from tests.support.pages import page_of


@ON_SQLITE
def test_a_note_that_cannot_be_kept_is_shown_to_be_copied(
    app: Flask, coordinator: FlaskClient, database_url: str
) -> None:
    reference = make_inquiry(app)
    address = f"/desk/inquiries/{reference}/notes"
    fields = page_of(coordinator.get(f"/desk/inquiries/{reference}")).values(address)
    wait_shorter(app)

    with locked(Path(database_url.removeprefix("sqlite:///"))):
        response = coordinator.post(address, data={**fields, "text": cast.NOTE})

    assert response.status_code == 503
    assert page_of(response).heading == "We cannot answer just now"
    assert cast.NOTE in response.text
