"""Whatever is sent, the page comes back with what was good, and never as a failure."""

from typing import Any

from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.core.fields import one_line, several_lines
from tests.support import cast
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
    *(
        "\u202egnirts",
        "\ufeffbom",
        "Z͑ͫ̓͌a͌͌l̠̮͎g̡̛o̡",
        "ﷺ" * 50,
        "👩‍👩‍👧‍👦" * 40,
        "\u0bcd",
        "İ",
        "ß",
        "ǅ",
        "½",
        "²",
        "௧",
    ),
    *(
        "١٩٨٥",
        "１９８５",
        "\u2028",
        "a" * 121,
        "é" * 4001,
        "\u00a0",
        "\u200b",
        "+",
        "+0",
        "@",
        "a@b",
        "T",
        "S4-5",
    ),
    *("\U0001fffe", "\U0010ffff", "\ufdd0", "\u0085", "\u001f", "\ud7ff", "999999999999999999999999"),
]
ANYTHING = st.one_of(st.text(max_size=200), st.sampled_from(NAUGHTY), st.integers().map(str))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=4))
@example(changes={"message": "\U0001fffe"})
@example(changes={"patient_name": "\u2028"})
@example(changes={"injury_month": "²", "injury_year": "²"})
def test_any_answer_to_any_question_is_taken_or_asked_about(app: Flask, changes: Fields) -> None:
    client = app.test_client()
    fields = filled(client, cast.EXAMPLE_TWO, **changes)

    response = post(client, fields)

    assert response.status_code in {303, 422}
    if response.status_code == 422:
        assert_nothing_good_is_lost(response, fields, changes)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.sampled_from(NAUGHTY))
def test_the_same_naughty_text_in_every_field_is_asked_about(app: Flask, text: str) -> None:
    client = app.test_client()
    fields = filled(client, dict.fromkeys((*TEXTS, *CHECKED, *CHOICES, "hopes"), text))

    assert post(client, fields).status_code == 422


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=2000), kind=st.sampled_from(["application/x-www-form-urlencoded", "", "x"]))
def test_any_bytes_at_all_are_answered_with_a_page(app: Flask, body: bytes, kind: str) -> None:
    client = app.test_client()

    response = client.post(ACTION, data=body, content_type=kind)

    assert response.status_code in {400, 413, 422}


def assert_nothing_good_is_lost(response: Any, fields: Fields, changes: Fields) -> None:
    page = page_of(response)
    there = page.values(ACTION)
    assert all(words for words in page.errors.values())
    for name in cast.EXAMPLE_TWO.keys() - changes.keys() - page.errors.keys():
        sent = fields[name] if isinstance(fields[name], list) else [fields[name]]
        assert there.get(name, []) == sent, name
    for name in set(TEXTS) & changes.keys() - page.errors.keys():
        clean = several_lines if name == "message" else one_line
        assert there.get(name, [""]) == [clean(fields[name])], name
