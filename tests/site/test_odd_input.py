import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests.support import cast, stored
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of
from tests.support.sending import ACTION, filled, lost, opened_form, post, send

pytestmark = ON_SQLITE

OTHER_SCRIPTS = [
    "محمد الأمين",
    "李小明",
    "Նարե Օրինակ",
    "தமிழ் உதாரணம்",
    "ਉਦਾਹਰਨ ਸਿੰਘ",
    "Nguye\u0302\u0303n Thi\u0323",
    "Nguyễn Thị",
    "Ó'Brien-Søren d’Île",
    "אבגד example 123",
    "O\u200cبنی\u200dآدم",
    "X Æ A-12",
    "Ꮳꮃꭹ",
    "𠮷野家",
]
TAKEN_OUT = "We took out characters that cannot be shown. Check the text and send it again."


@pytest.mark.parametrize("name", OTHER_SCRIPTS)
def test_a_name_of_any_script_is_kept_letter_by_letter(app: Flask, client: FlaskClient, name: str) -> None:
    response = send(client, cast.EXAMPLE_TWO, patient_name=name, helper_name=name, message=name)

    assert response.status_code == 303
    kept = stored.only_inquiry(app)
    assert (kept["patient_name"], kept["helper_name"], kept["message"]) == (name, name, name)


@pytest.mark.parametrize("name", OTHER_SCRIPTS)
def test_a_name_of_any_script_comes_back_on_the_page(client: FlaskClient, name: str) -> None:
    fields = filled(client, cast.EXAMPLE_TWO, patient_name=name, helper_name=name, message=name, country="")

    assert lost(page_of(post(client, fields)), fields) == {}


def test_a_message_keeps_its_lines(app: Flask, client: FlaskClient) -> None:
    send(client, cast.EXAMPLE_ONE, message="\r\nfirst\r\n\r\n  second\rthird\n")

    assert stored.only_inquiry(app)["message"] == "first\n\n  second\nthird"


def test_markup_is_shown_as_it_was_typed_and_does_nothing(client: FlaskClient) -> None:
    markup = "<script>alert(1)</script> \"'>&amp; {{ 7 * 7 }} </textarea>"
    fields = filled(client, cast.EXAMPLE_TWO, patient_name=markup, message=markup, country=markup)

    response = post(client, fields)

    assert "<script>alert" not in response.text
    assert lost(page_of(response), fields) == {}


@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "\x1b[31mab", "a\x7fb", "a\ufffeb", "a\x85b"])
@pytest.mark.parametrize("name", ["patient_name", "message"])
def test_characters_that_cannot_be_shown_are_taken_out_and_told(
    app: Flask, client: FlaskClient, text: str, name: str
) -> None:
    fields = filled(client, cast.EXAMPLE_ONE, **{name: text})

    page = page_of(post(client, fields))

    assert page.errors == {name: TAKEN_OUT}
    shown = page.values(ACTION)[name][0]
    assert shown in {"ab", "[31mab"}
    assert lost(page, {**fields, name: shown}) == {}
    assert post(client, page.values(ACTION)).status_code == 303
    assert stored.only_inquiry(app)[name] == shown


def test_a_name_sent_twice_counts_once(app: Flask, client: FlaskClient) -> None:
    fields = MultiDict(filled(client, cast.EXAMPLE_ONE))
    for name in ("patient_name", "country", "injury_region", "filling_in", "form_key", "csrf_token"):
        fields.add(name, "another value")

    response = client.post(ACTION, data=fields)

    assert response.status_code == 303, page_of(response).errors
    assert stored.only_inquiry(app)["patient_name"] == cast.PATIENT_NAME


def test_a_hope_ticked_twice_is_no_error(client: FlaskClient) -> None:
    assert send(client, cast.EXAMPLE_ONE, hopes=["bowel", "bowel"]).status_code == 303


