"""Everything between a bare checkout and a running site; the Makefile calls it.

It uses the standard library alone, and syntax that Python 3.8 can read: whoever has an old one is told so
in one line. A step whose inputs are as they were is skipped.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
MODULES = ROOT / "node_modules"
BENCH = ROOT / "bench"
DIST = ROOT / "app" / "static" / "dist"
COMPILED = ROOT / "app" / "compiled"
LOGS = ROOT / "instance" / "logs"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
LOCK_FILES = ("requirements.txt", "requirements-dev.txt")
BENCH_LOCK_FILE = "requirements-bench.txt"
LAST_LINES = 15
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class CannotGoOnError(Exception):
    """Tells the person who called what to do first."""


def main(arguments: list[str]) -> int:
    """Do what the Makefile asks for: ``setup``, ``build``, ``bench`` (what benchmarks need) or ``run``."""
    wanted = arguments[0] if arguments else "run"
    try:
        check_python(sys.version_info[:2])
        if wanted == "run":
            check_settings()
        install_python_packages()
        install_node_packages()
        if wanted in ("build", "bench", "run"):
            build_front_end()
            compile_translations()
            compile_templates()
        if wanted == "bench":
            install_bench_packages()
    except CannotGoOnError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next try goes on from here.", file=sys.stderr)
        return 130
    if wanted == "run":
        run()
    return 0


def check_python(version: tuple[int, ...]) -> None:
    """Stop at a Python that is too old."""
    if version < OLDEST_PYTHON:
        raise CannotGoOnError(
            "This needs Python {}.{} or newer; python3 here is {}.{}. "
            "Install a newer one and name it: PYTHON=python3.12 make run".format(*OLDEST_PYTHON, *version)
        )


def check_settings() -> None:
    """Stop before any long step if the environment cannot be used or the port is taken."""
    sys.path.insert(0, str(ROOT))
    # Not at the top: Pythons that check_python turns away could not read it.
    from tools.run import CannotRunError, read_plan  # noqa: PLC0415

    try:
        read_plan(os.environ)
    except CannotRunError as error:
        raise CannotGoOnError(str(error)) from None


def install_python_packages() -> None:
    """Make ``.venv`` with what the lock files name."""
    stamp = VENV / ".stamp"
    inputs = fingerprint([ROOT / name for name in LOCK_FILES], sys.version)
    if is_current(stamp, inputs) and (VENV / "bin" / "python").exists():
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 -- Debian ships it in a package of its own
        import venv  # noqa: F401, PLC0415
    except ImportError:
        raise CannotGoOnError(
            "This Python cannot make a virtual environment. On Debian and Ubuntu: "
            "apt install python{}.{}-venv".format(*sys.version_info[:2])
        ) from None
    if not venv_is_usable():
        print("Making .venv with Python {}.{} ...".format(*sys.version_info[:2]), flush=True)
        step("venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    print("Installing the Python packages (about a minute the first time) ...", flush=True)
    install_from("pip", LOCK_FILES)
    stamp.write_text(inputs)


def install_from(log: str, lock_files: tuple[str, ...]) -> None:
    """Install what lock files name into ``.venv``."""
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--require-hashes"]
    for name in lock_files:
        command += ["-r", name]
    step(log, [*command, "--no-input", "--disable-pip-version-check"])


def venv_is_usable() -> bool:
    """Return whether ``.venv`` is of this Python's version and still runs."""
    try:
        settings = (VENV / "pyvenv.cfg").read_text()
        version = re.search(r"(?m)^version(?:_info)? *= *(\d+)\.(\d+)", settings)
        if not version or tuple(map(int, version.groups())) != sys.version_info[:2]:
            return False
        check = [str(VENV / "bin" / "python"), "-m", "pip", "--version"]
        return subprocess.run(check, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install_node_packages() -> None:
    """Fill ``node_modules`` from the lock file."""
    stamp = MODULES / ".stamp"
    inputs = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
    if is_current(stamp, inputs):
        return
    check_node(node_version())
    print("Installing the front end's packages ...", flush=True)
    step("npm-ci", ["npm", "ci"])
    stamp.write_text(inputs)


def install_bench_packages() -> None:
    """Add what the benchmarks alone need to ``.venv``, and fill ``bench/node_modules``."""
    stamp = VENV / ".bench-stamp"
    packages = [ROOT / BENCH_LOCK_FILE, BENCH / "package.json", BENCH / "package-lock.json"]
    inputs = fingerprint(packages, sys.version)
    if is_current(stamp, inputs) and (BENCH / "node_modules").exists():
        return
    check_node(node_version())
    print("Installing what the benchmarks need ...", flush=True)
    install_from("pip-bench", (BENCH_LOCK_FILE,))
    # Nothing in it has to be built, and some of it would fetch a browser of its own.
    step("npm-ci-bench", ["npm", "ci", "--prefix", str(BENCH), "--ignore-scripts", "--no-audit", "--no-fund"])
    stamp.write_text(inputs)


def node_version() -> str | None:
    """Return what ``node --version`` prints, None without Node or npm."""
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def check_node(version: str | None) -> None:
    """Stop without Node, or at one that is too old."""
    if version is None:
        raise CannotGoOnError(
            f"This needs Node {OLDEST_NODE} or newer with npm, and finds none. "
            "Install it (https://nodejs.org), then run this again."
        )
    number = re.match(r"v(\d+)", version)
    if not number or int(number.group(1)) < OLDEST_NODE:
        raise CannotGoOnError(
            f"This needs Node {OLDEST_NODE} or newer; node here is {version.lstrip('v') or 'broken'}. "
            "Install a newer one (https://nodejs.org), then run this again."
        )


def build_front_end() -> None:
    """Build the style sheet, script and pictures."""
    stamp = MODULES / ".build-stamp"
    manifest = DIST / "manifest.json"
    static = ROOT / "app" / "static"
    sources = [
        path
        for folder in ("scss", "js", "images")
        for path in sorted((static / folder).rglob("*"))
        if path.is_file()
    ]
    tools = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / "tools" / "build_assets.mjs"]
    inputs = fingerprint([*tools, *sources])
    # The result belongs to the stamp: another build may have replaced it since.
    if manifest.exists() and is_current(stamp, inputs + fingerprint([manifest])):
        return
    check_node(node_version())
    print("Building the style sheet, script and pictures ...", flush=True)
    step("npm-build", ["npm", "run", "build"])
    stamp.write_text(inputs + fingerprint([manifest]))


