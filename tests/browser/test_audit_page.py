"""The page of the audit record in a browser: narrow and wide, light and dark, empty and with errors."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from app.audit.log import SYSTEM, record
from app.core.database import db
from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.layout import covered, small_targets
from tests.support import cast
from tests.support.aside import aside
from tests.support.live import LiveSite
from tests.support.making import make_inquiries
from tests.support.staff import add_staff

WIDTHS = (320, 360, 768, 1280, 1920)
REFERENCES = [f"SCI-2345-67{number:02}" for number in range(50)]


def states(page: Page) -> Iterator[None]:
    """Bring the page into each of its states."""
    page.goto("/desk/audit")
    expect(page.locator("h1")).to_have_text("Audit record")
    page.locator(".audit__list summary").first.click()
    yield
    page.goto("/desk/audit?until=2001-01-01")
    expect(page.locator("main")).to_contain_text("Nothing was done that this asks for.")
    yield
    page.goto("/desk/audit?since=2026-03-02&until=2026-03-01&reference=x")
    expect(page.locator("main")).to_contain_text("There is a problem")
    yield


def sign_in(page: Page, role: str) -> None:
    """Sign in through the page for it."""
    page.goto("/desk/sign-in")
    page.fill("[name=email]", cast.STAFF[role][1])
    page.fill("[name=password]", cast.PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def add_entries(site: LiveSite) -> None:
    """Add entries of each shape that a row can have, more than one page of them."""
    (reference,) = make_inquiries(site.app, 1)
    with site.app.app_context():
        for number in range(60):
            record(SYSTEM, "content.saved", "content", None, number=number)
        record(SYSTEM, "access.refused", "view", None, endpoint="desk.show_inquiry", method="GET")
        record(SYSTEM, "inquiry.moved", "inquiry", None, source="new", target="in_contact")
        record(SYSTEM, "inquiries.listed", "inquiry", None, references=[reference, *REFERENCES])
        db.session.commit()


def test_the_audit_record_can_be_used_at_every_width(site: LiveSite, open_page: OpenPage) -> None:
    aside(add_staff, site.app, "admin")
    aside(add_entries, site)
    page = open_page(site)
    sign_in(page, "admin")

    for _ in states(page):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert small_targets(page, 44) == []
            assert covered(page) == []
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert_accessible(page)
