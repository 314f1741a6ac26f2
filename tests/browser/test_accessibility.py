"""Every page and every state of it, light and dark, against axe-core's rules."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.inquiries.queue_rows import PAGE_SIZE
from tests.accounts.people import code_of
from tests.browser.axe import assert_accessible, violations
from tests.browser.conftest import OpenPage
from tests.browser.states import all_states
from tests.support import cast
from tests.support.aside import aside
from tests.support.databases import SQLite
from tests.support.live import LiveSite, live_site
from tests.support.making import make_inquiries
from tests.support.staff import add_staff


def fill_form(page: Page, **changes: str) -> None:
    """Answer what has to be answered."""
    answers = {"patient_name": cast.PATIENT_NAME, "country": "Spain", "email": cast.PATIENT_EMAIL, **changes}
    page.goto("/inquiries")
    for name, text in answers.items():
        page.fill(f"[name={name}]", text)
    page.check("[name=filling_in][value=self]")
    page.check("[name=injury_region][value=unknown]")
    page.check("[name=consent_processing]")
    page.check("[name=understands_limits]")


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my inquiry").click()


def sign_in(page: Page, role: str) -> None:
    page.goto("/desk/sign-in")
    page.fill("[name=email]", cast.STAFF[role][1])
    page.fill("[name=password]", cast.PASSWORD)
    page.locator("main form button").click()


def see(page: Page, words: str) -> None:
    """Make sure that the state is the one that is meant, then check it."""
    expect(page.locator("main")).to_contain_text(words)
    assert_accessible(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_visitors_are_accessible_in_every_state(
    shared_site: LiveSite, open_page: OpenPage, width: int
) -> None:
    page = open_page(shared_site, viewport={"width": width, "height": 800})
    found = [f"{state}: {fault}" for state in all_states(page) for fault in violations(page)]
    page.goto("/nothing")
    see(page, "We could not find that page")

    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_visitors_are_accessible_in_arabic(
    shared_site: LiveSite, open_page: OpenPage, width: int
) -> None:
    page = open_page(shared_site, viewport={"width": width, "height": 800}, locale="ar-EG")
    for place in ("/", "/inquiries/steps/person"):
        page.goto(place)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert_accessible(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_what_staff_key_in_during_a_call_is_accessible(
    site: LiveSite, open_page: OpenPage, width: int
) -> None:
    aside(add_staff, site.app, "coordinator")
    (reference,) = aside(make_inquiries, site.app, 1)
    page = open_page(site, viewport={"width": width, "height": 800})
    sign_in(page, "coordinator")
    page.goto("/desk/inquiries/new")
    see(page, "Key in an inquiry")
    page.get_by_role("button", name="Save the answers").click()
    see(page, "There is a problem")
    page.goto(f"/desk/inquiries/{reference}/answers")
    see(page, f"Answers of {reference}")
    page.fill("[name=country]", "Nowhere")
    page.get_by_role("button", name="Save the answers").click()
    see(page, "We do not know this country.")


def test_the_pages_of_the_desk_are_accessible(site: LiveSite, open_page: OpenPage) -> None:
    aside(add_staff, site.app, "coordinator")
    page = open_page(site)
    page.goto("/desk/sign-in")
    see(page, "Sign in")
    page.locator("main form button").click()
    see(page, "There is a problem")

    sign_in(page, "coordinator")
    see(page, "Nobody waits for us now.")
    newest = aside(make_inquiries, site.app, 2 * PAGE_SIZE + 1, apart=timedelta(minutes=1))[0]
    page.get_by_role("button", name="Find").click()
    see(page, "Write what to look for.")
    page.goto("/desk")
    page.get_by_role("link", name="Next page").click()
    see(page, "Page before")
    page.set_viewport_size({"width": 360, "height": 800})
    assert_accessible(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.fill("[name=sought]", "nobody")
    page.get_by_role("button", name="Find").click()
    see(page, "Nothing was found.")

    page.goto(f"/desk/inquiries/{newest}")
    see(page, "What happened")
    page.get_by_role("button", name="Add the note").click()
    see(page, "Write the note first.")
    other = page.context.new_page()
    other.goto(f"/desk/inquiries/{newest}")
    page.get_by_role("button", name="Mark as in contact").click()
    see(page, "Moved it to")
    other.fill("[name=text]", cast.NOTE)
    other.get_by_role("button", name="Add the note").click()
    see(other, "Someone changed this inquiry")
    other.set_viewport_size({"width": 360, "height": 800})
    assert_accessible(other)
    page.goto("/desk/inquiries/SCI-2222-2222")
    see(page, "We could not find that page")


def test_a_page_that_is_not_for_a_role_is_accessible(shared_site: LiveSite, open_page: OpenPage) -> None:
    aside(add_staff, shared_site.app, "admin")
    page = open_page(shared_site)
    sign_in(page, "admin")
    page.goto("/desk/content")

    see(page, "This page is not for your account")


def test_the_pages_of_accounts_are_accessible(sqlite: SQLite, tmp_path: Path, open_page: OpenPage) -> None:
    with live_site(sqlite, tmp_path, REQUIRE_SECOND_FACTOR="1") as site:
        page = open_page(site)
        link = site.first_administrator_link()
        page.goto(link)
        see(page, "Password")
        page.locator("main form button").click()
        see(page, "There is a problem")
        page.fill("[name=name]", cast.STAFF["admin"][0])
        page.fill("[name=email]", cast.STAFF["admin"][1])
        page.fill("[name=password]", cast.PASSWORD)
        page.locator("main form button").click()

        expect(page).to_have_url(f"{site.url}/desk/second-factor/set-up")
        assert_accessible(page)
        page.locator("main form button").first.click()
        expect(page.locator(".key")).to_be_visible()
        assert_accessible(page)
        key = page.locator(".key").inner_text().replace("-", "").replace(" ", "").replace("\n", "")
        page.fill("[name=code]", "000000")
        page.locator("main form button").last.click()
        see(page, "There is a problem")
        page.fill("[name=code]", code_of(key))
        page.locator("main form button").last.click()
        expect(page).to_have_url(f"{site.url}/desk/recovery-codes")
        assert_accessible(page)
        page.locator("main form button").first.click()
        assert_accessible(page)

        page.goto("/desk/confirm-password")
        assert_accessible(page)
        page.goto(link)
        assert_accessible(page)
        page.goto(f"/desk/welcome/{'A' * 43}")
        assert_accessible(page)

        page.goto("/desk")
        page.locator(".account__summary").click()
        page.get_by_role("button", name="Sign out").click()
        see(page, "You are signed out.")
        sign_in(page, "admin")
        expect(page).to_have_url(re.compile(r"/desk/second-factor\?next=/desk$"))
        assert_accessible(page)
        page.goto("/desk/recovery-code")
        assert_accessible(page)
        page.goto("/desk/second-factor/help")
        assert_accessible(page)
