"""A path whose process is gone all at once."""

import os
import signal
from collections.abc import Callable, Iterator

from bench.figures import Figure


def measure(_tell: Callable[[str], None]) -> Iterator[Figure]:
    yield from ()
    os.kill(os.getpid(), signal.SIGKILL)
