"""A path with one goal that is met and one that is not."""

from collections.abc import Callable, Iterator

from bench.figures import Figure, at_least, at_most


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    tell("counting")
    yield at_most("quick: time", 3, "× Flask hello", [1.0, 2.5, 9.0], "2.5 ms")
    yield at_least("quick: rate", 0.5, "of the floor", [0.25])
