"""Editors' pages: what is typed is never lost, and nothing is shown before it may be."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.content import queries
from app.core.database import db
from tests.content.making import make_case, seen
from tests.files import making
from tests.support import stored
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import page_of, text_of
from tests.support.publishing import NAME as EXAMPLE_NAME
from tests.support.publishing import given, newest_body

CASE = {
    "title": "Example case",
    "age": "31",
    "country": "Spain",
    "region": "thoracic",
    "level": "t 10",
    "completeness": "incomplete",
    "injury_year": "2019",
    "treatment": "IV and **LP**",
    "asia_motor_before": "50",
    "asia_motor_after": "52",
    "measured": "By an example doctor, 2020",
    "source": "An invented source",
    "checked": "2026-01-02",
}
PERMISSION: dict[str, Any] = {
    "given_by": EXAMPLE_NAME,
    "covers": ["text", "picture"],
    "basis": "signed",
    "given_on": "2026-01-02",
    "document_place": "Example folder 4",
}


@pytest.fixture
def editor(signed_in_client: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in_client("editor")


def fill(client: FlaskClient, address: str, action: str = "", **answers: Any) -> TestResponse:
    """Open a page, fill its form in and send it."""
    action = action or address
    fields = page_of(client.get(address)).values(action)
    return client.post(action, data={**fields, **answers})


def press(client: FlaskClient, address: str, action: str) -> TestResponse:
    """Open a page and press one of its buttons."""
    return client.post(action, data=page_of(client.get(address)).values(action))


def new_case(client: FlaskClient, **changes: Any) -> str:
    """Make a case through its form, and return the address of its page."""
    answer = fill(client, "/desk/content/case/new", **{**CASE, **changes})
    assert answer.status_code == 303, page_of(answer).errors
    return answer.location


def slug_of(address: str) -> str:
    return address.rpartition("/")[2]


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(made, "PNG")
    made.seek(0)
    return made


def test_an_editor_who_signs_in_comes_to_the_pages(editor: FlaskClient) -> None:
    answer = editor.get("/desk")
    assert (answer.status_code, answer.location) == (303, "/desk/content")
    page = page_of(editor.get("/desk/content"))
    assert "\u2068Claire Marsh\u2069, Australia, SCI L-1 incomplete" in page.text
    assert "Queue" not in page.text


def test_a_case_is_kept_as_it_was_typed_and_read(app: Flask, editor: FlaskClient) -> None:
    address = new_case(editor)
    with app.app_context():
        item = queries.item_by_slug("case", slug_of(address))
        assert item is not None
        body: Any = newest_body(item)
    assert (body.country, body.level, body.age, body.outcome) == (
        "ES",
        "T10",
        31,
        {"asia_motor": ("50", "52")},
    )
    assert not seen(app, slug_of(address))

    form = page_of(editor.get(f"{address}/edit")).values(f"{address}/edit")
    assert form["title"] == ["Example case"]
    assert form["completeness"] == ["incomplete"]
    assert form["asia_motor_after"] == ["52"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"country": "Atlantis"}, "country"),
        ({"level": "T13"}, "level"),
        ({"region": "cervical"}, "region-1"),
        ({"age": "old"}, "age"),
        ({"injury_year": "2999"}, "injury_year"),
        ({"injury_month": "13"}, "injury_month"),
        ({"checked": "yesterday"}, "checked"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "https://[a"}, "source_url"),
        ({"treatment": "x" * 40_001}, "treatment"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_bad_input_is_told_and_everything_typed_stays(
    editor: FlaskClient, changes: dict[str, str], field: str
) -> None:
    address = "/desk/content/case/new"
    answer = fill(editor, address, **{**CASE, **changes})
    page = page_of(answer)

    assert answer.status_code == 422
    assert list(page.errors) == [field] or field.startswith("region")
    sent = {**CASE, "level": "T10", **changes}
    for name, typed in sent.items():
        assert page.values(address).get(name, [""]) == [typed], name


def test_a_lost_session_token_gives_the_text_back(editor: FlaskClient) -> None:
    address = f"{new_case(editor)}/edit"
    fields = page_of(editor.get(address)).values(address)
    answer = editor.post(address, data={**fields, "csrf_token": "foreign", "title": "Typed for an hour"})
    page = page_of(answer)

    assert answer.status_code == 422
    assert "Save it once more" in page.text
    assert page.values(address)["title"] == ["Typed for an hour"]
    assert editor.post(address, data=page.values(address)).status_code == 303


def test_the_second_of_two_editors_sees_the_first_ones_change_and_keeps_the_own_text(
    app: Flask, editor: FlaskClient
) -> None:
    address = new_case(editor)
    edit = f"{address}/edit"
    second = page_of(editor.get(edit)).values(edit)
    assert fill(editor, edit, title="What the first one wrote").status_code == 303

    answer = editor.post(edit, data={**second, "title": "What the second one wrote"})
    page = page_of(answer)
    assert answer.status_code == 409
    assert page.values(edit)["title"] == ["What the second one wrote"]
    assert "What the [gone: first ][new: second ] one wrote" in page.text
    with app.app_context():
        item = queries.item_by_slug("case", slug_of(address))
        assert item is not None
        assert newest_body(item).title == "What the first one wrote"

    assert editor.post(edit, data=page.values(edit)).status_code == 303


def test_a_case_goes_from_empty_to_the_site_and_off_it_again(app: Flask, editor: FlaskClient) -> None:
    address = new_case(editor)
    slug = slug_of(address)
    page = page_of(editor.get(address))
    assert "Record the person’s permission to publish." in page.text
    refused = press(editor, address, f"{address}/publish")
    assert refused.status_code == 422
    assert "It cannot be published yet" in page_of(refused).text

    upload = f"{address}/files/picture"
    taken = fill(editor, upload, alt="Example picture", file=(picture(), "holiday-photo-of-ana.png"))
    assert taken.status_code == 303, page_of(taken).errors
    recorded = fill(editor, f"{address}/permission", **PERMISSION)
    assert recorded.status_code == 303, page_of(recorded).errors
    assert press(editor, address, f"{address}/publish").status_code == 303

    visitor = app.test_client()
    public = visitor.get(f"/cases/{slug}")
    assert public.status_code == 200
    assert "Example picture" in public.text
    assert "ana" not in "".join(link.get("src", "") for link in page_of(public).all("img"))
    assert visitor.get(f"/cases/{slug}/picture-320.webp").status_code == 200

    assert press(editor, address, f"{address}/permission/withdraw").status_code == 303
    assert visitor.get(f"/cases/{slug}").status_code == 404
    assert visitor.get(f"/cases/{slug}/picture-320.webp").status_code == 404
    assert slug not in visitor.get("/cases").text
    assert slug not in visitor.get("/").text
    assert stored.acts(app).count("permission.withdrawn") == 1


@ON_SQLITE
@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "Choose a file first."), (b"not a picture", "not a picture"), (b"<svg></svg>", "SVG")],
)
def test_a_file_that_cannot_be_taken_is_told_in_words(
    editor: FlaskClient, content: bytes, words: str
) -> None:
    address = new_case(editor)
    sent = (io.BytesIO(content), "x.png" if content else "")
    answer = fill(editor, f"{address}/files/picture", alt="Example words", file=sent)
    page = page_of(answer)

    assert answer.status_code == 422
    assert words in page.errors["file"]
    assert page.values(f"{address}/files/picture")["alt"] == ["Example words"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 and nothing more", "This is not a PDF"),
        (making.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "locked with a password"),
        (making.pdf(9)[:-400], "damaged or not complete"),
    ],
    ids=["fake", "encrypted", "truncated"],
)
def test_a_pdf_that_cannot_be_read_is_told_in_words(editor: FlaskClient, content: bytes, words: str) -> None:
    address = "/desk/content/study/asia-2008/files/study"
    answer = fill(editor, address, file=(io.BytesIO(content), "study.pdf"))

    assert answer.status_code == 422
    assert words in page_of(answer).errors["file"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_by": ""}, "given_by"),
        ({"covers": []}, "covers-1"),
        ({"shown_name": "Ana"}, "covers-1"),
        ({"basis": ""}, "basis-1"),
        ({"document_place": ""}, "document_place"),
        ({"given_on": "2999-01-01"}, "given_on"),
        ({"given_on": ""}, "given_on"),
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"basis": "clinic_page", "document_place": ""}, "document_place"),
        ({"ends_on": "soon"}, "ends_on"),
    ],
)
def test_a_permission_has_to_say_what_by_whom_and_how(
    app: Flask, editor: FlaskClient, changes: dict[str, Any], field: str
) -> None:
    address = f"{new_case(editor)}/permission"
    answer = fill(editor, address, **{**PERMISSION, **changes})

    assert answer.status_code == 422
    assert len(page_of(answer).errors) == 1
    assert page_of(answer).values(address)["given_by"] == [{**PERMISSION, **changes}["given_by"]]
    assert "permission.recorded" not in stored.acts(app)[-1:]


@ON_SQLITE
def test_the_document_of_a_permission_can_be_saved_again(app: Flask, editor: FlaskClient) -> None:
    address = new_case(editor)
    document = picture().getvalue()
    answer = fill(
        editor,
        f"{address}/permission",
        **{**PERMISSION, "document_place": "", "document": (io.BytesIO(document), "consent of Ana.png")},
    )
    assert answer.status_code == 303, page_of(answer).errors

    saved = editor.get(f"{address}/permission/0/document")
    assert saved.get_data() == document
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert stored.acts(app)[-1] == "permission.document_read"
    assert editor.get(f"{address}/permission/1/document").status_code == 404


def test_what_is_erased_leaves_nothing_behind_but_the_record_of_it(
    app: Flask, editor: FlaskClient, tmp_path: Path
) -> None:
    address = new_case(editor)
    assert fill(editor, f"{address}/files/picture", alt="Words", file=(picture(), "x.png")).status_code == 303
    document = {"document_place": "", "document": (picture(), "y.png")}
    assert fill(editor, f"{address}/permission", **{**PERMISSION, **document}).status_code == 303
    assert press(editor, address, f"{address}/publish").status_code == 303
    assert stored_files(tmp_path)

    assert press(editor, f"{address}/erase", f"{address}/erase").status_code == 303

    assert editor.get(address).status_code == 404
    assert app.test_client().get(f"/cases/{slug_of(address)}").status_code == 404
    assert stored_files(tmp_path) == []
    with app.app_context():
        assert queries.items_of_kind("case") == []
        assert db.session.scalar(sa.text("SELECT count(*) FROM files")) == 0
    assert stored.acts(app)[-1] == "content.erased"
    assert editor.get("/desk/content/treatment/en/erase").status_code == 404


def stored_files(folder: Path) -> list[Path]:
    return [path for path in (folder / "instance" / "files").rglob("*") if path.is_file()]


def test_a_section_is_edited_moved_and_taken_off(app: Flask, editor: FlaskClient) -> None:
    page = "/desk/content/treatment/en"
    address = f"{page}/sections/treated"
    assert fill(editor, address, body="Example words", then="publish").status_code == 303
    assert "Example words" in app.test_client().get("/").text

    assert press(editor, page, f"{address}/move-down").status_code == 303
    assert (
        fill(editor, f"{page}/sections/new", heading="Example", body="New", layout="text").status_code == 303
    )
    with app.app_context():
        item = queries.item_by_slug("treatment", "en")
        assert item is not None
        anchors = [section.anchor for section in newest_body(item).sections]
    assert anchors[:2] == ["change", "treated"]
    assert len(anchors) == 13

    refused = fill(editor, f"{page}/sections/change", body="### Gains\n\nmovement", then="publish")
    assert refused.status_code == 422
    assert "two halves" in page_of(refused).text
    assert page_of(refused).values(f"{page}/sections/change")["body"] == ["### Gains\n\nmovement"]

    assert press(editor, address, f"{address}/remove").status_code == 303
    assert editor.get(address).status_code == 404


@ON_SQLITE
def test_the_history_compares_versions_and_brings_one_back(editor: FlaskClient) -> None:
    address = new_case(editor)
    assert fill(editor, f"{address}/edit", title="Example case, changed").status_code == 303
    page = page_of(editor.get(f"{address}/compare?a=1&b=2"))
    assert "Title" in page.text
    assert [text_of(element) for element in page.all("ins")] != []

    assert press(editor, address, f"{address}/bring-back").status_code == 303
    assert page_of(editor.get(address)).heading == "Example case"
    assert editor.get(f"{address}/compare?a=1&b=99").status_code == 404


@ON_SQLITE
def test_a_preview_shows_what_visitors_do_not_see_and_keeps_nothing(app: Flask, editor: FlaskClient) -> None:
    address = new_case(editor)
    page = page_of(editor.get(f"{address}/versions/1"))
    assert "This is a preview" in page.text
    assert "Example case" in page.text

    edit = f"{address}/edit"
    fields = {**page_of(editor.get(edit)).values(edit), "treatment": "<script>x</script> Example preview"}
    previewed = editor.post(f"{address}/preview", data=fields)
    assert "Example preview" in previewed.text
    assert "<script>x" not in previewed.text
    shown = page_of(editor.post(edit, data={**fields, "then": "preview"}))
    assert "Example preview" in shown.text
    with app.app_context():
        assert queries.item_by_slug("case", slug_of(address)).newest == 1  # type: ignore[union-attr]


@ON_SQLITE
def test_the_treatment_page_is_previewed_as_any_other(editor: FlaskClient) -> None:
    edit = "/desk/content/treatment/en/edit"
    fields = {**page_of(editor.get(edit)).values(edit), "title": "Title of a preview", "then": "preview"}

    (place,) = page_of(editor.post(edit, data=fields)).with_class("preview__page")
    assert "Title of a preview" in text_of(place)
    assert "What to expect" in text_of(place)


@ON_SQLITE
def test_links_that_lead_nowhere_are_found(editor: FlaskClient) -> None:
    assert "leads somewhere" in page_of(editor.get("/desk/content/links")).text
    words = (
        "[a](/cases/gone) [b](#nowhere) [c](/none) [d](#treated) [e](/cases) [f](https://elsewhere.example)"
    )
    assert fill(editor, "/desk/content/treatment/en/sections/treated", body=words).status_code == 303

    found = [text_of(code) for code in page_of(editor.get("/desk/content/links")).all("code")]
    assert found == ["/cases/gone", "#nowhere", "/none"]


@ON_SQLITE
@pytest.mark.parametrize("page", ["", "/edit", "/versions/1", "/compare?a=1&b=1", "/permission", "/erase"])
def test_who_reads_what_tells_of_a_person_is_recorded(app: Flask, editor: FlaskClient, page: str) -> None:
    address = new_case(editor)
    before = stored.acts(app).count("content.read")
    assert editor.get(f"{address}{page}").status_code == 200

    assert stored.acts(app).count("content.read") > before


@pytest.mark.parametrize(
    "address",
    [
        "case/none",
        "case/%00",
        "%00/none",
        "nothing/none",
        "nothing/new",
        "treatment/new/edit",
        "treatment/en/versions/0",
        "treatment/en/versions/2147483648",
        "treatment/en/versions/99999999999999999999",
        "treatment/en/compare?a=2147483648",
        "treatment/en/compare?b=99999999999999999999",
        "treatment/en/sections/%00",
        "treatment/en/files/picture",
        "study/asia-2008/permission",
        "case/none/permission/99999999999999999999/document",
    ],
)
def test_an_address_of_nothing_is_answered_so(editor: FlaskClient, address: str) -> None:
    assert editor.get(f"/desk/content/{address}").status_code == 404


def test_a_new_section_that_meets_a_change_is_kept_for_its_author(editor: FlaskClient) -> None:
    new = "/desk/content/treatment/en/sections/new"
    fields = page_of(editor.get(new)).values(new)
    treated = "/desk/content/treatment/en/sections/treated"
    assert fill(editor, treated, heading="Changed meanwhile").status_code == 303

    typed = {**fields, "heading": "Example", "body": "Typed for an hour", "layout": "text"}
    again = page_of(editor.post(new, data=typed))
    assert again.values(new)["body"] == ["Typed for an hour"]
    assert editor.post(new, data=again.values(new)).status_code == 303


def test_a_section_that_was_taken_off_meanwhile_is_kept_for_its_author(editor: FlaskClient) -> None:
    address = "/desk/content/treatment/en/sections/treated"
    fields = {**page_of(editor.get(address)).values(address), "body": "Typed for an hour"}
    assert press(editor, address, f"{address}/remove").status_code == 303

    answer = editor.post(address, data=fields)
    new = "/desk/content/treatment/en/sections/new"
    assert answer.status_code == 409
    assert page_of(answer).values(new)["body"] == ["Typed for an hour"]
    assert editor.post(new, data=page_of(answer).values(new)).status_code == 303


def test_what_was_typed_for_an_item_that_was_erased_meanwhile_is_shown(editor: FlaskClient) -> None:
    address = new_case(editor)
    fields = page_of(editor.get(f"{address}/edit")).values(f"{address}/edit")
    assert press(editor, f"{address}/erase", f"{address}/erase").status_code == 303

    answer = editor.post(f"{address}/edit", data={**fields, "treatment": "Typed for an hour"})
    assert answer.status_code == 404
    assert "Typed for an hour" in answer.text


@ON_SQLITE
@pytest.mark.parametrize("odd", [{"injury_month": "13"}, {"injury_year": "0"}, {"level": "X9"}, {"age": "x"}])
def test_a_preview_of_what_is_odd_is_a_preview(editor: FlaskClient, odd: dict[str, str]) -> None:
    address = new_case(editor)
    fields = page_of(editor.get(f"{address}/edit")).values(f"{address}/edit")

    assert editor.post(f"{address}/preview", data={**fields, **odd}).status_code == 200


@ON_SQLITE
def test_a_study_of_many_patients_is_taken(app: Flask, editor: FlaskClient) -> None:
    address = "/desk/content/study/asia-2008/edit"
    assert fill(editor, address, patients="12345").status_code == 303
    assert page_of(editor.get(address)).values(address)["patients"] == ["12345"]


@ON_SQLITE
def test_the_page_as_it_was_when_an_inquiry_was_sent_can_be_read_by_coordinators(
    app: Flask, coordinator: FlaskClient
) -> None:
    page = page_of(coordinator.get(f"/desk/inquiries/{make_inquiry(app)}"))
    assert "/desk/content/treatment/en/as-sent/1" in [link.get("href") for link in page.all("a")]
    then = page_of(coordinator.get("/desk/content/treatment/en/as-sent/1"))
    assert "This is version 1, which visitors see now." in then.text
    assert "Who has been treated" in then.text
    assert coordinator.get("/desk/content/treatment/en/as-sent/2").status_code == 404
    assert coordinator.get("/desk/content/treatment/en/versions/1").status_code == 403


def test_nothing_of_an_unpublished_case_lies_readable_in_the_database(app: Flask) -> None:
    with app.app_context():
        make_case(title="canary-case-title", permission=given(given_by="canary-giver"))
        tables = ("content_items", "content_versions", "publication_permissions", "audit_entries")
        for table in tables:
            rows = db.session.execute(sa.text(f"SELECT * FROM {table}")).all()
            assert rows
            assert not any("canary" in str(tuple(row)) for row in rows), table
