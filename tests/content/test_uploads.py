"""A file that is too large to be read is answered like every other that cannot be taken: in words."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.content.editing import permission, uploads
from app.content.shapes import Picture
from app.core.database import new_id
from tests.content.making import make_case
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of, text_of

pytestmark = ON_SQLITE

STORED = Picture(alt="Example scan", width=320, height=200, files={"320.jpg": str(new_id())})


@pytest.fixture
def editor(signed_in_client: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in_client("editor")


@pytest.fixture
def case(app: Flask) -> str:
    """The address of a case with a picture."""
    with app.app_context():
        return f"/desk/content/case/{make_case(picture=STORED).slug}"


def send(
    client: FlaskClient, address: str, field: str, content: bytes, fields: dict[str, Any]
) -> TestResponse:
    """Send a form with a file in it, as a browser does."""
    return client.post(address, data={**fields, field: (io.BytesIO(content), "example.png")})


def test_too_large_a_picture_gives_the_form_back_and_names_the_limit(
    monkeypatch: pytest.MonkeyPatch, editor: FlaskClient, case: str
) -> None:
    address = f"{case}/files/picture"
    fields = page_of(editor.get(address)).values(address)
    monkeypatch.setattr(uploads, "BESIDES", 5_000 - uploads.LARGEST["picture"])

    answer = send(editor, address, "file", bytes(10_000), {**fields, "alt": "Typed"})
    page = page_of(answer)

    assert answer.status_code == 413
    words = "This file is larger than 30 MB. Make it smaller and upload it again."
    assert page.errors == {"file": words}
    shown = page.values(address)
    assert (shown["alt"], shown["version"]) == (["Example scan"], fields["version"])
    assert "Go back" not in page.text
    assert editor.get(address).status_code == 200  # the session stays


def test_after_too_large_a_picture_the_form_that_came_back_can_be_sent(
    monkeypatch: pytest.MonkeyPatch, editor: FlaskClient, case: str
) -> None:
    address = f"{case}/files/picture"
    fields = page_of(editor.get(address)).values(address)
    monkeypatch.setattr(uploads, "BESIDES", 5_000 - uploads.LARGEST["picture"])
    returned = page_of(send(editor, address, "file", bytes(10_000), fields)).values(address)

    answer = editor.post(address, data={**returned, "alt": "Other words"})

    assert (answer.status_code, answer.location) == (303, case)
    assert page_of(editor.get(address)).values(address)["alt"] == ["Other words"]


def test_too_large_a_document_gives_the_permission_back_and_names_the_limit(
    monkeypatch: pytest.MonkeyPatch, editor: FlaskClient, case: str
) -> None:
    address = f"{case}/permission"
    fields = page_of(editor.get(address)).values(address)
    monkeypatch.setattr(permission, "BESIDES", 5_000 - permission.LARGEST_DOCUMENT)

    answer = send(editor, address, "document", bytes(10_000), {**fields, "given_by": "Typed"})
    page = page_of(answer)

    assert answer.status_code == 413
    assert page.heading == "Permission to publish"
    assert page.errors["document"].startswith("This file is larger than 29 MB, and what you wrote")
    assert page.values(address)["version"] == fields["version"]
    assert editor.get(address).status_code == 200


@pytest.mark.parametrize(("path", "field"), [("files/picture", "file"), ("permission", "document")])
def test_an_upload_after_the_session_ended_leads_to_the_sign_in_page(
    app: Flask, signed_in_client: Callable[[str], FlaskClient], case: str, path: str, field: str
) -> None:
    address = f"{case}/{path}"
    with time_machine.travel(0, tick=False) as clock:
        editor = signed_in_client("editor")
        fields = page_of(editor.get(address)).values(address)
        clock.shift(timedelta(hours=12, seconds=1))
        # Larger than a request may be that no view has looked at.
        app.config["MAX_CONTENT_LENGTH"] = 5_000
        answer = send(editor, address, field, bytes(10_000), fields)

        # A browser takes no redirect while it still sends; it shows errors.
        assert answer.status_code == 401
        page = page_of(answer)
        assert page.heading == "Your session has ended"
        (link,) = (link for link in page.all("a") if text_of(link) == "Sign in")
        assert link.get("href") == f"/desk/sign-in?next={address}"
        assert page_of(editor.get(link.get("href", ""))).form("/desk/sign-in") is not None
