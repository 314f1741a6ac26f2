"""What is being measured, for how long, and about how much longer it takes."""

import time
from collections.abc import Mapping
from typing import TextIO

WIDTH = 110


class Progress:
    """A line on the terminal that is written anew; elsewhere a line for each thing told."""

    def __init__(self, seconds: Mapping[str, float], stream: TextIO) -> None:
        """Take about how many seconds each path takes, in their order."""
        self.left = dict(seconds)
        self.count = len(seconds)
        self.stream = stream
        self.started = self.path_started = time.monotonic()
        self.path, self.words = "", ""

    def begin(self, path: str) -> None:
        """Say that a path is measured now."""
        self.path, self.path_started = path, time.monotonic()
        self.about = self.left.pop(path)
        self.tell("begins")

    def tell(self, words: str) -> None:
        """Say what the path does now; without words, only how long it has taken."""
        self.words = words or self.words
        if self.stream.isatty():
            self.stream.write(f"\r{self.line()[:WIDTH]:{WIDTH}}")
            self.stream.flush()
        elif words:
            print(self.line(), file=self.stream, flush=True)

    def line(self) -> str:
        """Return how things stand."""
        here = time.monotonic() - self.path_started
        to_come = max(self.about - here, 0) + sum(self.left.values())
        place = f"{self.count - len(self.left)}/{self.count}"
        spent = f"{minutes(here)} of about {minutes(self.about)}"
        return f"{place} {self.path} ({spent}; {minutes(to_come)} to go): {self.words}"

    def end(self) -> None:
        """Say that a path is done."""
        self.tell("done")
        if self.stream.isatty():
            self.stream.write("\n")


def minutes(seconds: float) -> str:
    """Return a time as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
