"""From reading the page to the coordinator's note, without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.keyboard import choose, press, tab_to, tick, write
from tests.browser.layout import no_sideways_scroll
from tests.support import cast
from tests.support.environment import COORDINATORS
from tests.support.live import LiveSite

NARROW = {"width": 320, "height": 640}
PASSWORD = cast.PASSWORD


@pytest.mark.parametrize(
    "window",
    [{}, {"java_script_enabled": False}, {"viewport": NARROW}],
    ids=["as usual", "without script", "320 px wide"],
)
def test_an_inquiry_is_sent_and_answered_by_keyboard_alone(
    site: LiveSite, open_page: OpenPage, window: dict[str, object]
) -> None:
    visitor = open_page(site, **window)
    reference = send_inquiry(visitor)

    # Both coordinators and the person are written to within five seconds.
    mails = site.mails.wait_for(len(COORDINATORS) + 1, seconds=5)
    assert len(site.maildir) == len(mails)
    assert all(reference in mail.text for mail in mails)
    address = site.address_in_mail()
    assert address.endswith(f"/desk/inquiries/{reference}")

    coordinator = open_page(site, **window)
    make_first_account(coordinator, site.first_administrator_link())
    work_on_inquiry(coordinator, reference)


def send_inquiry(page: Page) -> str:
    """Read the start page, fill in the form and send it; return the reference that is shown."""
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("spinal cord injury")
    no_sideways_scroll(page)
    press(page, page.locator("a[href='/#inquiry']").first)
    expect(page.locator("#inquiry-heading")).to_be_in_viewport()
    if not page.locator("#inquiry-form").is_visible():
        # On a narrow screen the questions are offered in steps, or all on a page of their own.
        press(page, page.get_by_role("link", name="All questions on one page"))
        expect(page).to_have_url(re.compile("/inquiries#inquiry$"))

    choose(page, "filling_in", "relative")
    write(page, "helper_name", cast.HELPER_NAME)
    write(page, "patient_name", cast.PATIENT_NAME)
    write(page, "birth_year", "1985")
    write(page, "country", "Spain")
    write(page, "email", cast.PATIENT_EMAIL)
    choose(page, "injury_region", "thoracic")
    write(page, "injury_level", "T10")
    choose(page, "completeness", "unknown")
    tick(page, "hopes", "bladder")
    write(page, "message", cast.MESSAGE)
    tick(page, "consent_processing", "y")
    tick(page, "understands_limits", "y")
    no_sideways_scroll(page)
    press(page, page.get_by_role("button", name="Send my inquiry"))

    expect(page).to_have_title("Your inquiry is sent – Example Treatment Inquiries")
    no_sideways_scroll(page)
    return page.locator(".reference").inner_text()


def make_first_account(page: Page, link: str) -> None:
    """Open the administrator's link and make the account."""
    page.goto(link)
    no_sideways_scroll(page)
    write(page, "name", "Example Administrator")
    write(page, "email", "first@staff.example.com")
    write(page, "password", PASSWORD)
    press(page, page.locator("form[action*='/welcome/'] button"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting longest for an answer")


def work_on_inquiry(page: Page, reference: str) -> None:
    """Read the inquiry, mark it as in contact and write a note."""
    no_sideways_scroll(page)
    press(page, page.get_by_role("link", name=reference))
    expect(page.get_by_role("heading", level=1)).to_have_text(reference)
    expect(page.get_by_text(cast.MESSAGE)).to_be_visible()
    no_sideways_scroll(page)
    press(page, page.get_by_role("button", name="Mark as in contact"))
    expect(page.locator(".tag").first).to_have_text("In contact")

    tab_to(page, page.locator("textarea[name=text]"))
    page.keyboard.type(cast.NOTE)
    press(page, page.get_by_role("button", name="Add the note"))
    expect(page.locator(".timeline__body")).to_have_text(cast.NOTE)
    no_sideways_scroll(page)


def test_a_mail_worker_that_is_killed_sends_once_when_it_runs_again(
    site: LiveSite, open_page: OpenPage
) -> None:
    site.kill_worker()
    send_inquiry(open_page(site))
    assert site.mails.received == []

    site.worker = site.start_worker()

    mails = site.mails.wait_for(3, seconds=10)
    assert sorted(mail.recipients[0] for mail in mails) == sorted([*COORDINATORS, cast.PATIENT_EMAIL])
    site.kill_worker()
    site.worker = site.start_worker()
    send_inquiry(open_page(site))
    assert len(site.mails.wait_for(6, seconds=10)) == 6
    assert len({mail.message["Message-ID"] for mail in site.mails.received}) == 6
