"""Finds the Chromium that browser tests drive, and installs Debian's where that is allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
WHERE_DEBIAN_PUTS_IT = Path("/usr/bin/chromium")
ADVICE = (
    "The browser tests need Chromium. On Debian and Ubuntu: apt install chromium. "
    "Elsewhere: install it and name it, as in CHROMIUM=/path/to/chromium make test"
)


def find_chromium() -> str | None:
    """Return the browser's path: the one named by ``CHROMIUM``, or the first that is installed."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and WHERE_DEBIAN_PUTS_IT.exists():
        return str(WHERE_DEBIAN_PUTS_IT)
    return found


def main() -> int:
    """Install Chromium if it is missing and root may; say what to do otherwise, and go on."""
    if find_chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests ...", flush=True)
        install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        for command in (["apt-get", "update"], install):
            subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    if find_chromium() is None:
        print(ADVICE, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
