"""Whatever is sent, the page comes back with what was good, and never as a failure."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.core.fields import one_line, several_lines, without_hidden_characters
from app.core.links import new_token
from app.core.names import code_of, language_names
from tests.support import cast
from tests.support.calling import ASKED_FOR, CALL, filled_call
from tests.support.drafting import CONTINUE, DISCARDED, SAVED, WHOLE, code_on, go_on
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of
from tests.support.sending import ACTION, Fields, filled, post
from tests.support.stepping import ASKED, CHECK, OURS, address, filled_step, step_page

TEXTS = ("helper_name", "helper_relationship", "patient_name", "language", "message", "best_time")
CHECKED = ("birth_year", "country", "email", "phone", "injury_level", "injury_year", "injury_month")
CHOICES = (
    "filling_in",
    "helper_authority",
    "patient_aware",
    "contact_by",
    "injury_region",
    "completeness",
    "hopes",
)
TICKED = ("consent_processing", "understands_limits")
CARRIED = (
    *("csrf_token", "form_key", "treatment_version", "lang", "opened", "proof", "website"),
    *("email_asked", "email_meant", "words_read", "action", "then"),
)
QUESTIONS = (*TEXTS[:-1], *CHECKED, *CHOICES, *TICKED)
NAUGHTY = [
    *("", " ", "\t\r\n", "0", "-1", "NaN", "1e309", "null", "undefined", "true", "[]", "{}", "%s%n%p"),
    *("'; DROP TABLE inquiries; --", '" onfocus=alert(1) x="', "<script>alert(1)</script>", "</textarea>"),
    *("{{ 7 * 7 }}", "${7*7}", "../../../../etc/passwd", "=1+1", "@SUM(1)", "&#0;", "\\u0000", "\x00"),
    *("\u202egnirts", "\ufeffbom", "Z\u0351\u036b\u0343a\u034cl\u0320go", "\ufdfa" * 50, "\u0bcd", "½", "²"),
    *("👩\u200d👩\u200d👧" * 40, "İ", "ß", "ǅ", "௧", "١٩٨٥", "１９８５", "\u2028", "\u00a0", "\u200b"),
    *("a" * 121, "é" * 4001, "+", "+0", "@", "a@b", "T", "S4-5", "999999999999999999999999"),
    *("\U0001fffe", "\U0010ffff", "\ufdd0", "\u0085", "\u001f", "\ud7ff"),
]
ACTIONS = [
    *("check", "save", "send", "second", "replace", "back", "change-hopes", "change-x", "x"),
    *("language-es", "language-ar", "language-xx"),
]
KNOWN = ["y", "self", "relative", "no", "unknown", "es", "ar", "name@gmail.con", "T10", "Ng", *ACTIONS]
ANYTHING = st.one_of(
    st.text(max_size=200), st.sampled_from(NAUGHTY), st.integers().map(str), st.sampled_from(KNOWN)
)
ANY_EXAMPLES = settings(max_examples=40)


SHOWN = ANYTHING.map(without_hidden_characters)


def changes_of(*names: str) -> st.SearchStrategy[Fields]:
    """Give a few of these fields anything at all; those that the page fills in, what a page can show."""
    one = st.sampled_from(names).flatmap(
        lambda name: st.tuples(st.just(name), SHOWN if name in CARRIED else ANYTHING)
    )
    return st.lists(one, max_size=5).map(dict)


@pytest.fixture
def opened(client: FlaskClient) -> Fields:
    """The whole form, well filled in."""
    return filled(client, cast.EXAMPLE_TWO, helper_authority="asked")


def test_any_answer_to_any_question_is_taken_or_asked_about(client: FlaskClient, opened: Fields) -> None:
    @settings(max_examples=60)
    @given(changes=changes_of(*QUESTIONS, *CARRIED))
    @example(changes={"message": "\U0001fffe"})
    @example(changes={"patient_name": "\u2028"})
    @example(changes={"injury_month": "²", "injury_year": "²"})
    def holds(changes: Fields) -> None:
        fields = {**opened, "form_key": new_token(), **changes}
        response = post(client, fields)
        assert response.status_code in {200, 303, 422}
        if response.status_code != 303:
            assert_nothing_is_lost(response, ACTION, fields, QUESTIONS)

    holds()


@ON_SQLITE
@pytest.mark.parametrize("text", NAUGHTY, ids=[f"text {number}" for number in range(len(NAUGHTY))])
def test_the_same_naughty_text_in_every_field_is_asked_about(client: FlaskClient, text: str) -> None:
    fields = filled(client, dict.fromkeys((*TEXTS, *CHECKED, *CHOICES), text))

    assert post(client, fields).status_code == 422


@ON_SQLITE
@pytest.mark.parametrize("path", [ACTION, CALL, CHECK, CONTINUE, SAVED, DISCARDED, address("reach")])
def test_any_bytes_at_all_are_answered_with_a_page(client: FlaskClient, path: str) -> None:
    @settings(max_examples=10)
    @given(
        body=st.binary(max_size=2000), kind=st.sampled_from(["application/x-www-form-urlencoded", "", "x"])
    )
    def holds(body: bytes, kind: str) -> None:
        response = client.post(path, data=body, content_type=kind)
        assert response.status_code in {400, 404, 413, 422}

    holds()


@ON_SQLITE
def test_any_answer_of_someone_who_wants_a_call_is_taken_or_asked_about(client: FlaskClient) -> None:
    good = filled_call(client)

    @ANY_EXAMPLES
    @given(changes=changes_of(*ASKED_FOR, *CARRIED))
    def holds(changes: Fields) -> None:
        fields = {**good, "form_key": new_token(), **changes}
        response = client.post(CALL, data=fields)
        assert response.status_code in {200, 303, 422}
        if response.status_code != 303:
            assert_nothing_is_lost(response, CALL, fields, tuple(ASKED_FOR))

    holds()


@pytest.mark.parametrize("step", ASKED)
def test_any_answer_in_a_step_is_kept_or_asked_about(client: FlaskClient, step: str) -> None:
    page = step_page(client, step)

    @settings(max_examples=8)
    @given(changes=changes_of(*ASKED[step], *ASKED[step], *CARRIED))
    def holds(changes: Fields) -> None:
        given_answers = {**cast.EXAMPLE_TWO, "helper_authority": "asked"}
        fields = {**filled_step(page, step, given_answers), "form_key": new_token(), "lang": "en", **changes}
        response = client.post(address(step), data=fields)
        assert response.status_code in {200, 303, 422}
        if response.status_code == 303:
            assert response.location.startswith("/inquiries/")
            response = client.get(address(step))
            assert response.status_code == 200
        assert_nothing_is_lost(response, address(step), fields, ASKED[step])

    holds()


def test_whatever_is_saved_comes_back_on_another_browser(
    app: Flask, client: FlaskClient, opened: Fields
) -> None:
    @settings(max_examples=20)
    @given(changes=changes_of(*QUESTIONS))
    def holds(changes: Fields) -> None:
        other = app.test_client()
        fields = {**opened, "form_key": new_token(), **changes, "action": "save"}
        response = post(client, fields)
        assert (response.status_code, response.location) == (303, SAVED)
        assert go_on(other, code_on(page_of(client.get(SAVED)))).status_code == 303
        assert_nothing_is_lost(other.get(WHOLE), ACTION, fields, QUESTIONS)

    holds()


@ON_SQLITE
def test_whatever_stands_in_a_form_that_is_put_into_another_language_stays(
    client: FlaskClient, opened: Fields
) -> None:
    @settings(max_examples=20)
    @given(changes=changes_of(*QUESTIONS), language=st.sampled_from(["en", "es", "ar"]))
    def holds(changes: Fields, language: str) -> None:
        fields = {**opened, "form_key": new_token(), **changes, "action": f"language-{language}"}
        response = post(client, fields)
        assert response.status_code == 200
        assert page_of(response).all("html")[0].get("lang") == language
        assert_nothing_is_lost(response, ACTION, fields, QUESTIONS)

    holds()


@ON_SQLITE
def test_whatever_is_sent_from_where_answers_are_checked_is_answered(
    client: FlaskClient, opened: Fields
) -> None:
    @ANY_EXAMPLES
    @given(answers=changes_of(*QUESTIONS), changes=changes_of(*CARRIED, "patient_name"))
    def holds(answers: Fields, changes: Fields) -> None:
        form_key = new_token()
        kept = post(client, {**opened, "form_key": form_key, **answers, "action": "check"})
        assert kept.status_code in {303, 422}
        assert client.get(CHECK).status_code in {200, 303}
        response = client.post(CHECK, data={"form_key": form_key, **changes}, headers=OURS)
        assert response.status_code == 303
        without_token = client.post(CHECK, data={"form_key": form_key, **changes})
        assert without_token.status_code in {303, 422}

    holds()


@ON_SQLITE
def test_any_code_leads_to_a_page_that_still_shows_it(client: FlaskClient) -> None:
    fields = page_of(client.get(CONTINUE)).values(CONTINUE)

    @ANY_EXAMPLES
    @given(code=ANYTHING)
    def holds(code: str) -> None:
        response = client.post(CONTINUE, data={**fields, "code": code})
        assert response.status_code in {404, 422}
        typed = without_hidden_characters(one_line(code))
        assert page_of(response).values(CONTINUE)["code"] == [typed]

    holds()


@ON_SQLITE
def test_any_link_to_something_saved_leads_to_a_page(client: FlaskClient) -> None:
    @ANY_EXAMPLES
    @given(code=SHOWN, language=SHOWN, then=SHOWN)
    def holds(code: str, language: str, then: str) -> None:
        query = {"lang": language, "then": then, "look": then}
        assert client.get(f"{CONTINUE}/{quote(code, safe='')}", query_string=query).status_code in {
            *(200, 303, 308, 404),
        }
        assert client.get(address("reach"), query_string=query).status_code == 200

    holds()


@ON_SQLITE
@pytest.mark.parametrize("path", [f"{CONTINUE}/%1F", f"{address('reach')}?then=%1F"])
def test_a_control_character_in_an_address_makes_no_bad_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in {200, 404}


@ON_SQLITE
@pytest.mark.parametrize("name", ["proof"])
def test_a_control_character_in_what_a_form_carries_makes_no_bad_page(
    client: FlaskClient, opened: Fields, name: str
) -> None:
    assert post(client, {**opened, "country": "", name: "\x1f"}).status_code == 422


@ON_SQLITE
def test_any_address_that_the_link_is_to_be_mailed_to_is_taken_or_asked_about(
    client: FlaskClient, opened: Fields
) -> None:
    post(client, {**opened, "action": "save"})
    fields = page_of(client.get(SAVED)).values(SAVED)

    @ANY_EXAMPLES
    @given(changes=changes_of("email", *CARRIED))
    def holds(changes: Fields) -> None:
        response = client.post(SAVED, data={**fields, **changes})
        assert response.status_code in {200, 404, 422, 429}
        if response.status_code != 404 and not changes.get("email_meant"):
            typed = without_hidden_characters(one_line(changes.get("email", cast.PATIENT_EMAIL)))
            assert page_of(response).values(SAVED)["email"] == [typed]
        assert client.post("/inquiries/challenge", data=changes).status_code in {200, 400}

    holds()


def assert_nothing_is_lost(
    response: TestResponse, action: str, fields: Fields, names: tuple[str, ...]
) -> None:
    """Assert that a page that came back holds all that was sent in these fields."""
    page = page_of(response)
    there = page.values(action)
    assert all(page.errors.values())
    for name in names:
        stands = there.get(name, [])
        if name == "email" and fields.get("email_meant"):
            continue
        if name in (*TEXTS, *CHECKED):
            assert len(stands) == 1, name
            typed = shown(name, fields[name])
            assert stands[0] == typed or (bool(typed) == bool(stands[0]) and is_written_anew(name, typed)), (
                name,
                stands,
            )
        elif name in TICKED and isinstance(fields.get("words_read"), str):
            continue  # it was changed: a box that stood beside other words is ticked anew
        elif is_offered(name, fields[name]):
            assert stands == as_list(fields[name]), name


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def shown(name: str, text: str | list[str]) -> str:
    """Return what a page shows of a text that was sent."""
    clean = several_lines if name == "message" else one_line
    return without_hidden_characters(clean(as_list(text)[0]))


def is_written_anew(name: str, typed: str) -> bool:
    """Return whether a text may have been understood, and been put into the words of the page."""
    if name == "language":
        return any(code_of(typed, language_names(language)) for language in ("en", "es", "ar"))
    return name in CHECKED


def is_offered(name: str, value: str | list[str]) -> bool:
    """Return whether a choice is one that its page offers: no other can be shown again."""
    good = {**cast.EXAMPLE_TWO, "helper_authority": "asked"}
    return value == good.get(name)
