"""A path whose answers were wrong, which was seen after its first figure."""

from collections.abc import Callable, Iterator

from bench.figures import Figure, WrongAnswerError, at_most


def measure(_tell: Callable[[str], None]) -> Iterator[Figure]:
    yield at_most("wrong: time", 3, "× Flask hello", [1.0])
    raise WrongAnswerError("a reference was missing")
