"""A first visit of the home page, as a browser sees it.

Lighthouse opens the page in Chromium, as a phone on a slow line would, and rates it. What the browser loaded
meanwhile is asked for once more, compressed as browsers ask for it, and its bytes are counted by their kind.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.figures import Figure, at_least, at_most
from bench.sites import Server, ask, served, site
from tools.bootstrap import BENCH, ROOT
from tools.install_chromium import ADVICE, find_chromium
from tools.run import HOST, free_port

BUDGET = {
    "Document": ("HTML", 20),
    "Stylesheet": ("style", 15),
    "Script": ("script", 45),
    "Font": ("fonts", 60),
}
"""For each kind of what a browser loads, its name here and the kB (of 1000 bytes) that it may take."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LOOKS = 3
"""Their median counts; how long a page takes to be there depends on what else the machine does."""
LOOK_SECONDS = 120
COMPRESSED = {"Accept-Encoding": "gzip, deflate, br, zstd"}
CHROMIUM_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
Report = dict[str, Any]


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Look at the page so often, then count what was loaded."""
    port = free_port()
    # The page names its own address, and Lighthouse looks whether that is the one it opened.
    address = f"http://{HOST}:{port}"
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as folder,
        site(Path(folder), PORTAL_ENV="development", PUBLIC_URL=address) as place,
        served("wsgi:app", place.environ, port, threads=16) as server,
    ):
        reports = []
        for number in range(LOOKS):
            tell(f"Lighthouse looks at the page: {number + 1} of {LOOKS}")
            reports.append(look(server))
        tell("counting bytes")
        yield from loaded(server, reports[-1])
    for category in CATEGORIES:
        scores = [report["categories"][category]["score"] * 100 for report in reports]
        yield at_least(f"visit: Lighthouse {category}", 100, "of 100", scores, lost(reports, category))


def look(server: Server) -> Report:
    """Return Lighthouse's report."""
    chromium = find_chromium()
    if chromium is None:
        raise FileNotFoundError(ADVICE)
    command = ["node", str(BENCH / "node_modules" / "lighthouse" / "cli" / "index.js"), f"{server.address}/"]
    command += ["--output=json", "--quiet", "--no-enable-error-reporting", f"--chrome-flags={CHROMIUM_FLAGS}"]
    told = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        timeout=LOOK_SECONDS,
        check=True,
    )
    report: Report = json.loads(told.stdout)
    return report


def loaded(server: Server, report: Report) -> Iterator[Figure]:
    """Yield how many kB of each kind the browser loaded, and how much came from elsewhere."""
    requests = report["audits"]["network-requests"]["details"]["items"]
    here = urlsplit(server.address).netloc
    elsewhere = {urlsplit(request["url"]).netloc for request in requests} - {here, ""}
    connection = server.connect()
    for kind, (name, limit) in BUDGET.items():
        paths = [urlsplit(request["url"]).path for request in requests if request["resourceType"] == kind]
        kilobytes = sum(compressed_bytes(connection, path) for path in paths) / 1000
        told = ", ".join(sorted(set(paths)))
        yield at_most(f"visit: {name}", limit, "kB compressed", [kilobytes], told)
    connection.close()
    told = ", ".join(sorted(elsewhere))
    yield at_most("visit: other origins", 0, "asked for anything", [len(elsewhere)], told)


def compressed_bytes(connection: HTTPConnection, path: str) -> int:
    """Return how many bytes the body of an answer has on the line."""
    return len(ask(connection, path, COMPRESSED).body)


def lost(reports: list[Report], category: str) -> str:
    """Return which audits took anything off a category's full score, with the worst that each was given."""
    worst: dict[str, float] = {}
    for report in reports:
        weighty = (ref["id"] for ref in report["categories"][category]["auditRefs"] if ref["weight"])
        for audit in weighty:
            score = report["audits"][audit]["score"]
            if score is not None and score < 1:
                worst[audit] = min(worst.get(audit, 1), score)
    return ", ".join(f"{audit} {score * 100:.0f} of 100" for audit, score in worst.items())
