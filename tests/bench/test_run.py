"""A run of the benchmarks: what it tells, what it writes, and when it refuses to."""

import json
import re
from pathlib import Path

import pytest

from bench.__main__ import PATHS, main

PACKAGE = "tests.bench.paths"


def run(out: Path, *paths: str, only: str = "") -> int:
    arguments = ["--only", only] if only else []
    return main(arguments, out, dict.fromkeys(paths, 1.0), PACKAGE)


def test_a_run_prints_each_goal_with_its_median_and_whether_it_is_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "quick") == 0

    told = capsys.readouterr()
    rows = [line.split("  ") for line in told.out.splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert ["quick: time", "at most 3 × Flask hello", "2.5", "1 to 9", "yes"] in cells
    assert ["quick: rate", "at least 0.5 of the floor", "0.25", "0.25 to 0.25", "no"] in cells
    assert "quick: time: 2.5 ms" in told.out
    assert "counting" in told.err


def test_what_machines_read_holds_these_four_values_and_no_others(tmp_path: Path) -> None:
    run(tmp_path / "out", "quick")

    assert json.loads((tmp_path / "out" / "latest.json").read_text()) == [
        {"path": "quick: time", "goal": "at most 3 × Flask hello", "value": 2.5, "met": True},
        {"path": "quick: rate", "goal": "at least 0.5 of the floor", "value": 0.25, "met": False},
    ]


def test_the_document_tells_the_command_and_what_it_ran_on(tmp_path: Path) -> None:
    run(tmp_path, "quick", "wrong", only="quick")

    document = (tmp_path / "latest.md").read_text()
    assert "`make bench ONLY=quick`" in document
    for name in ("Python", "Flask", "SQLAlchemy", "granian", "SQLite", "PostgreSQL", "Django"):
        assert re.search(rf" {name} (\d+\.\d+|\(not installed\))", document), name
    assert "| quick: time | at most 3 × Flask hello | 2.5 | 1 to 9 | yes |" in document


def test_a_wrong_answer_refuses_the_whole_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, "quick")
    capsys.readouterr()

    assert run(tmp_path, "quick", "wrong") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "wrong: a reference was missing" in told.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("broken", "the disk is full"),
        ("killed", "it ended with exit code -9"),
        ("missing", "No module named"),
    ],
)
def test_a_path_that_cannot_be_measured_is_told_beside_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, reason: str
) -> None:
    assert run(tmp_path, path, "quick") == 1

    told = capsys.readouterr()
    assert f"{path} was not measured" in told.err
    assert reason in told.err
    assert "quick: time" in told.out
    assert len(json.loads((tmp_path / "latest.json").read_text())) == 2


def test_one_path_is_measured_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "broken", "quick", only="quick") == 0
    assert "broken" not in capsys.readouterr().err


def test_a_path_that_there_is_not_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as told:
        run(tmp_path, "quick", only="slow")
    assert told.value.code == 2
    assert "quick" in capsys.readouterr().err


def test_every_path_has_its_module() -> None:
    folder = Path(__file__).parents[2] / "bench"
    assert [path for path in PATHS if not (folder / f"{path}.py").exists()] == []