def translations() -> list[Path]:
    """Return the file of each language's translations."""
    return sorted((ROOT / "app" / "languages").glob("*/LC_MESSAGES/messages.po"))


def compile_translations() -> None:
    """Compile the translations for the site."""
    stamp = VENV / ".languages-stamp"
    inputs = fingerprint([ROOT / "tools" / "languages.py", *translations()])
    if is_current(stamp, inputs) and all(path.with_suffix(".mo").exists() for path in translations()):
        return
    print("Compiling the translations ...", flush=True)
    step("languages", [str(VENV / "bin" / "python"), "-m", "tools.languages", "compile"])
    stamp.write_text(inputs)


def compile_templates() -> None:
    """Compile the templates for the site; the program's own code has a part in what comes out."""
    stamp = VENV / ".templates-stamp"
    sources = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "app").rglob("*.py")]
    inputs = fingerprint([ROOT / "requirements.txt", ROOT / "tools" / "templates.py", *sorted(sources)])
    if is_current(stamp, inputs) and COMPILED.exists():
        return
    print("Compiling the templates ...", flush=True)
    step("templates", [str(VENV / "bin" / "python"), "-m", "tools.templates"])
    stamp.write_text(inputs)


def fingerprint(files: list[Path], *others: str) -> str:
    """Return a hash of the files' names and contents, this kind of machine, and ``others``."""
    result = hashlib.sha256(repr((sys.platform, platform.machine(), others)).encode())
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        result.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return result.hexdigest()


def is_current(stamp: Path, inputs: str) -> bool:
    """Return whether a step ended well with these inputs."""
    try:
        return stamp.read_text() == inputs
    except OSError:
        return False


def step(name: str, command: list[str]) -> None:
    """Run a long command into a log; if it fails, show the end of the log."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    with log.open("wb") as output:
        ended = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    if ended.returncode:
        last = log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        raise CannotGoOnError(
            "\n".join([*last, "", f"`{' '.join(command[:4])} ...` failed. All it said: {log}"])
        )


def die_with_parent() -> None:
    """Let the system end this process when its parent is gone, even by ``kill -9`` (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def run() -> None:
    """Become the runner, so that what is sent to this process reaches it."""
    if "MAKELEVEL" in os.environ:
        die_with_parent()
    python = str(VENV / "bin" / "python")
    os.chdir(ROOT)
    os.execv(python, [python, "-m", "tools.run"])  # noqa: S606 -- no shell is wanted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
