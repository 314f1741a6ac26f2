import hashlib
import io
import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask, Response
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.core.access import PUBLIC, allow
from app.core.database import db
from app.files.blobs import forget, keep
from app.files.models import StoredFile
from app.files.serving import PART_BYTES, send_stored
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of

pytestmark = ON_SQLITE

SIZE = PART_BYTES + 300_000
CONTENT = random.Random(2).randbytes(SIZE)
ETAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
ADDRESS = "/planted"


@pytest.fixture
def file(app: Flask) -> StoredFile:
    """A film that a view of this test's own answers with."""
    with app.app_context():
        file = keep(io.BytesIO(CONTENT), "video/mp4", "canary-name.mp4")
        db.session.commit()
        db.session.expunge(file)
    serve(app, file)
    return file


def serve(app: Flask, file: StoredFile, **options: Any) -> None:
    def view() -> Response:
        return send_stored(file, **options)

    app.add_url_rule(ADDRESS, view_func=allow(PUBLIC)(view), endpoint="planted")


def get(app: Flask, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(ADDRESS, headers=named)


def test_a_file_comes_whole_with_all_that_a_browser_needs_to_know(app: Flask, file: StoredFile) -> None:
    answer = get(app)

    assert answer.status_code == 200
    assert answer.data == CONTENT
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == ETAG
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers.getlist("Content-Security-Policy") == [
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    ]


def test_asking_for_the_head_alone_sends_no_content(app: Flask, file: StoredFile) -> None:
    answer = app.test_client().head(ADDRESS)

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["ETag"] == ETAG


@settings(max_examples=100)
@given(first=st.integers(0, SIZE - 1), length=st.integers(1, SIZE))
def test_any_range_comes_as_it_was_asked_for(app: Flask, file: StoredFile, first: int, length: int) -> None:
    last = first + length - 1
    answer = get(app, Range=f"bytes={first}-{last}")

    expected = CONTENT[first : last + 1]
    assert answer.status_code == 206
    assert answer.data == expected
    assert answer.headers["Content-Length"] == str(len(expected))
    assert answer.headers["Content-Range"] == f"bytes {first}-{min(last, SIZE - 1)}/{SIZE}"
    assert answer.headers["ETag"] == ETAG


@pytest.mark.parametrize("length", [1, 500, SIZE, SIZE + 1])
def test_the_end_of_a_file_comes_when_it_is_asked_for(app: Flask, file: StoredFile, length: int) -> None:
    answer = get(app, Range=f"bytes=-{length}")

    assert answer.status_code == 206
    assert answer.data == CONTENT[-length:]


@pytest.mark.parametrize("first", [0, 70_000, SIZE - 1])
def test_of_a_recording_a_range_without_an_end_comes_in_parts_that_add_up(
    app: Flask, file: StoredFile, first: int
) -> None:
    got = b""
    while first + len(got) < SIZE:
        answer = get(app, Range=f"bytes={first + len(got)}-")
        assert answer.status_code == 206
        assert 0 < len(answer.data) <= PART_BYTES
        got += answer.data

    assert got == CONTENT[first:]


@pytest.mark.parametrize(
    ("media_type", "options", "headers"),
    [
        ("application/pdf", {}, {}),
        ("application/octet-stream", {}, {}),
        ("video/mp4", {"as_attachment": True}, {}),
        ("video/mp4", {}, {"If_Range": ETAG}),
        ("audio/mpeg", {}, {"If_Range": ETAG}),
    ],
)
@pytest.mark.parametrize("got", [1, 500_000, SIZE - 1])
def test_a_download_that_was_cut_off_goes_on_to_the_end_of_the_file(
    app: Flask, media_type: str, options: dict[str, Any], headers: dict[str, str], got: int
) -> None:
    with app.app_context():
        file = keep(io.BytesIO(CONTENT), media_type)
    serve(app, file, **options)

    begun = get(app).data[:got]
    answer = get(app, Range=f"bytes={got}-", **headers)

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {got}-{SIZE - 1}/{SIZE}"
    assert answer.headers["Content-Length"] == str(SIZE - got)
    assert begun + answer.data == CONTENT


@pytest.mark.parametrize("media_type", ["audio/mp4", "audio/mpeg", "audio/ogg", "video/mp4", "video/webm"])
def test_a_player_gets_a_bounded_part_of_every_kind_of_recording(app: Flask, media_type: str) -> None:
    with app.app_context():
        file = keep(io.BytesIO(CONTENT), media_type)
    serve(app, file)

    answer = get(app, Range="bytes=100-")

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes 100-{100 + PART_BYTES - 1}/{SIZE}"
    assert answer.data == CONTENT[100 : 100 + PART_BYTES]


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", f"bytes={10**20}-"])
def test_a_range_beyond_the_end_is_refused_with_the_length(app: Flask, file: StoredFile, wanted: str) -> None:
    answer = get(app, Range=wanted)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    assert page_of(answer).heading == "We could not read that"


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,5-6", "pages=1-2", "bytes=5-2", "bytes=", "bytes=a-b", "nonsense", "bytes=--5"]
)
def test_several_ranges_and_what_is_none_are_answered_with_the_whole(
    app: Flask, file: StoredFile, wanted: str
) -> None:
    answer = get(app, Range=wanted)

    assert answer.status_code == 200
    assert answer.data == CONTENT


