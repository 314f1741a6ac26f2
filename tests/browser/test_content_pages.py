"""The pages of content as people see them: on a phone and a screen, light and dark, by keyboard, on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.keyboard import focused, press, tab_to
from tests.support.aside import aside
from tests.support.databases import SQLite
from tests.support.live import LiveSite, live_site
from tests.support.publishing import (
    add_study_file,
    captions,
    drawing,
    publish_cases,
    publish_recent,
    publish_story,
    sound,
    withdraw,
)

FILTERED_EMPTY = "/cases?region=sacral&completeness=complete"


@pytest.fixture(scope="module")
def filled_site(sqlite: SQLite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site with thirteen cases, a story and the study's file."""
    with live_site(sqlite, tmp_path_factory.mktemp("filled")) as running:
        aside(publish_cases, running.app, 13, pictured=True)
        aside(add_study_file, running.app)
        files = {"picture": drawing(), "recording": sound(), "captions": captions()}
        story = aside(publish_story, running.app, files=files, transcript="Said in the recording")
        aside(publish_recent, running.app, story=story)
        yield running


def first_address(page: Page, gallery: str) -> str:
    """Return the address of a gallery's first entry."""
    page.goto(gallery)
    address = page.locator(".tile__link").first.get_attribute("href")
    assert address
    return address


def assert_no_sideways_scroll(page: Page) -> None:
    wide, shown = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= shown, f"{page.url} is {wide} px wide in {shown} px"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_content_are_accessible(filled_site: LiveSite, open_page: OpenPage, width: int) -> None:
    page = open_page(filled_site, viewport={"width": width, "height": 800})
    addresses = ["/", "/cases", FILTERED_EMPTY, "/stories", "/studies/asia-2008", "/none"]
    addresses += [first_address(page, "/cases"), first_address(page, "/stories")]
    for address in addresses:
        page.goto(address)
        for folded in page.locator("details:visible summary").all():
            folded.click()
        assert_accessible(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_without_content_are_accessible(
    shared_site: LiveSite, open_page: OpenPage, width: int
) -> None:
    page = open_page(shared_site, viewport={"width": width, "height": 800})
    for address in ("/cases", "/stories", "/studies/asia-2008"):
        page.goto(address)
        assert_accessible(page)


def test_no_page_scrolls_sideways_on_the_smallest_screen(filled_site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(filled_site, viewport={"width": 320, "height": 640})
    addresses = ["/", "/cases", FILTERED_EMPTY, "/stories", "/studies/asia-2008", "/none"]
    for address in [*addresses, first_address(page, "/cases"), first_address(page, "/stories")]:
        page.goto(address)
        assert_no_sideways_scroll(page)


@pytest.mark.parametrize("window", [(360, 640), (1280, 800)])
def test_gains_and_caveat_are_seen_at_once_in_the_same_type(
    shared_site: LiveSite, open_page: OpenPage, window: tuple[int, int]
) -> None:
    width, height = window
    page = open_page(shared_site, viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.goto("/")
    page.locator("#change").evaluate("section => section.scrollIntoView()")

    halves = page.locator(".equals__half")
    assert halves.count() == 2
    boxes = [half.bounding_box() for half in halves.all()]
    for box in boxes:
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height, f"{box['y'] + box['height'] - height} px below the fold"
    sizes = halves.evaluate_all(
        """halves => halves.map(half => [...half.querySelectorAll("li, p")].map(
          text => getComputedStyle(text).fontSize + getComputedStyle(text).fontWeight))"""
    )
    assert len({size for half in sizes for size in half}) == 1


def test_the_contents_list_does_not_push_the_text_away_on_a_phone(
    shared_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(shared_site, viewport={"width": 360, "height": 640})
    page.goto("/")

    top = page.locator("#treated").bounding_box()
    assert top is not None
    assert top["y"] < 2 * 640
    press(page, page.locator(".contents--narrow summary"))
    links = page.locator(".contents--narrow a")
    assert links.count() == 12
    for link in links.all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_a_case_is_opened_by_pressing_anywhere_on_its_tile_and_by_keyboard(
    filled_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(filled_site, viewport={"width": 1280, "height": 800})
    page.goto("/cases")
    page.locator(".tile img").nth(1).click(force=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Example case 2")

    page.goto("/cases")
    tab_to(page, page.get_by_role("link", name="Example case 3"))
    expect(focused(page)).to_have_text("Example case 3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Example case 3")


def test_filters_work_without_script_and_the_address_brings_them_back(
    filled_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(filled_site, java_script_enabled=False)
    page.goto("/cases")
    page.get_by_role("link", name="Neck (C1 to C8)").click()
    page.get_by_role("link", name="Incomplete", exact=True).click()
    shown = page.locator(".tile__title").all_inner_texts()

    again = open_page(filled_site, java_script_enabled=False)
    again.goto(page.url.removeprefix(filled_site.url))

    assert shown == again.locator(".tile__title").all_inner_texts() == ["Example case 5", "Example case 11"]


def test_everything_that_is_pressed_on_a_gallery_is_large_enough(
    filled_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(filled_site, viewport={"width": 360, "height": 640})
    page.goto("/cases")

    for link in page.locator(".filters__answer, .site-nav__link, main .stand-alone-link").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44, link.inner_text()


def test_only_the_picture_that_fits_is_fetched(filled_site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(filled_site, viewport={"width": 360, "height": 640})
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/cases", wait_until="networkidle")

    pictures = [address for address in fetched if "picture-" in address]
    assert pictures
    assert {Path(address).name for address in pictures} <= {"picture-320.avif", "picture-640.avif"}


@pytest.mark.parametrize("gallery", ["/cases", "/stories"])
def test_a_page_of_one_person_prints_on_paper_without_what_is_pressed(
    filled_site: LiveSite, open_page: OpenPage, gallery: str
) -> None:
    page = open_page(filled_site, viewport={"width": 794, "height": 1123})
    page.goto(first_address(page, gallery))
    page.emulate_media(media="print")

    for gone in (".site-nav", ".back", ".filters", ".recording"):
        for element in page.locator(gone).all():
            expect(element).to_be_hidden()
    expect(page.locator(".one-person").first).to_be_visible()
    assert_no_sideways_scroll(page)


def test_who_comes_too_late_is_told_and_led_on(site: LiveSite, open_page: OpenPage) -> None:
    (slug,) = aside(publish_cases, site.app, 1)
    page = open_page(site)
    page.goto(f"/cases/{slug}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Example case 1")

    aside(withdraw, site.app, "case", slug)
    page.reload()

    expect(page.locator("main")).to_contain_text("may have been taken down by the person it tells of")
    page.locator("main").get_by_role("link", name="Case studies").click()
    expect(page.locator("main")).to_contain_text("Awaiting the first case")
