"""Whatever is sent, the page comes back with what was good, and never as a failure."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.core.fields import one_line, several_lines, without_hidden_characters
from app.core.links import new_token
from tests.support import cast
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of
from tests.support.sending import ACTION, Fields, filled, post

TEXTS = ("helper_name", "helper_relationship", "patient_name", "language", "message")
CHECKED = ("birth_year", "country", "email", "phone", "injury_level", "injury_year", "injury_month")
CHOICES = ("filling_in", "patient_aware", "contact_by", "injury_region", "completeness")
TICKED = ("consent_processing", "understands_limits")
NAMES = (*TEXTS, *CHECKED, *CHOICES, *TICKED, "hopes", "csrf_token", "form_key")
NAUGHTY = [
    *("", " ", "\t\r\n", "0", "-1", "NaN", "1e309", "null", "undefined", "true", "[]", "{}", "%s%n%p"),
    *("'; DROP TABLE inquiries; --", '" onfocus=alert(1) x="', "<script>alert(1)</script>", "</textarea>"),
    *("{{ 7 * 7 }}", "${7*7}", "../../../../etc/passwd", "=1+1", "@SUM(1)", "&#0;", "\\u0000", "\x00"),
    *("\u202egnirts", "\ufeffbom", "Z\u0351\u036b\u0343a\u034cl\u0320go", "\ufdfa" * 50, "\u0bcd", "½", "²"),
    *("👩\u200d👩\u200d👧" * 40, "İ", "ß", "ǅ", "௧", "١٩٨٥", "１９８５", "\u2028", "\u00a0", "\u200b"),
    *("a" * 121, "é" * 4001, "+", "+0", "@", "a@b", "T", "S4-5", "999999999999999999999999"),
    *("\U0001fffe", "\U0010ffff", "\ufdd0", "\u0085", "\u001f", "\ud7ff"),
]
ANYTHING = st.one_of(st.text(max_size=200), st.sampled_from(NAUGHTY), st.integers().map(str))


def test_any_answer_to_any_question_is_taken_or_asked_about(app: Flask) -> None:
    client = app.test_client()
    good = filled(client, cast.EXAMPLE_TWO)

    @settings(max_examples=60)
    @given(changes=st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=4))
    @example(changes={"message": "\U0001fffe"})
    @example(changes={"patient_name": "\u2028"})
    @example(changes={"injury_month": "²", "injury_year": "²"})
    def holds(changes: Fields) -> None:
        fields = {**good, "form_key": new_token(), **changes}
        response = post(client, fields)
        assert response.status_code in {303, 422}
        if response.status_code == 422:
            assert_nothing_good_is_lost(response, fields, changes)

    holds()


@ON_SQLITE
@pytest.mark.parametrize("text", NAUGHTY, ids=[f"text {number}" for number in range(len(NAUGHTY))])
def test_the_same_naughty_text_in_every_field_is_asked_about(client: FlaskClient, text: str) -> None:
    fields = filled(client, dict.fromkeys((*TEXTS, *CHECKED, *CHOICES, "hopes"), text))

    assert post(client, fields).status_code == 422


@ON_SQLITE
def test_any_bytes_at_all_are_answered_with_a_page(client: FlaskClient) -> None:
    @settings(max_examples=25)
    @given(
        body=st.binary(max_size=2000), kind=st.sampled_from(["application/x-www-form-urlencoded", "", "x"])
    )
    def holds(body: bytes, kind: str) -> None:
        response = client.post(ACTION, data=body, content_type=kind)
        assert response.status_code in {400, 413, 422}

    holds()


def assert_nothing_good_is_lost(response: TestResponse, fields: Fields, changes: Fields) -> None:
    page = page_of(response)
    there = page.values(ACTION)
    assert all(page.errors.values())
    for name in cast.EXAMPLE_TWO.keys() - changes.keys() - page.errors.keys():
        sent = fields[name] if isinstance(fields[name], list) else [fields[name]]
        assert there.get(name, []) == sent, name
    for name in set(TEXTS) & changes.keys() - page.errors.keys():
        clean = several_lines if name == "message" else one_line
        assert there.get(name, [""]) == [without_hidden_characters(clean(fields[name]))], name