def test_names_that_the_form_does_not_have_are_not_looked_at(app: Flask, client: FlaskClient) -> None:
    unknown = {"status": "offered", "id": "1", "reference": "SCI-AAAA-AAAA", "version": "9", "": "x"}

    assert send(client, cast.EXAMPLE_THREE, **unknown).status_code == 303
    assert "status" not in stored.only_inquiry(app)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("filling_in", "nobody", "Choose one of the answers."),
        ("contact_by", "pigeon", "Choose one of the answers."),
        ("injury_region", "CERVICAL", "Choose one of the answers."),
        ("completeness", "half", "Choose one of the answers."),
        ("patient_aware", "maybe", "Choose one of the answers."),
        ("hopes", ["movement", "flying"], "Choose only from these answers."),
    ],
)
def test_an_answer_that_no_button_sends_is_asked_again(
    app: Flask, client: FlaskClient, name: str, value: str | list[str], told: str
) -> None:
    fields = filled(client, cast.EXAMPLE_TWO, **{name: value})

    response = post(client, fields)

    page = page_of(response)
    assert response.status_code == 422
    assert page.errors == {name: told}
    assert lost(page, {**fields, name: ["movement"] if name == "hopes" else ""}) == {}
    assert stored.inquiries(app) == []


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("patient_name", 120),
        ("helper_name", 120),
        ("helper_relationship", 120),
        ("language", 120),
        ("message", 4000),
    ],
)
def test_a_text_is_taken_up_to_its_limit_and_kept_whole_beyond_it(
    client: FlaskClient, name: str, limit: int
) -> None:
    fields = filled(client, cast.EXAMPLE_TWO, **{name: "é" * (limit + 1)})

    page = page_of(post(client, fields))

    assert page.errors == {name: f"This is 1 character too long. Shorten it to {limit}."}
    assert lost(page, fields) == {}
    assert send(client, cast.EXAMPLE_TWO, **{name: "é" * limit}).status_code == 303


def test_a_million_characters_come_back_with_every_answer(app: Flask, client: FlaskClient) -> None:
    fields = filled(client, cast.EXAMPLE_TWO, message="ž😀 " * 333_333 + "x")

    response = post(client, fields)

    page = page_of(response)
    assert response.status_code == 422
    assert page.errors == {"message": "This is 996000 characters too long. Shorten it to 4000."}
    assert lost(page, fields) == {}
    assert stored.inquiries(app) == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"%", "application/x-www-form-urlencoded"),
        (b"patient_name=%ff%fe&country=%80", "application/x-www-form-urlencoded"),
        (b"&&&===&=&", "application/x-www-form-urlencoded"),
        (b"--x\r\nno part at all", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"),
        (b"\x00\xff", "application/octet-stream"),
        (b"patient_name=x", "text/plain; charset=utf-7"),
    ],
)
def test_a_body_that_is_no_form_gets_the_form_back(
    app: Flask, client: FlaskClient, body: bytes, content_type: str
) -> None:
    opened_form(client)

    response = client.post(ACTION, data=body, content_type=content_type)

    assert response.status_code == 422
    assert page_of(response).form(ACTION) is not None
    assert stored.inquiries(app) == []


@pytest.mark.parametrize("body", [b'{"patient_name": 5}', b"[1, 2]", b'"x"', b"5", b"{"])
@pytest.mark.parametrize("kind", ["application/json", "application/vnd.api+json"])
@pytest.mark.parametrize("address", [ACTION, "/desk/sign-in", "/desk/search"])
def test_json_is_refused_everywhere(client: FlaskClient, address: str, kind: str, body: bytes) -> None:
    (token,) = opened_form(client)["csrf_token"]

    response = client.post(address, data=body, content_type=kind, headers={"X-CSRFToken": token})

    assert response.status_code == 415


@pytest.mark.parametrize("name", ["country", "injury_level", "injury_month", "patient_name", "language"])
def test_a_text_that_is_slow_to_compare_is_only_too_long(client: FlaskClient, name: str) -> None:
    # Composing 300,000 accents in their canonical order takes more than a minute: Unicode, UAX 15.
    comb = "a" + "\u0300\u0327" * 150_000

    response = post(client, {**filled(client), name: comb})

    assert response.status_code == 422
    assert "too long" in page_of(response).errors[name]


def test_a_file_where_a_text_belongs_is_not_taken(app: Flask, client: FlaskClient) -> None:
    from io import BytesIO

    fields = filled(client, cast.EXAMPLE_ONE)
    response = client.post(ACTION, data={**fields, "patient_name": (BytesIO(b"x"), "x.txt")})

    assert response.status_code == 422
    assert list(page_of(response).errors) == ["patient_name"]
