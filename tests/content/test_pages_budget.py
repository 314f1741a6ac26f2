"""What a first visit costs, compressed, with as much on the start page as it can hold."""

import gzip
import json
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.support.engines import ON_SQLITE
from tests.support.publishing import add_study_file, publish_cases, publish_recent, publish_story

pytestmark = ON_SQLITE

DIST = Path(__file__).parents[2] / "app" / "static" / "dist"


def built(name: str, ending: str = "") -> int:
    """Return the bytes of a built file."""
    manifest = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return (DIST / f"{manifest[name]}{ending}").stat().st_size


def test_the_start_page_with_a_dozen_cases_is_small(app: Flask, client: FlaskClient) -> None:
    publish_cases(app, 13, pictured=True)
    add_study_file(app)
    publish_recent(app, story=publish_story(app))

    assert len(gzip.compress(client.get("/").data)) <= 20_000


def test_what_every_page_loads_is_small(client: FlaskClient) -> None:
    fonts = set(re.findall(r"atkinson[\w-]+\.woff2", client.get("/").text))

    assert built("site.css", ".br") <= 15_000
    assert built("site.js", ".br") <= 45_000
    assert len(fonts) == 2
    assert sum((DIST / font).stat().st_size for font in fonts) <= 60_000
