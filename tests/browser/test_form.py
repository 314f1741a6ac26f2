"""What only a browser can show: focus, the back button, a second press."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.keyboard import focused, press
from tests.browser.test_accessibility import fill_form, send
from tests.support import cast, stored
from tests.support.aside import aside
from tests.support.live import LiveSite


def test_what_to_change_gets_the_focus_and_leads_to_each_question(
    shared_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(shared_site)
    page.goto("/")
    send(page)

    expect(focused(page)).to_contain_text("There is a problem")
    expect(page).to_have_title(
        "Error: Stem cell therapy for spinal cord injury (SCI) – Example Treatment Inquiries"
    )
    for words, name in (("Write the name", "patient_name"), ("Choose who", "filling_in")):
        page.locator(".govuk-error-summary").focus()
        press(page, page.locator(".govuk-error-summary a").filter(has_text=words))
        expect(focused(page)).to_have_attribute("name", name)
        expect(focused(page)).to_be_in_viewport()


def test_a_second_press_of_the_button_sends_nothing_more(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(site)
    fill_form(page)
    page.get_by_role("button", name="Send my inquiry").dblclick()

    expect(page.locator(".reference")).to_be_visible()
    assert aside(stored.everything, site.app)[0] == 1


def test_the_back_button_loses_nothing_and_makes_no_second_inquiry(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(site)
    fill_form(page, message=cast.MESSAGE)
    send(page)
    reference = page.locator(".reference").inner_text()

    page.go_back()
    expect(page.locator("[name=patient_name]")).to_have_value(cast.PATIENT_NAME)
    expect(page.locator("[name=message]")).to_have_value(cast.MESSAGE)
    expect(page.locator("[name=consent_processing]")).to_be_checked()
    send(page)

    expect(page.locator(".reference")).to_have_text(reference)
    assert aside(stored.everything, site.app)[0] == 1


def test_a_form_whose_cookie_was_lost_is_sent_all_the_same(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(site)
    fill_form(page, message=cast.MESSAGE)
    page.context.clear_cookies()
    send(page)

    expect(page.locator(".reference")).to_be_visible()
    assert aside(stored.everything, site.app)[0] == 1


def test_a_helpers_questions_show_only_when_a_helper_writes_and_lose_nothing(
    shared_site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(shared_site)
    page.goto("/")
    expect(page.locator("[name=helper_name]")).to_be_hidden()

    page.check("[name=filling_in][value=professional]")
    page.fill("[name=helper_name]", cast.HELPER_NAME)
    page.check("[name=filling_in][value=self]")
    expect(page.locator("[name=helper_name]")).to_be_hidden()
    page.check("[name=filling_in][value=relative]")

    expect(page.locator("[name=helper_name]")).to_have_value(cast.HELPER_NAME)


def test_without_script_every_question_is_there(shared_site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(shared_site, java_script_enabled=False)
    page.goto("/")

    expect(page.locator("[name=helper_name]")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False], ids=["as usual", "without script"])
def test_the_confirmation_offers_to_be_printed_only_where_script_can_do_it(
    site: LiveSite, open_page: OpenPage, has_script: bool
) -> None:
    page = open_page(site, java_script_enabled=has_script)
    page.add_init_script("window.print = () => { window.isPrinted = true }")
    fill_form(page)
    send(page)
    expect(page.locator(".reference")).to_be_visible()
    button = page.get_by_role("button", name="Print this page")
    expect(button).to_be_visible(visible=has_script)
    if has_script:
        button.click()
        assert page.evaluate("() => window.isPrinted")
