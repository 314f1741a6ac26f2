"""Words of an answer that are asked about: promises, and what tells of a person's health."""

from pathlib import Path

import frontmatter
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.inquiries.confidences import CONFIDENCES, LISTED, confidences_in
from app.inquiries.phrases import LANGUAGES, compared, phrase_pattern, phrases_in
from app.inquiries.promises import HONEST, PROMISES, promises_in
from tests.support.engines import ON_SQLITE

PROMISE_FILES = sorted(LANGUAGES.glob("*/promise_words.txt"))
HEALTH_FILES = sorted(LANGUAGES.glob("*/health_words.txt"))
STARTERS = sorted(LANGUAGES.glob("*/starter/replies/*.md"))


def language_of(path: Path) -> str:
    return path.parent.name


def quotes(text: str) -> dict[str, list[str]]:
    return {kind: [text[start:end] for start, end in places] for kind, places in promises_in(text).items()}


def told(text: str, **answers: str) -> dict[str, list[str]]:
    found = confidences_in(text, {"patient_name": "Jane Example-One", **answers})
    return {kind: [text[start:end] for start, end in places] for kind, places in found.items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It will cure you.", {"outcome": ["cure"]}),
        ("You will soon WALK again!", {"outcome": ["You will soon WALK"]}),
        ("You’ll walk again, and it'll help you", {"outcome": ["You’ll walk", "it'll help you"]}),
        ("We guarantee it, 100%.", {"certainty": ["guarantee", "100%"]}),
        ("It works in 100 per cent", {"certainty": ["100 per cent"]}),
        ("There is no risk and no side-effects.", {"safety": ["no risk", "no side-effects"]}),
        ("Le garantizamos que va a mejorar", {"outcome": ["va a mejorar"], "certainty": ["garantizamos"]}),
        (
            "Volverá a caminar, sin ningún riesgo",
            {"outcome": ["Volverá a caminar"], "safety": ["sin ningún riesgo"]},
        ),
        ("ستمشي من جديد", {"outcome": ["ستمشي من جديد"]}),
        ("العلاج آمنٌ تمامًا والنتيجة مضمونة", {"certainty": ["مضمونة"], "safety": ["آمنٌ تمامًا"]}),
    ],
)
def test_promises_are_found_where_they_stand(text: str, found: dict[str, list[str]]) -> None:
    assert quotes(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nobody can promise a result.",
        "There is no guarantee, and we cannot guarantee anything.",
        "We have 100 reports to read.",
        "No podemos garantizar un resultado. Nadie puede prometer nada.",
        "لا أحد يستطيع أن يعدك بنتيجة، ولا نضمن شيئًا",
        "Can I call you on Monday?",
    ],
)
def test_what_promises_nothing_is_left_alone(text: str) -> None:
    assert quotes(text) == {}


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("the injury at T10, and C-5", "level", ["T10", "C-5"]),
        ("at S4/5 or l1", "level", ["S4/5", "l1"]),
        ("a cervical injury", "region", ["cervical"]),
        ("una lesión incompleta", "completeness", ["lesión incompleta"]),
        ("about your paraplegia", "diagnosis", ["paraplegia"]),
        ("إصابة الحبل الشوكي", "diagnosis", ["الحبل الشوكي"]),
        ("células madre", "diagnosis", ["células madre"]),
    ],
)
def test_words_of_health_are_found(text: str, kind: str, found: list[str]) -> None:
    assert told(text)[kind] == found


@pytest.mark.parametrize("text", ["", "T13 and C0", "it's 5 days", "page 10", "SCI-C5AB-T10X", "let’s 3"])
def test_what_is_only_alike_is_left_alone(text: str) -> None:
    assert told(text) == {}


def test_five_words_in_a_row_are_the_persons_own() -> None:
    message = "It began after a fall from a ladder in May."

    assert told("it BEGAN, after a fall from work", message=message) == {
        "message": ["it BEGAN, after a fall from"]
    }
    assert told("after a fall from", message=message) == {}


def test_the_name_of_whoever_is_not_written_to_is_found() -> None:
    assert told("Dear Jane", helper_name="Joan Example-Two") == {}
    assert told("Joan called", helper_name="Joan Example-Two") == {"name": ["Joan"]}
    assert told("Jane, Joan", helper_name="Joan Example-Two", filling_in="relative") == {"name": ["Jane"]}


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    form, origins = compared(text)

    assert len(form) == len(origins)
    assert origins == sorted(origins)
    assert set(promises_in(text)) <= set(PROMISES)
    assert set(told(text, message=text)) <= set(CONFIDENCES)


def test_every_language_of_the_site_has_its_words(app: Flask) -> None:
    assert {language_of(path) for path in PROMISE_FILES} == set(app.config["LANGUAGES"])
    assert {language_of(path) for path in HEALTH_FILES} == set(app.config["LANGUAGES"])


@pytest.mark.parametrize(
    ("path", "kinds"),
    [*((path, (*PROMISES, HONEST)) for path in PROMISE_FILES), *((path, LISTED) for path in HEALTH_FILES)],
    ids=lambda value: f"{language_of(value)}-{value.stem}" if isinstance(value, Path) else "",
)
def test_a_language_has_phrases_of_every_kind_and_none_of_them_twice(
    path: Path, kinds: tuple[str, ...]
) -> None:
    found = phrases_in(path)
    patterns = [phrase_pattern(phrase) for phrases in found.values() for phrase in phrases]

    assert tuple(found) == kinds
    assert all(found.values())
    assert len(set(patterns)) == len(patterns)


@pytest.mark.parametrize("path", PROMISE_FILES, ids=language_of)
def test_every_phrase_is_found_as_it_stands(path: Path) -> None:
    for kind, phrases in phrases_in(path).items():
        for phrase in phrases:
            said = phrase.replace("...", "x y z w").replace("*", "")
            if kind != HONEST:
                assert kind in promises_in(said), phrase


@ON_SQLITE
@pytest.mark.parametrize("path", STARTERS, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_the_templates_that_come_with_the_site_promise_nothing_and_tell_nothing(
    app: Flask, path: Path
) -> None:
    text = frontmatter.load(str(path)).content

    assert quotes(text) == {}
    assert told(text) == {}
