"""The lock files name exact versions with their hashes, and no address to fetch them from."""

import json
import re
from pathlib import Path

import pytest

from tools.bootstrap import BENCH_LOCK_FILE, LOCK_FILES

ROOT = Path(__file__).parent.parent
ADDRESS_OF_PACKAGES = re.compile(r"(?i)registry\s*=|(?<!no-emit-)index[-_]url|//[a-z.]*(pypi|npmjs)\.")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"])
def test_every_python_package_is_pinned_by_hash_and_names_no_address(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    requirements = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]

    assert requirements
    assert all(re.match(r"[A-Za-z0-9._-]+(\[[a-z0-9,._-]+\])?==\S+", line) for line in requirements)
    assert sum("--hash=sha256:" in line for line in lines) >= len(requirements)
    assert not [line for line in lines if "://" in line or line.startswith(("-i", "--index", "--extra"))]


@pytest.mark.parametrize("name", ["package-lock.json", "bench/package-lock.json"])
def test_every_node_package_is_pinned_by_hash_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}

    assert packages
    assert all(package.get("integrity", "").startswith("sha512-") for package in packages.values())
    assert not [name for name, package in packages.items() if "resolved" in package]


def test_no_setting_names_where_packages_come_from() -> None:
    for name in (".npmrc", "pyproject.toml", "package.json", "bench/package.json", "Makefile"):
        text = (ROOT / name).read_text()
        assert not re.search(r"(?i)registry\s*=|(?<!no-emit-)index[-_]url|//[a-z.]*(pypi|npmjs)\.", text), (
            name
        )


@pytest.mark.parametrize("name", ["package.json", "bench/package.json"])
def test_the_package_file_pins_every_direct_package(name: str) -> None:
    package = json.loads((ROOT / name).read_text())

    wanted = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    assert wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_what_the_benchmarks_alone_need_is_no_part_of_the_setup() -> None:
    setup = "".join((ROOT / name).read_text() for name in LOCK_FILES)
    alone = json.loads((ROOT / "bench/package.json").read_text())["dependencies"]

    assert "django==" in (ROOT / BENCH_LOCK_FILE).read_text()
    assert "django==" not in setup
    assert not [name for name in alone if f"node_modules/{name}" in (ROOT / "package-lock.json").read_text()]
