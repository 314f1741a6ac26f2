"""Visitors of all kinds come from the first page to the confirmation, with few activations."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.layout import covered, no_sideways_scroll
from tests.browser.states import CHILD, NEEDED, NEEDED_FOR_CALL, NEEDED_IN_STEPS, SLIP
from tests.browser.visitor import AtKeyboard, Visitor
from tests.support import cast, stored
from tests.support.aside import aside
from tests.support.live import LiveSite

MOST = 14
"""Fields and presses that the shortest way may take."""
SHORTEST = 8
"""Five answers, two ticks and one press."""
IN_STEPS = 16
"""The same answers, "Answer step by step", seven times "Continue", and one press to send."""
WINDOWS = {
    "as usual": {},
    "without script": {"java_script_enabled": False},
    "at 400 %": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
}
EACH_WINDOW = pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)


class LookingVisitor(Visitor):
    """Someone who looks at each page before going on from it."""

    def go_on(self) -> None:
        """Look whether the page is all there, then go on."""
        is_all_there(self.page)
        super().go_on()


def is_all_there(page: Page) -> None:
    no_sideways_scroll(page)
    assert covered(page) == []


def is_sent(page: Page) -> None:
    expect(page.locator(".reference")).to_be_visible()
    is_all_there(page)


def newest(site: LiveSite) -> dict[str, object]:
    return aside(stored.inquiries, site.app)[-1]


def test_by_keyboard_alone_the_shortest_way_takes_eight_activations(
    shared_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(shared_site)
    page.goto("/inquiries")
    visitor = AtKeyboard(page)
    visitor.answer(NEEDED)
    visitor.go_on()

    is_sent(page)
    assert visitor.activations == SHORTEST <= MOST


@EACH_WINDOW
def test_all_questions_on_one_page_are_answered_and_sent(
    shared_site: LiveSite, open_page: OpenPage, window: dict[str, object]
) -> None:
    page = open_page(shared_site, **window)
    page.goto("/inquiries")
    visitor = LookingVisitor(page)
    visitor.answer(NEEDED)
    visitor.go_on()

    is_sent(page)
    assert visitor.activations == SHORTEST


@EACH_WINDOW
def test_the_questions_are_answered_step_by_step_checked_and_sent(
    shared_site: LiveSite, open_page: OpenPage, window: dict[str, object]
) -> None:
    page = open_page(shared_site, **window)
    page.goto("/")
    is_all_there(page)
    visitor = LookingVisitor(page)
    visitor.press("Answer step by step", "link")
    visitor.go_through_steps(NEEDED_IN_STEPS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_text(cast.PATIENT_EMAIL)).to_be_visible()
    visitor.go_on()

    is_sent(page)
    assert visitor.activations == IN_STEPS


def test_a_child_who_asks_is_asked_for_an_adult_and_a_parent_sends_it(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    page.goto("/inquiries")
    visitor = Visitor(page)
    visitor.answer({**NEEDED, "birth_year": CHILD})
    visitor.go_on()
    expect(page.locator(".govuk-error-summary")).to_contain_text("A parent or another adult has to send this")

    visitor.answer({"filling_in": "relative", "helper_name": cast.HELPER_NAME, "helper_authority": "parent"})
    visitor.go_on()

    is_sent(page)
    kept = newest(site)
    assert (kept["filling_in"], kept["helper_authority"]) == ("relative", "parent")
    assert (kept["helper_name"], kept["birth_year"]) == (cast.HELPER_NAME, int(CHILD))
    assert visitor.activations == len(NEEDED) + 1 + 1 + 3 + 1


def test_someone_who_would_rather_be_called_asks_for_it(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(site, viewport={"width": 360, "height": 800})
    page.goto("/")
    visitor = Visitor(page)
    visitor.press("Call me instead", "link")
    visitor.is_at("call")
    visitor.answer(NEEDED_FOR_CALL)
    visitor.go_on()

    is_sent(page)
    expect(page.locator("main")).to_contain_text("A coordinator calls you within")
    assert newest(site)["phone"] == cast.PATIENT_PHONE
    assert visitor.activations == len(NEEDED_FOR_CALL) + 2


def test_what_is_saved_in_one_browser_is_gone_on_with_in_another(site: LiveSite, open_page: OpenPage) -> None:
    first = Visitor(open_page(site))
    first.page.goto("/inquiries")
    begun = {name: NEEDED[name] for name in ("filling_in", "patient_name", "country")}
    first.answer(begun)
    first.press("Save and finish later")
    first.is_at("saved")
    code = first.page.locator(".saved__code").inner_text()

    second = Visitor(open_page(site, viewport={"width": 360, "height": 800}))
    second.page.goto("/")
    second.press("Go on with what you saved", "link")
    second.is_at("continue")
    second.answer({"code": code})
    second.press("Open my answers")
    expect(second.page.locator("[name=patient_name]")).to_have_value(cast.PATIENT_NAME)
    second.answer({name: given for name, given in NEEDED.items() if name not in begun})
    second.go_on()

    is_sent(second.page)
    assert newest(site)["patient_name"] == cast.PATIENT_NAME
    # Besides what is answered and sent anyway: to save, to ask for it, to type the code, to open it.
    assert first.activations + second.activations == SHORTEST + 4


def test_one_press_mends_a_mistyped_address_and_sends(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(site)
    page.goto("/inquiries")
    visitor = Visitor(page)
    visitor.answer({**NEEDED, "email": SLIP})
    visitor.go_on()
    visitor.press_on(page.get_by_role("button", name="Yes, use canary.one@gmail.com"))

    is_sent(page)
    assert newest(site)["email"] == "canary.one@gmail.com"
    assert visitor.activations == SHORTEST + 1


def test_an_address_that_only_looks_mistyped_is_asked_about_once_and_kept(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    page.goto("/inquiries/steps/who")
    visitor = Visitor(page)
    for step, answers in NEEDED_IN_STEPS.items():
        visitor.is_at(f"steps/{step}")
        visitor.answer({**answers, "email": SLIP} if step == "reach" else answers)
        visitor.go_on()
        if step == "reach":
            visitor.press_on(page.get_by_role("button", name=f"No, keep {SLIP}"))
    visitor.is_at("check")
    visitor.go_on()

    is_sent(page)
    assert newest(site)["email"] == SLIP


def test_enter_in_an_address_that_was_asked_about_takes_what_stands_there_now(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    page.goto("/inquiries/steps/who")
    visitor = Visitor(page)
    visitor.press("Save and finish later")
    visitor.is_at("saved")
    visitor.answer({"email": SLIP})
    visitor.go_on()
    expect(page.locator("[name=email_meant]")).to_be_visible()
    page.fill("[name=email]", cast.PATIENT_EMAIL)
    page.press("[name=email]", "Enter")

    expect(page.locator("main")).to_contain_text("The link is on its way")
    assert aside(stored.mails, site.app) == [("draft_link", cast.PATIENT_EMAIL)]
