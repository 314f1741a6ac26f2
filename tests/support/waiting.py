"""Waiting for what another process does."""

import threading
from collections.abc import Callable

NEVER = threading.Event()


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Return as soon as ``condition`` holds; fail if it does not within ``seconds``."""
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        NEVER.wait(0.05)
    raise AssertionError(f"not within {seconds} s: {condition.__doc__ or condition}")
