"""Two versions side by side."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.content.compare import differences
from app.content.sections import moved, put, section_of, without
from app.content.shapes import Case, Section, Treatment
from tests.content.making import EXAMPLE_CASE

PAGE = Treatment(title="Page", sections=(Section(anchor="a", heading="A"), Section(anchor="b", heading="B")))


def test_only_what_is_different_is_shown_word_by_word() -> None:
    (only,) = differences(EXAMPLE_CASE, replace(EXAMPLE_CASE, title="Example case, lumbar"))

    assert str(only.label) == "Title"
    assert only.segments == [("same", "Example case, "), ("gone", "thoracic"), ("new", "lumbar")]


def test_an_outcome_that_came_and_one_that_went_are_both_told() -> None:
    newer = replace(EXAMPLE_CASE, outcome={"bladder": ("", "yes")})

    labels = [str(difference.label) for difference in differences(EXAMPLE_CASE, newer)]

    assert sorted(labels) == ["ASIA motor score", "Bladder"]


def test_a_changed_section_and_a_changed_order_are_told() -> None:
    newer = moved(put(PAGE, Section(anchor="b", heading="B", body="words")), "b", up=True)

    told = {str(difference.label): difference.segments for difference in differences(PAGE, newer)}

    assert set(told) == {"Sections", "b: Text"}
    assert told["b: Text"] == [("new", "words")]


def test_sections_are_put_moved_and_taken_off() -> None:
    new = Section(anchor="c", heading="C")

    assert [s.anchor for s in put(PAGE, new).sections] == ["a", "b", "c"]
    assert [s.anchor for s in moved(PAGE, "a", up=False).sections] == ["b", "a"]
    assert moved(PAGE, "a", up=True) == PAGE
    assert section_of(without(PAGE, "a"), "a") is None


def test_a_text_of_one_line_again_and_again_is_compared_too() -> None:
    older, newer = "a\n" * 20_000, "a\nb\n" * 10_000

    (only,) = differences(Case(notes=older), Case(notes=newer))

    assert "".join(words for kind, words in only.segments if kind != "gone") == newer


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_pieces_make_up_both_texts(older: str, newer: str) -> None:
    for difference in differences(Case(notes=older), Case(notes=newer)):
        assert "".join(words for kind, words in difference.segments if kind != "new") == older
        assert "".join(words for kind, words in difference.segments if kind != "gone") == newer
