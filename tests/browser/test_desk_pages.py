"""The desk's pages in a browser, state by state: narrow and wide, in both schemes, by keys and on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.layout import no_sideways_scroll, small_targets, unfold
from tests.browser.test_answering_pages import let_mails_fail, load_templates, sign_in
from tests.support.aside import aside
from tests.support.databases import SQLite
from tests.support.live import LiveSite, live_site
from tests.support.making import make_inquiry
from tests.support.staff import add_staff

LEAST = 44
WIDTHS = (360, 1280)
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff" * 2
KEYS_TO_THE_FIRST_INQUIRY = 6
"""The skip link and Enter; then the search, its button, the filters, the inquiry."""


@pytest.fixture(scope="module")
def desk(sqlite: SQLite, worker_folder: Path) -> Iterator[tuple[LiveSite, str]]:
    """A site for tests that change nothing, and the reference of the one inquiry there."""
    folder = worker_folder / "desk"
    folder.mkdir()
    with live_site(sqlite, folder) as running:
        yield running, add_what_is_shown(running)


def add_what_is_shown(site: LiveSite) -> str:
    """Add staff, templates, and an inquiry with hints, a helper, and long names from right and left."""
    for role in ("coordinator", "second_coordinator", "admin"):
        aside(add_staff, site.app, role)
    aside(load_templates, site)
    return aside(
        make_inquiry,
        site.app,
        patient_name=LONG_NAME,
        birth_year=2012,
        filling_in="relative",
        helper_name="مثال طويل الاسم جدا",
        helper_relationship="sister",
        helper_authority="parent",
        patient_aware="no",
        injury_region="cervical",
        injury_level="C5",
        completeness="complete",
        message="I want to die. I have a fever.",
    )


def queue_states(page: Page, reference: str) -> Iterator[str]:
    """Bring the queue into each of its states."""
    page.goto("/desk?view=all")
    yield reference
    page.goto("/desk?view=all&country=PT&language=pt&injury=unknown")
    yield "No inquiry here fits the filters."
    page.goto("/desk?view=mine")
    yield "You have no open inquiries."
    page.fill("[name=sought]", "wolf")
    page.get_by_role("button", name="Find", exact=True).click()
    yield "Search result"
    page.fill("[name=sought]", " ")
    page.get_by_role("button", name="Find", exact=True).click()
    yield "Write what to look for."


def inquiry_states(page: Page, site: LiveSite, reference: str) -> Iterator[str]:
    """Bring an inquiry's page, and those that lead back to it, into each of their states."""
    address = f"/desk/inquiries/{reference}"
    aside(let_mails_fail, site)
    page.goto(address)
    yield "A mail was not delivered"
    page.get_by_role("button", name="Add the note").click()
    yield "Write the note first."
    other = page.context.new_page()
    other.goto(address)
    page.get_by_role("button", name="Take it").first.click()
    yield "The person waits to hear from us."
    other.fill("[name=text]", "A note that must not be lost.")
    other.get_by_role("button", name="Add the note").click()
    expect(other.locator("main")).to_contain_text("Someone changed this inquiry")
    expect(other.locator("[name=text]")).to_have_value("A note that must not be lost.")
    look(other)
    other.close()
    page.goto(f"{address}/reply")
    yield "Begin with a template"
    page.locator(".reply-templates__one").first.press("Enter")
    expect(page.locator("[name=text]")).to_be_focused()
    page.fill("[name=text]", "You will be cured. Your injury at C5 is complete.")
    page.get_by_role("button", name="Check and send").click()
    yield "It may promise what nobody can promise"
    page.goto(f"{address}/contacts")
    yield "Answer the helper about the treatment in general"
    page.goto(f"{address}/moves/closed")
    page.get_by_role("button", name="Close the inquiry").click()
    yield "Choose a reason."
    page.goto("/desk/account")
    yield "Where you are signed in"


