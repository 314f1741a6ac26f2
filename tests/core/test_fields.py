import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.core.fields import one_line, several_lines, without_hidden_characters


@given(st.text())
def test_a_line_has_no_breaks_and_no_spaces_around_it_or_twice(text: str) -> None:
    line = one_line(text)

    assert line == line.strip()
    assert not set("\r\n\t\u2028\u2029") & set(line)
    assert "  " not in line
    assert one_line(line) == line


@given(st.text())
def test_a_long_text_keeps_its_lines_in_one_spelling_of_line_breaks(text: str) -> None:
    lines = several_lines(text)

    assert "\r" not in lines
    assert several_lines(lines) == lines
    assert [part.strip() for part in lines.split()] == text.replace("\r", "\n").split()


@given(st.text())
def test_nothing_that_can_be_shown_is_taken_out(text: str) -> None:
    left = without_hidden_characters(text)

    taken_out = [char for char in text if char not in left]
    assert all(unicodedata.category(char) in {"Cc", "Cn"} for char in taken_out)
    assert without_hidden_characters(left) == left


def test_control_characters_go_and_other_scripts_stay() -> None:
    assert without_hidden_characters("a\x00b\x07c\x1b\x7f\ufffe\ufdd0") == "abc"
    for text in ("é e\u0301", "مُحَمَّد", "李\u3000明", "நா", "👩🏽‍🦽", "ab\u200dc", "x\ny\tz"):
        assert without_hidden_characters(text) == text


def test_no_answer_at_all_is_an_empty_one() -> None:
    assert one_line(None) == ""
    assert several_lines(None) == ""
