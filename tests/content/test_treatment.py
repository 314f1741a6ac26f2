"""Each inquiry is stored with the version of the page it was sent beside: changed words are a new one."""

import hashlib
from pathlib import Path

from app.content import treatment

PAGE = Path(__file__).parents[2] / "templates" / "content" / "treatment.html"
DIGESTS = {"2026-11-23": "acfc14c2b1e217ed"}


def test_the_words_of_the_treatment_page_belong_to_its_version() -> None:
    digest = hashlib.sha256(PAGE.read_bytes()).hexdigest()[:16]
    assert digest == DIGESTS[treatment.VERSION], "the page changed: give it a new version"
