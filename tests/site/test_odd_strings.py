"""500 odd strings in every field: each is kept as it was typed, or asked about where it stands."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.links import new_token
from tests.site.odd_strings import EVERY, GROUPS
from tests.support import cast, stored
from tests.support.calling import ASKED_FOR, CALL
from tests.support.drafting import CONTINUE, SAVED
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page
from tests.support.sending import ACTION
from tests.support.stepping import CHECK, OURS

TOLD = "We took out characters that cannot be shown. Check the text and send it again."

LIMITS = {"email": 254, "message": 4000}
LIMIT = 120
TEXTS = ("helper_name", "helper_relationship", "patient_name", "language", "message")
CHECKED = ("birth_year", "country", "email", "phone", "injury_level", "injury_month", "injury_year")
CALL_TEXTS = ("patient_name", "best_time")
CALL_CHECKED = ("country", "phone")

COUNTRIES = {
    "Ng": "Nigeria",
    "ß": "South Sudan",
    "ẞ": "South Sudan",
    "ǅ": "Algeria",
    "ﬁ": "Finland",
    '{"$gt": ""}': "Guatemala",
    "Ｓｐａｉｎ": "Spain",
    **dict.fromkeys(("$(id)", "`id`", "; id", "| id"), "Indonesia"),
}
"""What is read as a country's name or code, case, accents and punctuation aside; nothing else may be."""
LANGUAGES = {
    "Ng": ("ng", "Ndonga"),
    "ß": ("ss", "Swati"),
    "ẞ": ("ss", "Swati"),
    "ǅ": ("dz", "Dzongkha"),
    "ﬁ": ("fi", "Finnish"),
    '" OR ""="': ("or", "Odia"),
    **dict.fromkeys(("$(id)", "`id`", "; id", "| id"), ("id", "Indonesian")),
}
"""What is read as a language: its code, which is kept, and its name, which is shown."""

Faults = dict[str, Any]
"""What was found, by the odd string and the field, written so that it can be read."""


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser whose pages are read in part: all of each, 500 times, would take minutes."""
    app.test_client_class = FlaskClient
    browser = app.test_client()
    browser.get(CALL)  # from now on it has a cookie
    return browser


def form_in(response: TestResponse, action: str) -> Page:
    """Read one form of a page as strictly as a whole page; lists of suggestions are left out."""
    html = re.sub(r"<datalist.*?</datalist>", "", response.text, flags=re.DOTALL)
    form = html[html.index(f'<form method="post" action="{action}"') :]
    form = form[: form.index("</form>")]
    return Page(f'<!DOCTYPE html><html lang="en"><title>Form</title><body>{form}</form></html>')


def is_hidden(char: str) -> bool:
    point = ord(char)
    return (
        unicodedata.category(char) == "Cc" or 0xFDD0 <= point <= 0xFDEF or point & 0xFFFF in {0xFFFE, 0xFFFF}
    )


def trimmed(name: str, text: str) -> str:
    """Return what the site keeps of a text's white space: single spaces on one line, or its lines."""
    if name == "message":
        return re.sub("\r\n|[\r\u2028\u2029]", "\n", text).strip()
    return re.sub("[ \t\r\n\u2028\u2029]+", " ", text).strip()


def shown(name: str, text: str) -> str:
    """Return what stands in a field after sending: all but what no page can show."""
    return "".join(char for char in trimmed(name, text) if char in "\n\t" or not is_hidden(char))


def leaves_a_mark(text: str) -> bool:
    """Return whether a reader would see anything of a name."""
    blank = "\u115f\u1160\u2800\u3164\uffa0"
    return any(unicodedata.category(char)[0] in "LNPS" and char not in blank for char in text)


def is_told(name: str, text: str) -> bool:
    """Return whether something was taken out of a text of which something is left."""
    return shown(name, text) not in {"", trimmed(name, text)}


def is_kept(name: str, text: str) -> bool:
    """Return whether a text can be sent as it is, in a field that takes any text."""
    left = shown(name, text)
    return not is_told(name, text) and len(left) <= LIMITS.get(name, LIMIT)


