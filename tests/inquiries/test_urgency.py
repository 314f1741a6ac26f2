"""Words that call for advice are found in every language, however they are written."""

from pathlib import Path

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from app.core.terms import INJURY_REGION, LEVELS
from app.inquiries.answers import MESSAGE_LENGTH
from app.inquiries.phrases import LANGUAGES, compared_form, phrase_pattern, phrases_in
from app.inquiries.urgency import URGENT, hint_words, urgent_kinds
from tests.support.engines import ON_SQLITE

WORDED = ("suicidal", "dysreflexia", "infection")
FILES = sorted(LANGUAGES.glob("*/urgent_words.txt"))

SENTENCES = {
    "suicidal": [
        "I want to kill myself.",
        "Some days I just want to end my life",
        "I DON’T WANT TO LIVE like this any more",
        "i dont want to live",
        "There is no reason to live.",
        "They would be better off without me",
        "I'd be better off dead",
        "he says he wants to die",
        "She tried suicide last year",
        "He is suicidal",
        "I just want to end it all",
        "thinking of suiside",
        "Ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "I want\nto\n\n  die",
        "Quiero morirme",
        "Mi hermano ya no quiere vivir.",
        "No tengo ganas de vivir, la verdad",
        "he pensado en el suicidio",
        "A veces pienso en quitarme la vida",
        "ESTARÍA MEJOR MUERTO",
        "No vale la pena vivir así",
        "Ojalá no despierte mañana",
        "quiero acabar con todo",
        "أريد أن أموت",
        "اريد ان اموت",
        "لا أُرِيدُ أَنْ أَعِيشَ",
        "أفكر في الانتحار",
        "أخي يفكر بالإنتحار كل يوم",
        "سأنتحر",
        "حاول الانـتـحـار",
        "مش عايز أعيش كده",
        "ما بدي عيش",
        "تعبت من الحياة",
        "أتمنى الموت كل ليلة",
    ],
    "dysreflexia": [
        "I often have autonomic dysreflexia.",
        "autonomic disreflexia attacks",
        "a pounding headache and sweating",
        "I get a really bad pounding, awful headache",
        "My blood pressure suddenly spikes to 200",
        "blood pressure is sometimes very high",
        "goose bumps and headache",
        "goosebumps on my arms",
        "headaches with a lot of sweating",
        "tengo disreflexia autonómica",
        "crisis de disrreflexia",
        "Me da un dolor de cabeza muy fuerte y sudo mucho",
        "se me pone la piel de gallina",
        "la tensión se me dispara",
        "me sube la presión de golpe",
        "la cabeza me va a estallar",
        "عندي عسر المنعكسات اللاإرادي",
        "خلل المُنْعَكَسات",
        "صداع شديد مع تعرق",
        "أشعر بصداعٍ قوي",
        "يرتفع ضغط الدم فجأة",
        "ارتفاع مفاجئ في ضغط الدم",
    ],
    "infection": [
        "I have had a fever for 3 days",
        "There is pus coming out",
        "He was in hospital with sepsis",
        "another urinary infection",
        "Two UTIs this year",
        "a bone infection in the hip",
        "The wound is infected",
        "pressure sore on the heel",
        "a pressure-ulcer, stage 4",
        "bedsores",
        "no fever",
        "Tiene fiebre y escalofríos",
        "una infección de orina",
        "infeccion urinaria",
        "la herida está infectada",
        "una úlcera por presión en el sacro",
        "Tengo una escara",
        "sale pus de la herida",
        "عندي حمى منذ يومين",
        "حُمّى وقشعريرة",
        "التهاب المسالك البولية",
        "والتهابات متكررة",
        "قرحة الفراش",
        "عنده تقرحات",
        "يخرج صديد من الجرح",
        "درجة الحرارة مرتفعة",
    ],
}

FOUND = [(kind, sentence) for kind, sentences in SENTENCES.items() for sentence in sentences]

HARMLESS = [
    "",
    "I fell from a ladder in 2019 and hurt my back. I hope to walk again.",
    "My headaches are gone. I live 300 kms from Madrid. Is the push of the chair harder?",
    "The pustule cream is not needed; the die is cast; we moved to Lifford.",
    "Puso mucho empeño. Me gustaría mover las manos y vivir con más independencia.",
    "Quiero vivir mejor. Impuse una rutina de ejercicios.",
    "أصبت في حادث سيارة وأتمنى أن أمشي من جديد",
    "أريد أن أعيش حياة أفضل وأعود إلى العمل",
    "मैं फिर से चलना चाहता हूँ", "我想再走路", "Я хочу снова ходить",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "sentence"), FOUND)
def test_words_that_call_for_advice_are_found(kind: str, sentence: str) -> None:
    assert kind in urgent_kinds("", "", ["", f"Good day. {sentence}! Thank you"])


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_are_only_alike_call_for_nothing(text: str) -> None:
    assert urgent_kinds("", "", [text]) == ()


def test_words_in_several_languages_are_found_together_the_most_urgent_first() -> None:
    texts = ["tengo fiebre", "صداع شديد", "I want to die"]

    assert urgent_kinds("C5", "cervical", texts) == tuple(URGENT)
    assert urgent_kinds("C5", "cervical", reversed(texts)) == tuple(URGENT)


