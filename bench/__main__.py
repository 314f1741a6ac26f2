"""Measure the program against its goals: ``python -m bench``, or ``python -m bench --only home``.

It prints the table of goals and writes ``bench/out/latest.json`` and ``latest.md``. Its status is

- 0 if every path was measured: that a goal is not met is for the table to say;
- 1 if a path could not be measured: the others are told all the same;
- 2 if the program gave a wrong answer: then no figure counts, and nothing is written or told but that.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.figures import Figure, WrongAnswerError
from bench.progress import Progress
from bench.running import PathFailedError, figures_of
from bench.table import as_json, as_markdown, as_text

PATHS: Mapping[str, float] = {
    "home": 20,
    "errors": 10,
    "sending": 25,
    "senders": 25,
    "million": 310,
    "queue": 160,
    "search": 55,
    "inquiry_page": 10,
    "worker": 50,
    "start": 20,
    "sign_in_timing": 30,
    "visit": 45,
}
"""What is measured, in this order, and about how many seconds each takes."""
OUT = Path(__file__).parent / "out"


def main(
    arguments: Sequence[str] | None = None,
    out: Path = OUT,
    paths: Mapping[str, float] = PATHS,
    package: str = "bench",
) -> int:
    """Measure, print the table and write it; return the exit status.

    ``paths`` are modules of ``package``, each with about how many seconds it takes.
    """
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the program.")
    parser.add_argument("--only", choices=paths, help="the one path to measure")
    only = parser.parse_args(arguments).only
    remove(out)
    failed: list[str] = []
    try:
        figures = measured({only: paths[only]} if only else paths, package, failed)
    except WrongAnswerError as error:
        print(f"No figure counts, because an answer was wrong. {error}", file=sys.stderr)
        return 2
    write(out, figures, f"make bench ONLY={only}" if only else "make bench")
    print(f"\n{as_text(figures)}")
    for reason in failed:
        print(f"\n{reason}", file=sys.stderr)
    return 1 if failed else 0


def measured(paths: Mapping[str, float], package: str, failed: list[str]) -> list[Figure]:
    """Return the figures of every path; why one could not be measured is added to ``failed``."""
    figures: list[Figure] = []
    progress = Progress(paths, sys.stderr)
    for path in paths:
        progress.begin(path)
        try:
            figures += figures_of(f"{package}.{path}", progress.tell)
        except PathFailedError as error:
            failed.append(f"{path} was not measured: {error}")
        except WrongAnswerError as error:
            raise WrongAnswerError(f"{path}: {error}") from None
        finally:
            progress.end()
    return figures


def remove(out: Path) -> None:
    """Take the table of the run before away: what stands there is always of the last run."""
    for name in ("latest.json", "latest.md"):
        (out / name).unlink(missing_ok=True)


def write(out: Path, figures: Sequence[Figure], command: str) -> None:
    """Write the table for machines and for documents."""
    out.mkdir(exist_ok=True)
    (out / "latest.json").write_text(as_json(figures), encoding="utf-8")
    (out / "latest.md").write_text(as_markdown(figures, command), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
