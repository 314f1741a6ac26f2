"""The whole way in Arabic: written from right to left, at every width."""

import re
from pathlib import Path

import pytest
from babel.support import Translations
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.layout import no_sideways_scroll
from tests.browser.states import CHILD, NEEDED, NEEDED_IN_STEPS
from tests.browser.visitor import Visitor
from tests.support import stored
from tests.support.aside import aside
from tests.support.live import LiveSite

LANGUAGES = Path(__file__).parents[2] / "app" / "languages"
EGYPT = "مصر"
WIDTHS = (320, 360, 1280)
ANSWERS = {**NEEDED, "country": EGYPT, "patient_name": "مثال أول"}
IN_STEPS = {
    **NEEDED_IN_STEPS,
    "person": {"patient_name": "مثال أول", "country": EGYPT},
    "time": {"injury_month": "4", "injury_year": CHILD},
}


def arabic(words: str) -> str:
    """Return what stands on an Arabic page for an English text."""
    translated = str(Translations.load(LANGUAGES, ["ar"]).gettext(words))
    assert re.search(r"[\u0621-\u064a]", translated), f"not translated: {words}"
    return translated


class ArabicReader(Visitor):
    """Someone who looks at each page at every width before going on from it."""

    def go_on(self) -> None:
        """Look, then go on."""
        look(self.page)
        super().go_on()


def look(page: Page) -> None:
    """Make sure that the page is an Arabic one, and no wider than any window."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        no_sideways_scroll(page)


def is_sent(page: Page, site: LiveSite) -> None:
    expect(page.locator(".reference")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(arabic("Your inquiry is sent"))
    expect(page.locator(".reference")).to_have_attribute("dir", "ltr")
    look(page)
    kept = aside(stored.inquiries, site.app)[-1]
    assert (kept["country"], kept["patient_name"]) == ("EG", "مثال أول")


@pytest.mark.parametrize(
    ("place", "window"),
    [("/inquiries", {"locale": "ar-EG"}), ("/inquiries?lang=ar", {})],
    ids=["liked", "asked for"],
)
def test_all_questions_on_one_page_are_answered_in_arabic(
    site: LiveSite, open_page: OpenPage, place: str, window: dict[str, object]
) -> None:
    page = open_page(site, **window)
    page.goto(place)
    reader = ArabicReader(page)
    expect(page.locator(f"#country-names option[value='{EGYPT}']")).to_have_count(1)
    reader.go_on()
    expect(page.locator(".govuk-error-summary")).to_contain_text(arabic("Choose who is filling this in."))
    reader.answer(ANSWERS)
    reader.go_on()

    is_sent(page, site)


def test_the_questions_are_answered_step_by_step_in_arabic(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(site, locale="ar-EG")
    page.goto("/")
    look(page)
    reader = ArabicReader(page)
    reader.press(arabic("Answer step by step"), "link")
    reader.go_through_steps(IN_STEPS)
    expect(page.locator("main")).to_contain_text("أبريل")
    reader.go_on()

    is_sent(page, site)


def test_words_begin_at_the_right_and_numbers_and_addresses_run_from_the_left(
    shared_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(shared_site, locale="ar-EG")
    page.goto("/inquiries")
    for name in ("patient_name", "country", "message"):
        expect(page.locator(f"[name={name}]")).to_have_css("direction", "rtl")
    for name in ("email", "phone", "birth_year", "injury_year"):
        expect(page.locator(f"[name={name}]")).to_have_css("direction", "ltr")
    label, field = page.locator("label[for=email]"), page.locator("[name=email]")
    ends = [box["x"] + box["width"] for box in (label.bounding_box(), field.bounding_box()) if box]
    assert abs(ends[0] - ends[1]) <= 1


def test_what_is_saved_is_kept_until_an_arabic_day(shared_site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(shared_site, locale="ar-EG")
    page.goto("/inquiries/steps/who")
    Visitor(page).press(arabic("Save and finish later"))
    expect(page.get_by_role("heading", level=1)).to_have_text(arabic("Your answers are saved"))
    look(page)
    said = page.locator("main p").first.inner_text()
    assert re.search(r"\d+ [\u0621-\u064a]+ \d{4}", said), said
