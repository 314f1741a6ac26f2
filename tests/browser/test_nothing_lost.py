"""A line that fails, a server that is away, the back button: no answer is ever lost."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.keyboard import focused
from tests.browser.test_accessibility import send
from tests.support import cast, stored
from tests.support.aside import aside
from tests.support.live import LiveSite
from tests.support.locking import locked

ANSWERS = cast.EXAMPLE_TWO
ADDRESS = "**/inquiries"
READ_ANSWERS = """() => [...document.querySelectorAll("#inquiry-form input:not([type=hidden]), textarea")]
  .filter(({ type, checked }) => checked || !["radio", "checkbox"].includes(type))
  .map(({ name, value }) => [name, value])"""
ADD_BUTTON = """() => document.querySelector("main").insertAdjacentHTML("afterbegin",
  '<button form="inquiry-form" formaction="/elsewhere#here" name="action" value="check">Look</button>')"""
# An answer that only repeats what was typed, in another language.
REPEATED = """<!DOCTYPE html><html lang="ar" dir="rtl"><head><title>Repeated</title></head><body>
  <main tabindex="-1"><h1 id="here">Repeated</h1>
    <form method="post" action="/inquiries" data-keeps-answers>
      <input type="hidden" name="patient_name" value="x"><button>Go on</button>
    </form>
  </main></body></html>"""


def fill_in(page: Page, answers: dict[str, Any] = ANSWERS) -> list[list[str]]:
    """Answer everything that a helper is asked; return what then stands in the form."""
    page.goto("/")
    for name, given in answers.items():
        for value in given if isinstance(given, list) else [given]:
            choice = page.locator(f"[name={name}][value='{value}']:is([type=radio], [type=checkbox])")
            if choice.count():
                choice.check()
            else:
                page.fill(f"[name={name}]", value)
    return standing(page)


def standing(page: Page) -> list[list[str]]:
    """Return each answer that stands in the form as the person sees it."""
    answers: list[list[str]] = page.evaluate(READ_ANSWERS)
    return answers


def count(site: LiveSite) -> int:
    return aside(stored.everything, site.app)[0]


def is_sent(page: Page, site: LiveSite) -> None:
    expect(page.locator(".reference")).to_be_visible()
    expect(page).to_have_url(f"{site.url}/inquiries/sent")
    assert count(site) == 1


def said(page: Page, words: str) -> None:
    expect(page.locator("#inquiry-form .sending-words")).to_contain_text(words)


def test_without_a_line_every_answer_stays_and_is_sent_once_it_is_back(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    answers = fill_in(page)
    page.context.set_offline(True)
    send(page)
    said(page, "You are offline.")
    expect(page.locator("#inquiry-form .sending-words")).to_be_in_viewport()
    expect(focused(page)).to_have_text("Send my inquiry")
    assert standing(page) == answers
    assert_accessible(page)

    page.context.set_offline(False)
    said(page, "You are online again.")
    assert count(site) == 0
    send(page)
    is_sent(page, site)


def test_while_the_server_is_away_every_answer_stays_and_is_sent_once_it_is_back(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    answers = fill_in(page)
    aside(site.stop_web)
    send(page)
    said(page, "No answer came.")
    assert standing(page) == answers

    aside(site.restart_web)
    send(page)
    is_sent(page, site)


def test_a_page_that_only_tells_of_an_error_does_not_take_the_forms_place(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    answers = fill_in(page)
    pages = [(502, "Bad Gateway"), (500, "<main><h1>Something went wrong</h1></main>")]

    def answer(route: Route) -> None:
        status, body = pages.pop()
        route.fulfill(status=status, content_type="text/html", body=body)

    page.route(ADDRESS, answer)
    while pages:
        send(page)
        said(page, "No answer came.")
        assert standing(page) == answers

    page.unroute(ADDRESS)
    send(page)
    is_sent(page, site)


def test_an_inquiry_that_can_not_be_kept_just_now_comes_back_whole(
    site: LiveSite, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(site)
    answers = fill_in(page)
    with locked(tmp_path / "portal.sqlite"):
        send(page)
        # The server waits for its database longer than somebody should wait without a word.
        said(page, "Your answers are being sent.")
        expect(focused(page)).to_contain_text("We could not keep your answers just now", timeout=20_000)
    expect(page).to_have_url(f"{site.url}/")
    assert standing(page) == answers

    send(page)
    is_sent(page, site)


def test_a_second_press_sends_nothing_more_until_the_first_one_failed(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    fill_in(page)
    waiting: list[Route] = []
    page.route(ADDRESS, lambda route: waiting.append(route))  # noqa: PLW0108 - no built-in is taken
    send(page)
    said(page, "Your answers are being sent.")
    send(page)
    assert len(waiting) == 1
    waiting.pop().abort()
    said(page, "No answer came.")

    send(page)
    said(page, "Your answers are being sent.")
    assert len(waiting) == 1
    waiting.pop().continue_()
    is_sent(page, site)


def test_answers_with_something_to_change_come_back_in_place_and_going_back_from_the_next_page_shows_them(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    fill_in(page, {**ANSWERS, "email": "no address"})
    send(page)
    expect(focused(page)).to_contain_text("There is a problem")
    expect(page).to_have_title(
        "Error: Stem cell therapy for spinal cord injury (SCI) – Example Treatment Inquiries"
    )
    expect(page).to_have_url(f"{site.url}/")

    # What script adds is there again, and what is hidden keeps its answers.
    page.check("[name=filling_in][value=self]")
    expect(page.locator("[name=helper_name]")).to_be_hidden()
    page.check("[name=filling_in][value=relative]")
    expect(page.locator("[name=helper_name]")).to_have_value(cast.HELPER_NAME)
    page.fill("[name=email]", cast.PATIENT_EMAIL)
    answers = standing(page)
    page.get_by_role("link", name="Case studies").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case studies")
    page.go_back()
    expect(page.locator("[name=helper_name]")).to_be_visible()
    assert standing(page) == answers
    send(page)
    is_sent(page, site)

    page.go_back()
    expect(page.locator("[name=helper_name]")).to_be_visible()
    assert standing(page) == answers
    page.reload()
    expect(page.locator("[name=patient_name]")).to_be_visible()
    page.go_forward()
    is_sent(page, site)


def test_a_page_that_follows_in_place_is_left_for_the_form_by_going_back(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    answers = fill_in(page)
    page.evaluate(ADD_BUTTON)
    asked: list[Request] = []

    def repeat(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(content_type="text/html", body=REPEATED)

    page.route("**/elsewhere", repeat)
    page.get_by_role("button", name="Look").click()
    expect(page).to_have_title("Repeated")
    assert 'name="action"\r\n\r\ncheck' in (asked[0].post_data or "")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("main")).to_be_focused()

    page.go_back()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.locator("[name=helper_name]")).to_be_visible()
    assert standing(page) == answers
    page.go_forward()
    expect(page).to_have_title("Repeated")

    # Left from there, the form is what going back leads to.
    page.goto("/cases")
    page.go_back()
    expect(page.locator("[name=helper_name]")).to_be_visible()
    assert standing(page) == answers
    send(page)
    is_sent(page, site)
