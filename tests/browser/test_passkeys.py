"""A passkey in a real browser, after the password and alone; and pages that outlive their session."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from app.accounts.models import StaffSession
from app.core.database import db
from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.support import cast
from tests.support.aside import aside
from tests.support.databases import SQLite
from tests.support.live import LiveSite, live_site
from tests.support.staff import add_staff

SIGN_IN = "/desk/sign-in?next=/desk/account"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named_site(sqlite: SQLite, tmp_path: Path) -> Iterator[LiveSite]:
    """A site with a name: browsers keep no passkeys for a number."""
    with live_site(sqlite, tmp_path, host="localhost") as running:
        yield running


def with_phone(page: Page) -> None:
    """Let the browser have a phone that holds passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})


def without_phone(page: Page) -> None:
    """Let the browser have none that answers."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    silent = {**PHONE, "isUserVerified": False, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": silent})


def sign_in(page: Page) -> None:
    """Sign in with the password."""
    page.goto(SIGN_IN)
    page.fill("[name=email]", cast.STAFF["coordinator"][1])
    page.fill("[name=password]", cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    """Sign out by the menu of the desk."""
    page.goto("/desk/account")
    page.locator(".account__summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")


def test_a_passkey_is_added_and_signs_in_with_the_password_and_alone(
    named_site: LiveSite, open_page: OpenPage
) -> None:
    aside(add_staff, named_site.app, "coordinator")
    page = open_page(named_site)
    with_phone(page)
    sign_in(page)
    page.goto("/desk/account/passkeys")
    assert_accessible(page)
    page.fill("[name=name]", "My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    page.goto("/desk/account/passkeys")
    expect(page.locator(".passkeys__name")).to_have_text("My phone")
    assert_accessible(page)

    sign_out(page)
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Use your passkey")
    assert_accessible(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".account__summary")).to_be_visible()

    sign_out(page)
    page.goto(SIGN_IN)
    assert_accessible(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".account__summary")).to_be_visible()


def test_where_the_passkey_does_not_answer_the_page_says_what_to_do(
    named_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(named_site)
    without_phone(page)
    page.goto("/desk/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("status").last).to_contain_text("The passkey did not answer.")


def test_without_script_no_passkey_is_offered_and_the_password_works(
    named_site: LiveSite, open_page: OpenPage
) -> None:
    aside(add_staff, named_site.app, "coordinator")
    page = open_page(named_site, java_script_enabled=False)
    page.goto("/desk/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    sign_in(page)
    expect(page.locator(".account__summary")).to_be_visible()


def let_pass(site: LiveSite, time: timedelta) -> None:
    """Let every session be as if it was last used so much earlier."""

    def shift() -> None:
        with site.app.app_context():
            for row in db.session.scalars(sa.select(StaffSession)):
                row.seen_at -= time
            db.session.commit()

    aside(shift)


def look_again(page: Page) -> None:
    """Come back to the page, as from another tab."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_a_session_that_ends_soon_is_told_of_and_kept_by_typing(
    named_site: LiveSite, open_page: OpenPage
) -> None:
    aside(add_staff, named_site.app, "coordinator")
    page = open_page(named_site)
    page.clock.install()
    sign_in(page)
    page.goto("/desk/account")
    field = page.locator("main input[type=text], main input:not([type])").first
    warning = page.get_by_role("alert")
    let_pass(named_site, timedelta(minutes=13, seconds=30))
    page.clock.fast_forward("13:05")
    expect(warning).to_contain_text("You will be signed out soon")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_visible()
    assert_accessible(page)
    page.clock.fast_forward("00:02")
    field.press_sequentially("x")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()

    let_pass(named_site, timedelta(minutes=13, seconds=30))
    page.clock.fast_forward("13:05")
    expect(warning).to_contain_text("You will be signed out soon")
    page.clock.fast_forward("00:02")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()


def test_what_was_typed_outlives_the_session_and_is_sent_after_signing_in_beside(
    named_site: LiveSite, open_page: OpenPage
) -> None:
    aside(add_staff, named_site.app, "coordinator")
    page = open_page(named_site)
    page.clock.install()
    sign_in(page)
    page.goto("/desk/account")
    page.fill("main [name=name]", "Example Renamed")
    let_pass(named_site, timedelta(minutes=16))
    page.clock.fast_forward("13:05")
    expect(page.get_by_role("alert")).to_contain_text("Your session has ended.")
    expect(page.locator("main [name=name]")).to_have_value("Example Renamed")
    assert_accessible(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").click()
    sign_in(opened.value)
    expect(opened.value.locator(".account__summary")).to_be_visible()
    look_again(page)
    expect(page.get_by_role("alert")).to_contain_text("You are signed in again.")
    page.locator("form", has=page.locator("[name=name]")).get_by_role("button").first.click()
    expect(page.locator(".account__summary")).to_contain_text("Example Renamed")
