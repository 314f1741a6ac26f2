"""With the few colours that someone's system allows, controls and what happens to them are still seen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pixels import Picture, changed
from tests.support.live import LiveSite

EACH_SCHEME = pytest.mark.parametrize("scheme", ["light", "dark"])
MARK = 40
"""Points that at least tell a chosen radio or box from another one."""


def opened(site: LiveSite, open_page: OpenPage, scheme: str, place: str) -> Page:
    page = open_page(site, forced_colors="active", color_scheme=scheme, reduced_motion="reduce")
    page.goto(place)
    assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
    return page


def row(page: Page, name: str, value: str) -> Locator:
    """Return what is seen of a radio or a checkbox: its label."""
    return page.locator(f"[name={name}][value={value}] + label")


@EACH_SCHEME
def test_fields_choices_and_buttons_have_an_edge(
    shared_site: LiveSite, open_page: OpenPage, scheme: str
) -> None:
    page = opened(shared_site, open_page, scheme, "/inquiries")
    seen = [
        row(page, "filling_in", "self"),
        row(page, "hopes", "bladder"),
        page.locator("[name=patient_name]"),
        page.locator("[name=message]"),
        page.get_by_role("button", name="Send my inquiry"),
        page.get_by_role("button", name="Save and finish later"),
        page.get_by_role("link", name="Call me instead"),
    ]

    assert [str(element) for element in seen if not Picture(page, element).has_edge()] == []


@EACH_SCHEME
def test_what_is_chosen_or_ticked_is_told_from_what_is_not(
    shared_site: LiveSite, open_page: OpenPage, scheme: str
) -> None:
    page = opened(shared_site, open_page, scheme, "/inquiries")
    for name, value in (("filling_in", "self"), ("hopes", "bladder"), ("consent_processing", "y")):
        label = row(page, name, value)
        before = Picture(page, label)
        page.check(f"[name={name}][value={value}]")
        page.evaluate("() => document.activeElement.blur()")
        page.mouse.move(0, 0)
        assert changed(before, Picture(page, label)) >= MARK, name


@EACH_SCHEME
def test_the_focus_is_seen_on_everything_that_takes_it(
    shared_site: LiveSite, open_page: OpenPage, scheme: str
) -> None:
    page = opened(shared_site, open_page, scheme, "/inquiries/steps/person")
    page.keyboard.press("Tab")  # from now on the browser shows the focus
    for element in (
        page.locator("[name=patient_name]"),
        page.get_by_role("button", name="Continue"),
        page.get_by_role("link", name="Staff sign-in"),
        page.get_by_role("button", name="Español"),
    ):
        before = Picture(page, element)
        element.focus()
        after = Picture(page, element)
        # WCAG 2.4.13: as much as a line of 2 px all around, here less the corners.
        assert changed(before, after) >= 3 * (after.width + after.height - 32), str(element)


@EACH_SCHEME
def test_the_focus_is_seen_on_choices(shared_site: LiveSite, open_page: OpenPage, scheme: str) -> None:
    page = opened(shared_site, open_page, scheme, "/inquiries/steps/agreement")
    page.keyboard.press("Tab")
    label = row(page, "understands_limits", "y")
    before = Picture(page, label)
    page.locator("[name=understands_limits]").focus()
    after = Picture(page, label)

    assert changed(before, after) >= 3 * (after.width + after.height - 32)


@EACH_SCHEME
def test_errors_have_an_edge_and_words(shared_site: LiveSite, open_page: OpenPage, scheme: str) -> None:
    page = opened(shared_site, open_page, scheme, "/inquiries/steps/who")
    page.get_by_role("button", name="Continue").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    page.evaluate("() => document.activeElement.blur()")
    assert Picture(page, summary).has_edge()

    group = page.locator(".govuk-form-group--error").first
    expect(group).to_contain_text("Choose who is filling this in.")
    expect(group).to_have_css("border-left-style", "solid")
    line = group.evaluate("group => getComputedStyle(group).borderLeftColor")
    paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert line != paper