def test_a_browser_that_has_the_file_is_told_so(app: Flask, file: StoredFile) -> None:
    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = get(app, If_None_Match=ETAG, **headers)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == ETAG
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert get(app, If_None_Match='"of an older one"').status_code == 200


def test_a_rest_is_sent_only_of_the_file_that_was_begun(app: Flask, file: StoredFile) -> None:
    assert get(app, Range="bytes=5-9", If_Range=ETAG).data == CONTENT[5:10]
    changed = get(app, Range="bytes=5-9", If_Range='"of an older one"')
    assert (changed.status_code, changed.data) == (200, CONTENT)


def test_a_file_that_was_taken_away_is_not_shown_again(app: Flask, file: StoredFile) -> None:
    with app.app_context():
        forget(file)

    answer = get(app, If_None_Match=ETAG)

    assert answer.status_code == 500
    assert page_of(answer).heading == "Something went wrong on our side"


def test_a_storage_that_is_away_is_told_as_something_that_passes(app: Flask, file: StoredFile) -> None:
    root = Path(app.config["FILES_FOLDER"])
    root.rename(root.with_name("elsewhere"))
    root.write_text("")

    answer = get(app)

    assert answer.status_code == 503
    assert page_of(answer).heading == "We cannot answer just now"


def test_an_empty_file_comes_empty(app: Flask) -> None:
    with app.app_context():
        file = keep(io.BytesIO(b""), "text/vtt")
    serve(app, file)

    for answer in (get(app), get(app, Range="bytes=0-")):
        assert (answer.status_code, answer.data) == (200, b"")
        assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"


@pytest.mark.parametrize(
    ("name", "plain", "shown"),
    [
        ("leaflet.pdf", "leaflet.pdf", "leaflet.pdf"),
        ("Leaflet.PDF", "Leaflet.pdf", "Leaflet.pdf"),
        ("Información médica.pdf", "Informacion medica.pdf", "Información médica.pdf"),
        ("説明書.pdf", "file.pdf", "説明書.pdf"),
        ("report", "report.pdf", "report.pdf"),
        ("report.exe", "report.exe.pdf", "report.exe.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe.pdf", "reportfdp.exe.pdf"),
        ('a"b\\c;d%41\r\nX: y.pdf', "a b c d 41 X y.pdf", "a b c d 41 X y.pdf"),
        ("../../etc/passwd", "etc passwd.pdf", "etc passwd.pdf"),
        (".pdf", "", ""),
        ("   ", "", ""),
        ("\ud800.pdf", "", ""),
        ("a" * 500 + ".pdf", "a" * 120 + ".pdf", "a" * 120 + ".pdf"),
    ],
)
def test_a_file_is_saved_under_a_name_that_is_safe_and_true(
    app: Flask, name: str, plain: str, shown: str
) -> None:
    with app.app_context():
        file = keep(io.BytesIO(b"abc"), "application/pdf")
    serve(app, file, download_name=name, as_attachment=True)

    header = get(app).headers["Content-Disposition"]

    if not shown:
        assert header == "attachment"
        return
    found = re.fullmatch(
        r"attachment; filename=\"([^\"\\]*)\"; filename\*=UTF-8''([\w.~%-]*)", header, re.ASCII
    )
    assert found
    assert (found[1], unquote(found[2])) == (plain, shown)
