"""Figures of the benchmarks: a ratio of pairs that were measured in one run, and whether it meets its goal.

A machine drifts by a factor of two within minutes, so nothing here is compared with a number from before:
what is measured and what it is held against take turns, and each turn gives one ratio.
"""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 5
"""Pairs of each figure; their median counts."""

Cost = Callable[[], float]
"""Does a fixed amount of work and returns what it cost: seconds, bytes, or whatever both of a pair count."""


class WrongAnswerError(Exception):
    """What is measured gave a wrong answer: no figure of that run counts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    path: str
    """What was measured, such as "home: first visit"."""
    goal: str
    """What it has to be, such as "at most 3 × Flask hello"."""
    value: float
    """The median of the rounds."""
    lowest: float
    highest: float
    met: bool
    told: str = ""
    """What stands behind it: absolute figures, and what was counted."""


def at_most(path: str, limit: float, against: str, values: Sequence[float], told: str = "") -> Figure:
    """Return the figure of something that may cost no more than ``limit`` times what it is held against."""
    value = median(values)
    return Figure(path, f"at most {limit:g} {against}", value, min(values), max(values), value <= limit, told)


def at_least(path: str, limit: float, against: str, values: Sequence[float], told: str = "") -> Figure:
    """Return the figure of something that has to reach ``limit`` times what it is held against."""
    value = median(values)
    return Figure(
        path, f"at least {limit:g} {against}", value, min(values), max(values), value >= limit, told
    )


def pairs(ours: Cost, reference: Cost, rounds: int = ROUNDS) -> list[tuple[float, float]]:
    """Return the costs of both, measured in turns (A B A B), after one round that only warms up."""
    ours(), reference()
    return [(ours(), reference()) for _round in range(rounds)]


def ratios(costs: Sequence[tuple[float, float]]) -> list[float]:
    """Return how much the first of each pair cost for one of the second."""
    return [ours / reference for ours, reference in costs]


def processor_seconds(act: Callable[[], object], times: int) -> float:
    """Return the seconds of this process's processor time that one of so many calls takes."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        for _time in range(times):
            act()
        return (time.process_time() - start) / times
    finally:
        gc.enable()
