"""A coordinator's day in a browser: from the mail that arrives to an inquiry that is closed and reopened."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.people import code_of
from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.layout import no_sideways_scroll
from tests.support import cast
from tests.support.aside import aside
from tests.support.databases import Engine
from tests.support.live import LiveSite, live_site
from tests.support.making import make_inquiry
from tests.support.staff import add_staff

NAME, ADDRESS = cast.STAFF["coordinator"]
COLLEAGUE, COLLEAGUE_ADDRESS = cast.STAFF["second_coordinator"]
REPLY = "Thank you for your inquiry. Send us the report of your last MRI, if you have one."


@pytest.fixture
def strict_site(engine: Engine, tmp_path: Path, browser: Browser) -> Iterator[LiveSite]:
    """A site on each engine in turn that asks for a second factor."""
    with live_site(engine, tmp_path, REQUIRE_SECOND_FACTOR="1") as running:
        yield running


def seen(page: Page, heading: str) -> None:
    """Look at a page: its heading, its accessibility, and that it does not scroll sideways."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_accessible(page)
    no_sideways_scroll(page)


def sign_in(page: Page, address: str) -> None:
    """Write address and password on the page that a link led to."""
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up_app(page: Page) -> str:
    """Set an authenticator app up, as the first sign-in asks for, and return its key."""
    page.get_by_role("button", name="Show the code to scan").click()
    key = page.locator(".key").inner_text().replace("-", "").replace(" ", "")
    page.get_by_label("Code from your app").fill(code_of(key))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("recovery codes", ignore_case=True)
    return key


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_coordinators_day(strict_site: LiveSite, open_page: OpenPage) -> None:
    for role in ("coordinator", "second_coordinator"):
        aside(add_staff, strict_site.app, role)
    reference = aside(make_inquiry, strict_site.app)
    link = strict_site.address_in_mail(count=3)
    assert link.endswith(f"/desk/inquiries/{reference}")

    page = open_page(strict_site)
    page.goto(link)
    sign_in(page, ADDRESS)
    set_up_app(page)
    page.goto(link)
    seen(page, reference)
    press(page, "Take it")
    expect(page.locator(".facts")).to_contain_text(NAME)
    answer_by_mail(strict_site, page, reference)
    hear_from_the_person(page)
    hand_over(strict_site, page, reference)
    bring_to_an_end(page, reference)


def answer_by_mail(site: LiveSite, page: Page, reference: str) -> None:
    """Answer from a template, change its words, and leave it to the person to go on."""
    page.get_by_role("link", name="Answer by mail").click()
    assert_accessible(page)
    page.locator("textarea[name=text]").fill(REPLY)
    page.locator("[name=then_wait]").check()
    press(page, "Check and send")
    expect(page.get_by_role("heading", level=1)).to_have_text(reference)
    status_is(page, "Waiting for patient")
    answer = next(mail for mail in site.mails.wait_for(4, seconds=10) if REPLY in mail.text)
    assert answer.recipients == (cast.PATIENT_EMAIL,)
    assert cast.PATIENT_NAME not in str(answer.message["Subject"])


def hear_from_the_person(page: Page) -> None:
    """Log that the person called."""
    page.get_by_role("link", name="Log a call or message").click()
    assert_accessible(page)
    page.get_by_label("Phone", exact=True).check()
    page.get_by_label("The person contacted us").check()
    press(page, "Save it")
    status_is(page, "In contact")


def hand_over(site: LiveSite, page: Page, reference: str) -> None:
    """Hand the inquiry over to a colleague, who is mailed."""
    page.locator("summary", has_text="Hand over").click()
    page.get_by_label("Hand over to").fill(COLLEAGUE)
    page.get_by_label("Reason (optional)").fill("She speaks Spanish.")
    press(page, "Hand over")
    expect(page.locator(".facts")).to_contain_text(COLLEAGUE)
    told = site.mails.wait_for(5, seconds=10)[-1]
    assert told.recipients == (COLLEAGUE_ADDRESS,)
    assert reference in told.text


def bring_to_an_end(page: Page, reference: str) -> None:
    """Send the inquiry to the doctors, decline it, close it and open it again."""
    press(page, "Send to medical review")
    status_is(page, "Medical review")
    page.get_by_role("link", name="Decline…").click()
    seen(page, f"Decline {reference}")
    page.get_by_label("The doctors found the treatment not suitable").check()
    press(page, "Decline the inquiry")
    status_is(page, "Declined")
    page.get_by_role("link", name="Close…").click()
    press(page, "Close the inquiry")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose a reason.")
    page.get_by_label("The question was answered").check()
    press(page, "Close the inquiry")
    status_is(page, "Closed")
    press(page, "Reopen")
    status_is(page, "In contact")
    seen(page, reference)


def status_is(page: Page, status: str) -> None:
    expect(page.locator(".inquiry__head .tag").first).to_have_text(status)


def test_two_browsers_at_once_on_one_inquiry_lose_nothing(strict_site: LiveSite, open_page: OpenPage) -> None:
    site = strict_site
    reference = aside(make_inquiry, site.app)
    pages = []
    for role in ("coordinator", "second_coordinator"):
        aside(add_staff, site.app, role)
        page = open_page(site)
        page.goto(f"/desk/inquiries/{reference}")
        sign_in(page, cast.STAFF[role][1])
        set_up_app(page)
        page.goto(f"/desk/inquiries/{reference}")
        pages.append(page)
    first, second = pages

    second.locator("textarea[name=text]").fill(cast.NOTE)
    press(first, "Take it")
    expect(first.locator(".facts")).to_contain_text(NAME)
    press(second, "Add the note")

    expect(second.locator(".notice").first).to_contain_text("Someone changed this inquiry")
    expect(second.locator(".notice").first).to_contain_text(f"Took it · {NAME}")
    expect(second.locator("textarea[name=text]")).to_have_value(cast.NOTE)
    assert_accessible(second)
    no_sideways_scroll(second)
    press(second, "Add the note")
    expect(second.locator(".timeline__body").first).to_have_text(cast.NOTE)

    # Two hand-overs at once: the later one sees who was faster, and keeps what was written.
    for page in pages:
        page.goto(f"/desk/inquiries/{reference}")
        page.locator("summary", has_text="Hand over").click()
    first.get_by_label("Hand over to").fill(COLLEAGUE)
    second.get_by_label("Hand over to").fill(NAME)
    second.get_by_label("Reason (optional)").fill("You know this person.")
    press(first, "Hand over")
    expect(first.locator(".facts")).to_contain_text(COLLEAGUE)
    press(second, "Hand over")

    expect(second.locator(".both")).to_contain_text(COLLEAGUE)
    expect(second.locator(".both")).to_contain_text(NAME)
    expect(second.get_by_label("Reason (optional)")).to_have_value("You know this person.")
    press(second, "Hand over")
    expect(second.locator(".facts")).to_contain_text(NAME)
