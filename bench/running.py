"""Measuring one path in a process of its own, so that none leaves anything behind for the next."""

import importlib
import multiprocessing
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection

from bench.figures import Figure, WrongAnswerError
from tools.bootstrap import die_with_parent

Tell = Callable[[str], None]
PATIENCE_SECONDS = 1.0
STOP_SECONDS = 20.0


class PathFailedError(Exception):
    """A path could not be measured; the message says why."""


def figures_of(path: str, tell: Tell) -> Iterator[Figure]:
    """Measure a path (the name of its module) and yield its figures; ``tell`` hears what it does.

    ``tell`` is called about once a second too, with an empty word, so that time can be shown. Raises
    WrongAnswerError if what was measured gave wrong answers, and PathFailedError if it was not measured.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=measure, args=(path, there))
    process.start()
    there.close()
    try:
        yield from received(here, tell)
        process.join(STOP_SECONDS)
    except EOFError:
        process.join()
        raise PathFailedError(f"it ended with exit code {process.exitcode}") from None
    finally:
        if process.is_alive():
            process.terminate()
            process.join()


def received(connection: Connection, tell: Tell) -> Iterator[Figure]:
    """Yield the figures that come in until the path is done."""
    while True:
        if not connection.poll(PATIENCE_SECONDS):
            tell("")
            continue
        match connection.recv():
            case Figure() as figure:
                yield figure
            case str() as words:
                tell(words)
            case Exception() as error:
                raise error
            case None:
                return


def measure(path: str, connection: Connection) -> None:
    """Send a path's progress and figures, then None or the error that ended it (in the new process)."""
    die_with_parent()
    # Told to stop, it still takes away its servers and folders.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with suppress(BrokenPipeError):
        try:
            for figure in importlib.import_module(path).measure(connection.send):
                connection.send(figure)
        except WrongAnswerError as error:
            connection.send(error)
        except Exception:  # whatever it is, it is told, and the other paths are measured
            connection.send(PathFailedError(traceback.format_exc()))
        else:
            connection.send(None)
