"""axe-core over a page as it stands, in both colour schemes."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    },
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations", "incomplete"],
}


@cache
def script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return a line for each thing that axe finds wrong, light and dark."""
    # Not a script element: the site's security policy would refuse it.
    page.evaluate(script())
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        result: dict[str, Any] = page.evaluate(
            f"async () => JSON.parse(JSON.stringify(await axe.run(document, {json.dumps(OPTIONS)})))"
        )
        looked_at = {rule["id"] for rule in (*result["passes"], *result["incomplete"])}
        assert {"color-contrast-enhanced", "region", "target-size"} <= looked_at, looked_at
        found += [
            f"{page.url} {scheme}: {violation['id']} {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return found


def assert_accessible(page: Page) -> None:
    """Fail with every violation of this page."""
    found = violations(page)
    assert not found, "\n".join(found)
