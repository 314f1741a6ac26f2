"""What ``make run`` says before it can do anything, and which steps it leaves out."""

from pathlib import Path

import pytest

from tools import bootstrap
from tools.bootstrap import CannotGoOnError


def test_an_old_python_is_told_in_one_line() -> None:
    with pytest.raises(CannotGoOnError) as told:
        bootstrap.check_python((3, 9))
    assert str(told.value) == (
        "This needs Python 3.11 or newer; python3 here is 3.9. "
        "Install a newer one and name it: PYTHON=python3.12 make run"
    )
    bootstrap.check_python((3, 11))


def test_bootstrap_can_be_read_by_python_3_8() -> None:
    import ast

    ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 8))


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (None, "This needs Node 20 or newer with npm, and finds none."),
        ("v18.19.1", "This needs Node 20 or newer; node here is 18.19.1."),
        ("", "This needs Node 20 or newer; node here is broken."),
    ],
)
def test_no_node_or_an_old_one_is_told_in_one_line(version: str | None, words: str) -> None:
    with pytest.raises(CannotGoOnError) as told:
        bootstrap.check_node(version)
    assert str(told.value).startswith(words)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("version", ["v20.0.0", "v24.11.1"])
def test_a_new_node_is_good(version: str) -> None:
    bootstrap.check_node(version)


def test_a_step_is_left_out_only_while_its_inputs_are_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    source, stamp = tmp_path / "site.scss", tmp_path / "stamp"
    source.write_text("a")
    before = bootstrap.fingerprint([source], "3.11")
    assert not bootstrap.is_current(stamp, before)
    stamp.write_text(before)
    assert bootstrap.is_current(stamp, bootstrap.fingerprint([source], "3.11"))
    assert not bootstrap.is_current(stamp, bootstrap.fingerprint([source], "3.12"))
    source.write_text("b")
    assert not bootstrap.is_current(stamp, bootstrap.fingerprint([source], "3.11"))


def test_a_step_that_fails_shows_its_last_lines_and_where_the_rest_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "LOGS", tmp_path)
    with pytest.raises(CannotGoOnError) as told:
        bootstrap.step("trial", ["sh", "-c", "seq 100; echo no such package; exit 3"])
    assert "\nno such package\n" in str(told.value)
    assert "\n80\n" not in str(told.value)
    assert str(tmp_path / "trial.log") in str(told.value)