def test_words_of_two_texts_are_not_read_as_one() -> None:
    assert urgent_kinds("", "", ["I want to", "die"]) == ()


@pytest.mark.parametrize("level", LEVELS)
def test_dysreflexia_can_happen_with_an_injury_at_t6_or_above(level: str) -> None:
    is_high = level in {f"C{number}" for number in range(1, 9)} | {f"T{number}" for number in range(1, 7)}

    assert urgent_kinds(level, "", []) == (("high_level",) if is_high else ())


@pytest.mark.parametrize("region", ["", *INJURY_REGION])
def test_without_a_level_an_injury_of_the_neck_is_high(region: str) -> None:
    assert urgent_kinds("", region, []) == (("high_level",) if region == "cervical" else ())


def test_words_are_looked_for_to_the_end_of_the_longest_message() -> None:
    end = " fever"

    assert urgent_kinds("", "", ["x" * (MESSAGE_LENGTH - len(end)) + end]) == ("infection",)


MARKS = "\u0300\u0315\u0327\u0f71\u0f72\u0f73\u0344\u0640\u0651\u200d\u2066\ufdfa\ufb2c"


@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.lists(st.one_of(st.text(), st.text(MARKS + " a", max_size=300)), max_size=3),
)
def test_any_text_is_read(level: str, region: str, texts: list[str]) -> None:
    kinds = urgent_kinds(level, region, texts)

    assert list(kinds) == [kind for kind in URGENT if kind in kinds]


@pytest.mark.parametrize("piece", [*MARKS, "\u0f73\u0315", "a ", "fever ", "headache ", "ضغط ", "suicid"])
def test_the_longest_message_of_one_thing_is_read(piece: str) -> None:
    urgent_kinds("", "", [piece * MESSAGE_LENGTH])


@given(st.sampled_from(FOUND), st.data())
def test_marks_among_the_letters_hide_no_words(found: tuple[str, str], data: st.DataObject) -> None:
    kind, sentence = found
    at = data.draw(st.integers(0, len(sentence)))
    mark = data.draw(st.sampled_from("\u0301\u0315\u200b\u200d\u2069\u00ad"))

    assert kind in urgent_kinds("", "", [sentence[:at] + mark * 3 + sentence[at:]])


def test_every_language_of_the_site_has_its_words(app: Flask) -> None:
    assert {path.parent.name for path in FILES} >= {"en", "es", "ar"}
    assert {path.parent.name for path in FILES} == set(app.config["LANGUAGES"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_a_language_has_phrases_of_every_kind_and_none_of_them_twice(path: Path) -> None:
    found = phrases_in(path)
    patterns = [phrase_pattern(phrase) for phrases in found.values() for phrase in phrases]

    assert tuple(found) == WORDED
    assert all(len(phrases) > 20 for phrases in found.values())
    assert len(set(patterns)) == len(patterns)
    assert all(compared_form(phrase) for phrases in found.values() for phrase in phrases)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_phrase_is_found_as_it_stands(path: Path) -> None:
    for kind, phrases in phrases_in(path).items():
        for phrase in phrases:
            said = phrase.replace("...", "x y z w").replace("*", "")
            assert kind in urgent_kinds("", "", [said]), phrase


@ON_SQLITE
def test_staff_are_told_in_words_the_most_urgent_first(app: Flask) -> None:
    with app.test_request_context():
        assert hint_words(["high_level", "suicidal", "of an older version"]) == [
            "Words of suicidal thoughts",
            "Level T6 or above: autonomic dysreflexia can happen",
        ]
        assert hint_words([]) == []


ADVICE = '{% from "site/_urgent_advice.html" import urgent_advice %}{{ urgent_advice(kinds) }}'
HEADINGS = {
    "suicidal": "If you think about ending your life",
    "dysreflexia": "If the signs of autonomic dysreflexia are there now",
    "infection": "If there may be an infection",
    "high_level": "Know the signs of autonomic dysreflexia",
}


@ON_SQLITE
@pytest.mark.parametrize("kind", URGENT)
def test_each_kind_has_its_advice_and_each_fact_its_source(app: Flask, kind: str) -> None:
    with app.test_request_context():
        html = render_template_string(ADVICE, kinds=(kind,))

    assert [heading for heading in HEADINGS.values() if heading in html] == [HEADINGS[kind]]
    assert html.count("<h2") == 1
    assert html.count('class="source"') == (kind != "suicidal")  # it tells what to do, and no fact


@ON_SQLITE
def test_no_kind_gives_no_advice(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string(ADVICE, kinds=()).strip() == ""


@ON_SQLITE
def test_what_to_do_about_dysreflexia_is_told_once(app: Flask) -> None:
    with app.test_request_context():
        html = render_template_string(ADVICE, kinds=tuple(URGENT))

    assert HEADINGS["high_level"] not in html
    assert html.count("#emergency") == 1
    assert 'href="https://findahelpline.com" rel="noreferrer external"' in html
