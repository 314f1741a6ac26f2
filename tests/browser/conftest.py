"""A real browser and a real site; every page it opens is watched for errors and strange requests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.watching import Watch
from tests.support.databases import SQLite
from tests.support.live import LiveSite, live_site
from tools.install_chromium import ADVICE, find_chromium

OpenPage = Callable[..., Page]


@pytest.fixture
def browser(sqlite: SQLite) -> Iterator[Browser]:
    """A browser for one test: while it is open, its thread can not do what other tests do."""
    path = find_chromium()
    if path is None:
        pytest.fail(ADVICE, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site(sqlite: SQLite, tmp_path: Path) -> Iterator[LiveSite]:
    """A site of this test's own, on which nothing happened yet."""
    with live_site(sqlite, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def shared_site(sqlite: SQLite, worker_folder: Path) -> Iterator[LiveSite]:
    """A site for tests that only look at pages."""
    folder = worker_folder / "site"
    folder.mkdir()
    with live_site(sqlite, folder) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a new private window; at the end nothing in it may have gone wrong."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(site: LiveSite, url: str | None = None, **options: object) -> Page:
        """Open a window on a site, by its own address or by another one that leads there."""
        context = browser.new_context(base_url=url or site.url, **options)  # type: ignore[arg-type]
        opened.append((context, Watch(context, url or site.url)))
        return context.new_page()

    yield open_one
    problems = [problem for _, watch in opened for problem in watch.problems]
    for context, _ in opened:
        context.close()
    assert problems == []
