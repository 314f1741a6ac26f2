"""Someone whose switch knows Tab and Enter alone fills in the form, and needs nothing else but text."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.keyboard import TwoActions, focused, tab_to
from tests.browser.states import NEEDED_IN_STEPS
from tests.support import cast, stored
from tests.support.aside import aside
from tests.support.live import LiveSite

WHOLE_FORM = "/inquiries"
LEAST = (26, 6)
"""How often Tab and Enter are pressed from the form's beginning to sent, for what has to be answered."""
IN_STEPS = (54, 21)
"""The same in steps, with the link that skips what every page begins with."""
EVERYTHING = (30, 13)
"""The same for everything that a helper can answer."""
LISTEN = """() => {
  window.heard = [];
  for (const kind of ["input", "change", "submit"]) {
    document.addEventListener(kind, ({ target }) => window.heard.push(`${kind} ${target.value ?? ""}`));
  }
}"""
KEYS_DOWN = """() => document.addEventListener("keydown", ({ defaultPrevented }) => {
  window.isTaken = defaultPrevented;
})"""
HEARD = "() => window.heard.splice(0)"
NAMES = "form => [...new Set([...form.elements].map(({ name }) => name))]"


def opened(site: LiveSite, open_page: OpenPage) -> Page:
    """Open the form, with the focus at its heading."""
    page = open_page(site)
    page.goto(WHOLE_FORM)
    page.locator("#inquiry-form").evaluate("form => { form.tabIndex = -1; form.focus() }")
    return page


def is_sent(page: Page) -> None:
    expect(page.locator(".reference")).to_be_visible()


def in_order(page: Page, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each answer in the order in which the form asks for it."""
    names = page.locator("#inquiry-form").evaluate(NAMES)
    return [
        (name, answer)
        for name in names
        if name in answers
        for answer in (answers[name] if isinstance(answers[name], list) else [answers[name]])
    ]


def give(person: TwoActions, answers: Mapping[str, str]) -> None:
    """Give answers, each in the way that its question asks for it."""
    for name, given in answers.items():
        kind = person.page.locator(f"[name={name}]").first.get_attribute("type")
        act = {"radio": person.choose, "checkbox": person.tick}.get(str(kind), person.write)
        act(name, given)


def test_what_has_to_be_answered_is_answered_and_sent(site: LiveSite, open_page: OpenPage) -> None:
    page = opened(site, open_page)
    person = TwoActions(page)
    person.choose("filling_in", "self")
    person.write("patient_name", cast.PATIENT_NAME)
    person.write("country", "Spain")
    person.write("email", cast.PATIENT_EMAIL)
    person.choose("injury_region", "thoracic")
    person.tick("consent_processing", "y")
    person.tick("understands_limits", "y")
    person.enter(page.get_by_role("button", name="Send my inquiry"))

    is_sent(page)
    assert aside(stored.only_inquiry, site.app)["injury_region"] == "thoracic"
    assert (person.tabs, person.enters) == LEAST


def test_the_steps_are_answered_checked_and_sent(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(site)
    page.goto("/inquiries/steps/who")
    person = TwoActions(page)
    for step, answers in NEEDED_IN_STEPS.items():
        expect(page).to_have_url(f"{site.url}/inquiries/steps/{step}")
        person.enter(page.locator(".govuk-skip-link"))
        give(person, answers)
        person.enter(page.get_by_role("button", name="Continue"))
    expect(page).to_have_url(f"{site.url}/inquiries/check")
    person.enter(page.locator(".govuk-skip-link"))
    person.enter(page.get_by_role("button", name="Send my inquiry"))

    is_sent(page)
    assert aside(stored.only_inquiry, site.app)["injury_region"] == "thoracic"
    assert (person.tabs, person.enters) == IN_STEPS


def test_everything_that_a_helper_is_asked_is_answered_and_sent(site: LiveSite, open_page: OpenPage) -> None:
    page = opened(site, open_page)
    person = TwoActions(page)
    for name, given in in_order(page, cast.EXAMPLE_TWO):
        give(person, {name: given})
    person.enter(page.get_by_role("button", name="Send my inquiry"))

    is_sent(page)
    kept = aside(stored.only_inquiry, site.app)
    assert kept["hopes"] == cast.EXAMPLE_TWO["hopes"]
    assert kept["completeness"] == cast.EXAMPLE_TWO["completeness"]
    assert (person.tabs, person.enters) == EVERYTHING


def test_enter_chooses_an_answer_then_the_next_one_and_after_the_last_the_first(
    shared_site: LiveSite, open_page: OpenPage
) -> None:
    page = opened(shared_site, open_page)
    page.evaluate(LISTEN)
    tab_to(page, page.locator("[name=filling_in]").first)
    for value in ("self", "relative", "professional", "self"):
        page.keyboard.press("Enter")
        expect(focused(page)).to_have_attribute("value", value)
        expect(focused(page)).to_be_checked()
        assert page.evaluate(HEARD) == [f"input {value}", f"change {value}"]
    expect(page.locator("[name=helper_name]")).to_be_hidden()

    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=filling_in][value=relative]")).to_be_checked()
    expect(page.locator("[name=helper_name]")).to_be_visible()


def test_enter_ticks_a_box_and_takes_the_tick_away(shared_site: LiveSite, open_page: OpenPage) -> None:
    page = opened(shared_site, open_page)
    page.evaluate(LISTEN)
    box = page.locator("[name=understands_limits]")
    tab_to(page, box)
    page.keyboard.press("Enter")
    expect(box).to_be_checked()
    page.keyboard.press("Enter")
    expect(box).not_to_be_checked()
    page.keyboard.press("Space")
    expect(box).to_be_checked()

    assert page.evaluate(HEARD) == ["input y", "change y"] * 3


def test_enter_in_a_line_of_text_does_not_send_the_long_form_and_still_takes_a_suggestion(
    shared_site: LiveSite, open_page: OpenPage
) -> None:
    page = opened(shared_site, open_page)
    page.evaluate(LISTEN)
    page.evaluate(KEYS_DOWN)
    tab_to(page, page.locator("[name=country]"))
    page.keyboard.press("Enter")
    # A browser that offers suggestions takes one when the key goes down.
    assert page.evaluate("() => window.isTaken") is False
    assert page.evaluate(HEARD) == []

    tab_to(page, page.locator("[name=message]"))
    page.keyboard.press("Enter")
    expect(page.locator("[name=message]")).to_have_value("\n")
    tab_to(page, page.get_by_role("button", name="Send my inquiry"))
    page.keyboard.press("Enter")
    expect(focused(page)).to_contain_text("There is a problem")


def test_enter_in_a_line_of_text_goes_on_from_a_short_step(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(site)
    page.goto("/inquiries/steps/who")
    person = TwoActions(page)
    person.choose("filling_in", "self")
    person.enter(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The injured person")
    person.write("patient_name", cast.PATIENT_NAME)
    person.write("country", "Spain")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("How to reach you")
