"""Figures: medians of pairs, and whether they meet their goals."""

import pytest

from bench.figures import at_least, at_most, pairs, ratios
from bench.table import shown


@pytest.mark.parametrize(("values", "met"), [([2.0, 3.0, 9.0], True), ([2.0, 3.01, 9.0], False)])
def test_a_median_up_to_the_limit_meets_the_goal(values: list[float], met: bool) -> None:
    figure = at_most("home", 3, "× Flask hello", values)
    assert (figure.goal, figure.value, figure.met) == ("at most 3 × Flask hello", values[1], met)
    assert (figure.lowest, figure.highest) == (2.0, 9.0)


@pytest.mark.parametrize(("values", "met"), [([0.1, 0.5, 0.6], True), ([0.1, 0.49, 0.6], False)])
def test_a_median_that_reaches_the_limit_meets_the_goal(values: list[float], met: bool) -> None:
    figure = at_least("sending", 0.5, "of the floor", values)
    assert (figure.goal, figure.value, figure.met) == ("at least 0.5 of the floor", values[1], met)


def test_what_is_compared_takes_turns_after_a_round_that_warms_up() -> None:
    turns: list[str] = []

    def cost(name: str, seconds: float) -> float:
        turns.append(name)
        return seconds

    costs = pairs(lambda: cost("ours", 2.0), lambda: cost("theirs", 4.0), rounds=3)
    assert "".join(name[0] for name in turns) == "ot" * 4
    assert ratios(costs) == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("value", "text"), [(0.0123456, "0.0123"), (2.5, "2.5"), (100, "100"), (12345.6, "12,346"), (0, "0")]
)
def test_a_number_is_shown_with_three_digits_that_count(value: float, text: str) -> None:
    assert shown(value) == text