def administrators_states(page: Page) -> Iterator[str]:
    """Bring the pages that keep the desk going into each of their states."""
    page.goto("/desk/users")
    yield "Who may do what"
    page.get_by_role("link", name="Example Second Coordinator").click()
    yield "What this person may do"
    page.goto("/desk/reply-templates")
    yield "Write a new template"
    page.goto("/desk/reply-templates/new")
    page.get_by_role("button", name="Save the template").click()
    yield "Write a name."
    page.goto("/desk/audit")
    yield "Audit record"


def look(page: Page) -> None:
    """Look at a page as it stands, for what anyone would stumble over, in each width and both schemes."""
    unfold(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        no_sideways_scroll(page)
        assert small_targets(page, LEAST) == []
        assert_accessible(page)


def look_at_all(page: Page, states: Iterator[str]) -> None:
    """Make sure of each state that it is the one that is meant, and look at it."""
    for words in states:
        expect(page.locator("main")).to_contain_text(words)
        look(page)


def pressed(page: Page, *keys: str) -> Locator:
    """Press keys and return what has the focus then."""
    for key in keys:
        page.keyboard.press(key)
    return page.locator(":focus")


def test_the_queue_can_be_used_in_every_state(desk: tuple[LiveSite, str], open_page: OpenPage) -> None:
    site, reference = desk
    page = open_page(site)
    sign_in(page, "coordinator")
    look_at_all(page, queue_states(page, reference))


def test_an_inquiry_can_be_worked_on_in_every_state(site: LiveSite, open_page: OpenPage) -> None:
    reference = add_what_is_shown(site)
    page = open_page(site)
    sign_in(page, "coordinator")
    look_at_all(page, inquiry_states(page, site, reference))


def test_the_desk_can_be_kept_going_in_every_state(desk: tuple[LiveSite, str], open_page: OpenPage) -> None:
    site, _reference = desk
    page = open_page(site)
    sign_in(page, "admin")
    look_at_all(page, administrators_states(page))


def test_a_row_that_is_pointed_at_keeps_its_contrast(desk: tuple[LiveSite, str], open_page: OpenPage) -> None:
    site, reference = desk
    page = open_page(site)
    sign_in(page, "coordinator")
    page.get_by_role("row").last.hover()
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    assert_accessible(page)


def test_few_keys_lead_to_the_inquiry_that_waits_longest_and_back(
    desk: tuple[LiveSite, str], open_page: OpenPage
) -> None:
    site, reference = desk
    page = open_page(site)
    sign_in(page, "coordinator")
    page.goto("/desk")

    focused = pressed(page, "Tab", "Enter", *["Tab"] * (KEYS_TO_THE_FIRST_INQUIRY - 2))

    expect(focused).to_have_text(reference)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(reference)
    page.keyboard.press("q")
    expect(page.locator("h1")).to_have_text("Waiting longest for an answer")


def test_a_phone_shows_the_list_of_views_on_demand_and_without_script(
    desk: tuple[LiveSite, str], open_page: OpenPage
) -> None:
    site, _reference = desk
    page = open_page(site, viewport={"width": 360, "height": 640}, java_script_enabled=False)
    sign_in(page, "coordinator")
    view = page.get_by_role("link", name="Closed 0")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(view).to_be_hidden()

    page.get_by_text("Waiting longest 1").locator("visible=true").click()
    view.click()

    expect(page.locator("h1")).to_have_text("Closed inquiries")


def test_an_inquiry_is_printed_whole_and_without_its_forms(
    desk: tuple[LiveSite, str], open_page: OpenPage
) -> None:
    site, reference = desk
    page = open_page(site, viewport={"width": 673, "height": 900})
    sign_in(page, "coordinator")
    page.goto(f"/desk/inquiries/{reference}")

    page.emulate_media(media="print")

    no_sideways_scroll(page)
    for words in (LONG_NAME, "I want to die.", "What they read and agreed to", "Sent the inquiry"):
        expect(page.get_by_text(words).first).to_be_visible()
    for part in page.locator("main :is(form, button, input, textarea, summary)").all():
        expect(part).to_be_hidden()
