"""The pages that staff answer people from, in a browser: narrow and wide, with what is asked and told."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from app.core.database import db
from app.inquiries.models import Inquiry
from app.inquiries.replies import load_starter
from app.outbox.models import OutboxMail
from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.layout import covered, small_targets, unfold
from tests.support import cast
from tests.support.aside import aside
from tests.support.live import LiveSite
from tests.support.making import make_inquiry
from tests.support.staff import add_staff

WIDTHS = (320, 768, 1280)
PROMISE = "You will walk again, at T10. We guarantee it."


def sign_in(page: Page, role: str) -> None:
    """Sign in through the page for it."""
    page.goto("/desk/sign-in")
    page.fill("[name=email]", cast.STAFF[role][1])
    page.fill("[name=password]", cast.PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def load_templates(site: LiveSite) -> None:
    with site.app.app_context():
        load_starter()


def let_mails_fail(site: LiveSite) -> None:
    """Let every mail have failed, as if the server had refused it."""
    with site.app.app_context():
        for mail in db.session.query(OutboxMail):
            mail.state, mail.attempts, mail.answer = "failed", 3, "550 5.1.1 nobody of this name"
        inquiry = db.session.query(Inquiry).one()
        inquiry.answers = {**inquiry.answers, "email": "other@mail.example.com"}
        db.session.commit()


def coordinators_states(page: Page, site: LiveSite, reference: str) -> Iterator[str]:
    """Bring a coordinator's pages into each of their states."""
    address = f"/desk/inquiries/{reference}/reply"
    page.goto(address)
    yield "Begin with a template"
    page.fill("[name=text]", "I typed this.")
    page.get_by_role("button", name="First answer").first.click()
    yield "The template stands above what you wrote"
    page.fill("[name=text]", "Dear {name}")
    page.get_by_role("button", name="Check and send").click()
    yield "There is a problem"
    other = page.context.new_page()
    other.goto(address)
    page.fill("[name=text]", PROMISE)
    page.get_by_role("button", name="Check and send").click()
    yield "It may promise what nobody can promise"
    page.get_by_role("button", name="Send it as it is").click()
    yield "Answered by mail"
    other.fill("[name=text]", "Something else")
    other.get_by_role("button", name="Check and send").click()
    expect(other.locator("main")).to_contain_text("Someone changed this inquiry while you were writing")
    assert_accessible(other)
    other.close()
    aside(let_mails_fail, site)
    page.reload()
    yield "Not delivered"
    page.goto(f"/desk/inquiries/{reference}/contacts")
    yield "What came of it?"
    page.get_by_role("button", name="Save it").click()
    yield "There is a problem"


def administrators_states(page: Page) -> Iterator[str]:
    """Bring an administrator's pages into each of their states."""
    page.goto("/desk/reply-templates")
    yield "Write a new template"
    page.get_by_role("link", name="Write a new template").click()
    yield "What is put in by itself"
    page.get_by_role("button", name="Save the template").click()
    yield "There is a problem"
    page.goto("/desk/reply-templates")
    page.get_by_role("link", name="Not suitable").click()
    yield "Remove this template"
    page.fill("[name=text]", PROMISE)
    page.get_by_role("button", name="Save the template").click()
    yield "It is not saved yet."
    page.get_by_role("link", name="Remove this template").click()
    yield "It cannot be brought back."


def look(page: Page, words: str) -> None:
    """Make sure that the state is the one that is meant, then look at it in every width."""
    expect(page.locator("main")).to_contain_text(words)
    unfold(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, words
        assert small_targets(page, 44) == [], words
    assert_accessible(page)


def test_the_pages_that_answer_people_can_be_used_at_every_width(site: LiveSite, open_page: OpenPage) -> None:
    aside(add_staff, site.app, "coordinator")
    aside(load_templates, site)
    reference = aside(make_inquiry, site.app, best_time="after lunch")
    page = open_page(site)
    sign_in(page, "coordinator")

    for words in coordinators_states(page, site, reference):
        look(page, words)


def test_the_pages_of_reply_templates_can_be_used_at_every_width(site: LiveSite, open_page: OpenPage) -> None:
    aside(add_staff, site.app, "admin")
    aside(load_templates, site)
    page = open_page(site)
    sign_in(page, "admin")

    for words in administrators_states(page):
        look(page, words)
        assert covered(page) == []
