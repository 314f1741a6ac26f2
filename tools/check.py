"""Every check of the project, in order; stops at the first that fails and names it.

``python -m tools.check`` runs all, ``python -m tools.check lint`` those that only read the source.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.bootstrap import MODULES, ROOT

PYTHON = [sys.executable, "-m"]
TEMPLATES = "templates"
WORKERS = "2"

Check = tuple[str, Callable[[Path], bool]]


def command(*parts: str) -> Callable[[Path], bool]:
    """Return a check that runs a command in the project's folder."""

    def run(pages: Path) -> bool:
        environ = {**os.environ, "PAGES_DIR": str(pages)}
        return (
            subprocess.run(parts, cwd=ROOT, check=False, env=environ, stdin=subprocess.DEVNULL).returncode
            == 0
        )

    return run


def pages_are_valid(pages: Path) -> bool:
    """Check every page that the tests were shown against the HTML standard."""
    kept = sorted(str(path) for path in pages.glob("*.html"))
    if not kept:
        print("The tests kept no page to check.")
        return False
    validate = command(str(MODULES / ".bin" / "html-validate"), "--config", ".htmlvalidate.json", *kept)
    return validate(pages)


LINT: list[Check] = [
    ("style", command(*PYTHON, "ruff", "check", "--quiet", ".")),
    ("format", command(*PYTHON, "ruff", "format", "--check", "--quiet", ".")),
    ("types", command(*PYTHON, "mypy")),
    ("templates", command(*PYTHON, "djlint", "--lint", "--quiet", TEMPLATES)),
]
TESTS: list[Check] = [
    ("tests", command(*PYTHON, "pytest", "-n", WORKERS, "--dist", "worksteal")),
    ("pages", pages_are_valid),
]


def main(arguments: list[str]) -> int:
    """Run the checks that were asked for."""
    checks = LINT if arguments == ["lint"] else [*LINT, *TESTS]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-pages-") as folder:
        for name, check in checks:
            print(f"== {name}", flush=True)
            if not check(Path(folder)):
                print(f"Failed: {name}.", flush=True)
                return 1
    print(f"All {len(checks)} checks passed in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
