"""The pages that keep staff, and one's own account, in a browser: narrow and wide, and from right to left."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.layout import no_sideways_scroll, small_targets, unfold
from tests.browser.test_accessibility import sign_in
from tests.support.aside import aside
from tests.support.live import LiveSite
from tests.support.staff import add_staff

LEAST = 44


def see(page: Page, words: str) -> None:
    """Look at a page as it stands, for what anyone would stumble over."""
    expect(page.locator("main")).to_contain_text(words)
    no_sideways_scroll(page)
    assert small_targets(page, LEAST) == []
    assert_accessible(page)


def administrator(site: LiveSite, open_page: OpenPage, **window: object) -> Page:
    aside(add_staff, site.app, "admin")
    aside(add_staff, site.app, "coordinator")
    page = open_page(site, **window)
    sign_in(page, "admin")
    return page


@pytest.mark.parametrize("width", [320, 1280])
def test_an_administrator_invites_someone_and_changes_anothers_roles(
    site: LiveSite, open_page: OpenPage, width: int
) -> None:
    page = administrator(site, open_page, viewport={"width": width, "height": 800})
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff")
    page.get_by_role("button", name="Send the invitation").click()
    see(page, "Choose at least one role.")
    page.get_by_label("E-mail", exact=True).fill("new.colleague.with.a.long.name@clinic.example")
    page.get_by_label("Doctor").check()
    page.get_by_role("button", name="Send the invitation").click()
    see(page, "The mail is on its way.")

    page.get_by_role("link", name="Example Coordinator").click()
    page.get_by_label("Editor").check()
    page.get_by_role("button", name="Save the roles").click()
    see(page, "are saved.")
    expect(page.get_by_label("Editor")).to_be_checked()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_own_account_and_its_menu_fit_a_narrow_window(
    site: LiveSite, open_page: OpenPage, language: str
) -> None:
    page = administrator(site, open_page, viewport={"width": 320, "height": 800})
    page.goto(f"/desk/account?lang={language}")
    unfold(page)
    see(page, "admin@staff.example.com")
    page.locator(".account__menu a[href='/desk/account']").click()
    see(page, "admin@staff.example.com")
