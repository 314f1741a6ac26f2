"""Doing something in a thread of its own.

Playwright keeps an event loop running in the thread that uses it; the application, whose database
extension starts one itself at the end of each context, can not be used in that thread meanwhile.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def aside(act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call ``act`` in another thread and return what it returns."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act, *args, **kwargs).result()
