"""The queue in a browser: at every width, in both schemes, and by single keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.layout import no_sideways_scroll, small_targets
from tests.support import cast
from tests.support.aside import aside
from tests.support.live import LiveSite
from tests.support.making import make_inquiries, make_inquiry
from tests.support.staff import add_staff

WIDTHS = (320, 360, 768, 1024, 1280, 1920)
PAUSE_MS = 31_000


def sign_in(page: Page) -> None:
    page.goto("/desk/sign-in")
    page.fill("[name=email]", cast.STAFF["coordinator"][1])
    page.fill("[name=password]", cast.PASSWORD)
    page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text("Waiting longest for an answer")


@pytest.fixture
def queue(site: LiveSite, open_page: OpenPage) -> Page:
    aside(add_staff, site.app, "coordinator")
    aside(make_inquiries, site.app, 2)
    aside(make_inquiry, site.app, patient_name="مثال اثنان", message="I want to die. I have a fever.")
    aside(make_inquiry, site.app, patient_name="x" * 120, injury_level="T4", completeness="complete")
    page = open_page(site)
    sign_in(page)
    return page


def test_the_queue_fits_every_width_and_is_accessible(queue: Page) -> None:
    for width in WIDTHS:
        queue.set_viewport_size({"width": width, "height": 900})
        queue.goto("/desk?view=all&country=ES&injury=thoracic")
        no_sideways_scroll(queue)
        queue.locator(".queue-filters__summary").click()
        no_sideways_scroll(queue)
        assert small_targets(queue, 44) == []
        if width in {320, 1280}:
            assert_accessible(queue)
    queue.fill("[name=sought]", "exam")
    queue.get_by_role("button", name="Find", exact=True).click()
    expect(queue.locator("h1")).to_have_text("Search result")
    assert "exam" not in queue.url
    assert_accessible(queue)


def test_single_keys_go_through_the_list(queue: Page) -> None:
    rows = queue.locator("[data-shortcut-row]")
    queue.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    queue.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    queue.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()

    queue.keyboard.press("?")
    expect(queue.locator("dialog")).to_be_visible()
    assert_accessible(queue)
    queue.keyboard.press("j")
    queue.keyboard.press("Escape")
    expect(queue.locator("dialog")).to_be_hidden()

    queue.keyboard.press("/")
    field = queue.locator("[name=sought]")
    expect(field).to_be_focused()
    queue.keyboard.type("jk?/")
    expect(field).to_have_value("jk?/")

    rows.nth(0).focus()
    reference = rows.nth(0).inner_text()
    queue.keyboard.press("Enter")
    expect(queue.locator("h1")).to_have_text(reference)


def test_keys_do_nothing_once_they_are_switched_off(site: LiveSite, queue: Page) -> None:
    queue.goto("/desk/account")
    queue.locator("[name=uses_shortcuts]").uncheck()
    queue.get_by_role("button", name="Save the choice of keys").click()
    queue.goto("/desk")

    queue.keyboard.press("j")
    queue.keyboard.press("?")

    expect(queue.locator("body")).to_be_focused()
    expect(queue.locator("dialog")).to_have_count(0)


def test_arrivals_announce_themselves_and_move_nothing(site: LiveSite, queue: Page) -> None:
    queue.clock.install()
    queue.goto("/desk?view=new")
    table = queue.locator("table.queue")
    before = table.bounding_box()
    asked: list[dict[str, str]] = []
    queue.on("request", lambda request: asked.append(request.headers))
    aside(make_inquiry, site.app, patient_name="Example Newest")

    queue.clock.fast_forward(PAUSE_MS)

    said = queue.locator(".queue-arrivals")
    expect(said).to_have_text("1 new inquiry. Show them")
    assert table.bounding_box() == before
    assert [headers.get("x-background") for headers in asked] == ["1"]
    said.get_by_role("link").click()
    expect(queue.locator("[data-shortcut-row]").first).to_be_visible()
    expect(queue.locator("tbody tr").first).to_contain_text("Example Newest")