def names_that_keep(text: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return those free texts of a form that take this one; a name must be seen."""
    return tuple(
        name
        for name in fields
        if is_kept(name, text) and (name != "patient_name" or leaves_a_mark(shown(name, text)))
    )


def readings(name: str, text: str) -> Iterator[str]:
    """Yield what a text is left as where it is understood: no other change is allowed."""
    typed = shown(name, text)
    if name in {"birth_year", "injury_year"} and typed.isdecimal():
        yield str(int(typed))
    if name == "injury_month" and typed == "௧":
        yield "1"
    if name == "email" and typed == "name@ex\u0430mple.com":
        yield typed
    if name == "country" and typed in COUNTRIES:
        yield COUNTRIES[typed]
    if name == "language" and typed in LANGUAGES:
        yield LANGUAGES[typed][1]


def kept_as(name: str, text: str) -> str:
    """Return what is kept of a free text."""
    left = shown(name, text)
    return LANGUAGES[left][0] if name == "language" and left in LANGUAGES else left


def read_as(name: str, text: str) -> str:
    """Return how a free text that was kept is shown."""
    return next(readings(name, text), shown(name, text))


def fate(page: Page, name: str, text: str, required: set[str], checked: tuple[str, ...]) -> Any:
    """Return what is wrong with a field of a page that came back; None if nothing is."""
    stands = page.values(page.all("form")[0].get("action", "")).get(name, [])
    words = "".join(
        "".join(error.itertext()) for error in page.root.iter() if error.get("id") == f"{name}-error"
    )
    words = " ".join(words.removeprefix("Error:").split()).removeprefix("Error: ")
    left = shown(name, text)
    if not words and name in checked and left:
        understood = list(readings(name, text))
        return None if len(stands) == 1 and stands[0] in understood else ("taken as", stands)
    if stands != [left]:
        return "not what was typed", stands
    if is_told(name, text):
        return None if words == TOLD else ("not told", words)
    asks = len(left) > LIMITS.get(name, LIMIT)
    asks = asks or (name in required and not leaves_a_mark(left)) or (name in checked and bool(left))
    return None if bool(words) == asks else ("asked" if words else "not asked", words)


def nothing_wrong(faults: Faults) -> None:
    assert not faults, "\n".join(f"{text}: {fault}" for text, fault in faults.items())


def named(text: str, name: str = "") -> str:
    return f"{name} {text[:40]!a} ({len(text)} characters)".strip()


def each(find: Callable[[str], Iterator[tuple[str, Any]]]) -> None:
    """Try every string, and tell all that went wrong at once."""
    faults: Faults = {}
    for text in EVERY:
        faults |= {named(text, name): fault for name, fault in find(text) if fault is not None}
    nothing_wrong(faults)


def test_there_are_500_and_all_differ() -> None:
    assert len(EVERY) == sum(map(len, GROUPS.values())) == 500
    for text in EVERY:
        assert text.encode().decode() == text


@ON_SQLITE
def test_each_string_in_every_field_of_the_form_stays_or_is_asked_about(visitor: FlaskClient) -> None:
    good = {**cast.EXAMPLE_TWO, "injury_region": "unknown"}

    def find(text: str) -> Iterator[tuple[str, Any]]:
        fields = {**good, "form_key": new_token(), **dict.fromkeys((*TEXTS, *CHECKED), text)}
        response = visitor.post(ACTION, data=fields, headers=OURS)
        if response.status_code != 422:
            yield "status", response.status_code
            return
        page = form_in(response, ACTION)
        for name in (*TEXTS, *CHECKED):
            # One way to reach the person is asked for at the e-mail address.
            required = {"patient_name", "country", "email"}
            yield name, fate(page, name, text, required, CHECKED)
        for name in good.keys() - set(TEXTS) - set(CHECKED):
            there, was = page.values(ACTION).get(name, []), good[name]
            yield name, None if there == (was if isinstance(was, list) else [was]) else there

    each(find)


@ON_SQLITE
def test_each_string_in_every_field_of_the_call_form_stays_or_is_asked_about(visitor: FlaskClient) -> None:
    def find(text: str) -> Iterator[tuple[str, Any]]:
        changes = dict.fromkeys((*CALL_TEXTS, *CALL_CHECKED), text)
        fields = {**ASKED_FOR, "form_key": new_token(), **changes}
        response = visitor.post(CALL, data=fields, headers=OURS)
        if response.status_code != 422:
            yield "status", response.status_code
            return
        page = form_in(response, CALL)
        for name in changes:
            yield name, fate(page, name, text, {"patient_name", *CALL_CHECKED}, CALL_CHECKED)
        yield "consent", None if page.values(CALL).get("consent_processing") == ["y"] else "lost"

    each(find)


def test_each_string_that_a_free_text_takes_is_kept_exactly(app: Flask, visitor: FlaskClient) -> None:
    wanted: list[tuple[str, dict[str, str]]] = []
    faults: Faults = {}
    for text in EVERY:
        changes = dict.fromkeys(names_that_keep(text, TEXTS), text)
        fields = {**cast.EXAMPLE_TWO, "form_key": new_token(), **changes}
        status = visitor.post(ACTION, data=fields, headers=OURS).status_code
        call_changes = dict.fromkeys(names_that_keep(text, CALL_TEXTS), text)
        fields = {**ASKED_FOR, "form_key": new_token(), **call_changes}
        call_status = visitor.post(CALL, data=fields, headers=OURS).status_code
        if (status, call_status) == (303, 303):
            wanted += [(text, changes), (text, call_changes)]
        else:
            faults[named(text)] = (status, call_status)
    nothing_wrong(faults)

    for (text, changes), kept in zip(wanted, stored.inquiries(app), strict=True):
        for name in changes:
            if kept.get(name, "") != kept_as(name, text):
                faults[named(text, name)] = kept.get(name, "")
    nothing_wrong(faults)


@ON_SQLITE
def test_each_string_is_shown_as_it_is_to_be_checked_and_at_the_desk(
    app: Flask, coordinator: FlaskClient, visitor: FlaskClient
) -> None:
    desk = app.test_client()
    cookie = coordinator.get_cookie("portal")
    assert cookie is not None
    desk.set_cookie("portal", cookie.value)

    def find(text: str) -> Iterator[tuple[str, Any]]:
        names = names_that_keep(text, TEXTS)
        fields = {
            **cast.EXAMPLE_TWO,
            "form_key": new_token(),
            **dict.fromkeys(names, text),
            "action": "check",
        }
        status = visitor.post(ACTION, data=fields, headers=OURS).status_code
        checked = visitor.get(CHECK)
        if (status, checked.status_code) != (303, 200):
            yield "status", (status, checked.status_code)
            return
        wanted = {read_as(name, text) for name in names} - {""}
        yield "to be checked", wanted - set(answers_on(checked)) or None

        send = {"form_key": fields["form_key"]}
        response = visitor.post(CHECK, data=send, headers=OURS)
        with visitor.session_transaction() as session:
            reference = session.get("sent")
        if response.location != "/inquiries/sent":
            yield "status", response.status_code
            return
        page = desk.get(f"/desk/inquiries/{reference}")
        yield "at the desk", wanted - set(answers_on(page)) or None

    each(find)


def answers_on(response: TestResponse) -> list[str]:
    """Return every answer on a page, letter by letter."""
    return ["".join(answer.itertext()) for answer in Page(response.text).all("dd")]


@ON_SQLITE
def test_each_string_that_is_saved_comes_back_in_another_browser(app: Flask, visitor: FlaskClient) -> None:
    form = {**cast.EXAMPLE_TWO, "form_key": new_token(), "action": "save"}
    visitor.post(ACTION, data=form, headers=OURS)
    code = "".join(Page(visitor.get(SAVED).text).with_class("saved__code")[0].itertext())
    other = app.test_client()
    assert other.post(CONTINUE, data={"code": code}, headers=OURS).status_code == 303

    def find(text: str) -> Iterator[tuple[str, Any]]:
        changes = dict.fromkeys((*TEXTS, *CHECKED), text)
        response = visitor.post(ACTION, data={**form, **changes}, headers=OURS)
        if response.status_code != 303:
            yield "status", response.status_code
            return
        there = form_in(other.get(ACTION), ACTION).values(ACTION)
        for name in changes:
            allowed = {shown(name, text), *readings(name, text)}
            stands = there.get(name, [])
            yield name, None if len(stands) == 1 and stands[0] in allowed else stands

    each(find)


@ON_SQLITE
@pytest.mark.parametrize(
    "phone",
    ["ask for Maria +34600123457", "not at night: +34600123457", "{{+34600123457}}", "+34 600 mother"],
)
def test_words_beside_a_phone_number_are_kept_or_asked_about(
    app: Flask, visitor: FlaskClient, phone: str
) -> None:
    fields = {**cast.EXAMPLE_TWO, "form_key": new_token(), "phone": phone}

    status = visitor.post(ACTION, data=fields, headers=OURS).status_code

    assert status == 422 or stored.only_inquiry(app)["phone"] == phone
