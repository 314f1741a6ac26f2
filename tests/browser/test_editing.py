"""An editor's work in a browser: a case study with picture and permission, on the site and off it again."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.browser.keyboard import focused, press, tab_to
from tests.browser.test_accessibility import sign_in
from tests.support.aside import aside
from tests.support.live import LiveSite
from tests.support.staff import add_staff

TITLE = "Example case, thoracic"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "example.png"
    Image.new("RGB", (700, 500), "teal").save(path)
    return path


def editor(site: LiveSite, open_page: OpenPage, **window: object) -> Page:
    aside(add_staff, site.app, "editor")
    page = open_page(site, **window)
    sign_in(page, "editor")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pages")
    return page


def see(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)
    assert_accessible(page)
    is_wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not is_wider, f"{page.url} scrolls sideways"


def write_case(page: Page) -> str:
    """Make a case study and return the address of its page."""
    page.goto("/desk/content")
    page.get_by_role("link", name="Add a case study").click()
    see(page, "Add a case study")
    page.get_by_role("button", name="Save, not published yet").click()
    see(page, "There is a problem")
    texts = {
        "title": TITLE,
        "age": "31",
        "level": "T10",
        "treatment": "Example: IV and LP.",
        "country": "Spain",
    }
    outcome = {"asia_motor_before": "50", "asia_motor_after": "52", "measured": "An example doctor"}
    for name, text in {**texts, **outcome, "source": "An invented source"}.items():
        page.fill(f"[name={name}]", text)
    page.get_by_role("button", name="Save, not published yet").click()
    see(page, "Record the person’s permission to publish.")
    return page.url


def add_picture(page: Page, picture: Path, not_a_picture: Path) -> None:
    page.get_by_role("link", name="Add a picture").click()
    page.fill("[name=alt]", "An example picture")
    page.set_input_files("[name=file]", not_a_picture)
    page.get_by_role("button", name="Upload and save").click()
    see(page, "This is not a picture")
    expect(focused(page)).to_contain_text("There is a problem")
    expect(page.locator("[name=alt]")).to_have_value("An example picture")
    page.set_input_files("[name=file]", picture)
    page.get_by_role("button", name="Upload and save").click()
    see(page, "Change the picture")


def record_permission(page: Page) -> None:
    page.get_by_role("link", name="Record the permission").click()
    see(page, "Whose permission is it?")
    page.fill("[name=given_by]", "Example Four")
    page.check("[name=covers][value=text]")
    page.check("[name=covers][value=picture]")
    page.check("[name=basis][value=signed]")
    page.fill("[name=given_on]", "2020-01-31")
    page.fill("[name=document_place]", "Example folder")
    page.get_by_role("button", name="Record the permission").click()
    see(page, "In force")


def test_a_case_study_is_added_seen_on_the_site_and_gone_when_the_permission_is_withdrawn(
    site: LiveSite, open_page: OpenPage, picture: Path
) -> None:
    page = editor(site, open_page)
    visitor = open_page(site)
    address = write_case(page)
    add_picture(page, picture, Path(__file__))
    record_permission(page)
    page.get_by_role("button", name="Publish the newest version now").click()
    see(page, "Take it off the site")

    visitor.goto("/")
    visitor.get_by_role("link", name=TITLE).click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(TITLE)
    shown = visitor.get_by_role("img", name="An example picture")
    expect(shown).to_be_visible()
    assert shown.evaluate(
        "image => image.complete ? image.naturalWidth > 0 : image.decode().then(() => true)"
    )
    file = shown.evaluate("image => image.currentSrc")

    page.get_by_role("button", name="The permission is withdrawn: take it down").click()
    see(page, "No longer in force")
    assert visitor.reload().status == 404  # type: ignore[union-attr]
    assert visitor.request.get(file).status == 404
    visitor.goto("/")
    expect(visitor.locator("main")).not_to_contain_text(TITLE)
    page.goto(address)
    page.set_viewport_size({"width": 360, "height": 800})
    see(page, "Not published")


def test_an_upload_that_a_proxy_refuses_keeps_the_form_and_goes_out_once_at_a_time(
    site: LiveSite, open_page: OpenPage, picture: Path
) -> None:
    page = editor(site, open_page)
    address = write_case(page)
    page.clock.install()
    page.goto(f"{address}/files/picture")
    page.fill("[name=alt]", "An example picture")
    page.set_input_files("[name=file]", picture)
    waiting: list[Route] = []
    page.route("**/files/picture", lambda route: waiting.append(route))  # noqa: PLW0108 - no built-in is taken
    upload = page.get_by_role("button", name="Upload and save")
    said = page.locator("main").get_by_role("status")
    bar = page.get_by_role("progressbar")

    upload.dblclick()
    expect(bar).to_be_visible()
    page.clock.fast_forward(5500)  # longer than the guard of other forms, in milliseconds
    upload.click()
    expect(bar).to_have_count(1)
    assert len(waiting) == 1
    waiting.pop().fulfill(status=502, content_type="text/plain", body="Bad Gateway")
    expect(said).to_contain_text("Everything you typed is still here.")
    expect(bar).to_have_count(0)
    expect(page.locator("[name=alt]")).to_have_value("An example picture")
    assert_accessible(page)

    page.unroute("**/files/picture")
    upload.click()
    see(page, "Change the picture")


def test_a_form_that_is_too_old_to_send_says_what_to_do_and_finds_no_error(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = editor(site, open_page)
    page.goto("/desk/content/treatment/en/sections/treated")
    form = page.locator("form[data-send-once]").filter(has=page.locator("[name=body]"))
    form.locator("[name=csrf_token]").evaluate("field => { field.value = 'old' }")
    form.get_by_role("button", name="Save, not published yet").click()

    expect(focused(page)).to_contain_text("Save it once more")
    expect(page.locator(".govuk-error-summary")).to_have_count(0)
    assert not page.title().startswith("Error:")


def test_what_is_typed_shows_in_the_preview_and_an_older_version_comes_back(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = editor(site, open_page, viewport={"width": 1280, "height": 900})
    page.goto("/desk/content/treatment/en/sections/treated")
    see(page, "Preview")
    page.fill("[name=body]", "Words of **this** very moment")
    expect(page.locator("#preview p").first).to_have_text("Words of this very moment")
    page.get_by_role("button", name="Save and publish now").click()
    see(page, "On the site")

    page.get_by_role("button", name="Compare").click()
    see(page, "What changed from version 1 to 2")
    page.go_back()
    page.get_by_role("button", name="Bring back").click()
    see(page, "Brought back from version 1")
    page.get_by_role("link", name="Look at the newest version").click()
    see(page, "This is a preview")
    page.goto("/desk/content/links")
    see(page, "Every link inside the site leads somewhere.")
    page.goto("/desk/content/recent/first/erase")
    see(page, "It cannot be brought back.")
    for address in (
        "/desk/content",
        "/desk/content/study/asia-2008/files/study",
        "/desk/content/story/new",
        "/desk/content/treatment/en/edit",
    ):
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(address)
        assert_accessible(page)


def test_two_editors_at_once_lose_nothing(site: LiveSite, open_page: OpenPage) -> None:
    first = editor(site, open_page)
    second = first.context.new_page()
    for page in (first, second):
        page.goto("/desk/content/treatment/en/sections/treated")
    first.fill("[name=heading]", "What the first one wrote")
    first.get_by_role("button", name="Save, not published yet").click()
    see(first, "What the first one wrote")

    second.fill("[name=heading]", "What the second one wrote")
    second.get_by_role("button", name="Save, not published yet").click()
    see(second, "how yours differs")
    expect(second.locator("[name=heading]")).to_have_value("What the second one wrote")
    second.get_by_role("button", name="Save, not published yet").click()
    see(second, "What the second one wrote")


@pytest.mark.parametrize("window", [{}, {"java_script_enabled": False}], ids=["as usual", "without script"])
def test_the_order_is_changed_by_keyboard_alone(
    site: LiveSite, open_page: OpenPage, window: dict[str, object]
) -> None:
    page = editor(site, open_page, **window)
    press(page, page.get_by_role("link", name="Stem cell therapy"))
    expect(page.locator("#sections .content-list__words a").first).to_have_text("Who has been treated")
    tab_to(page, page.get_by_role("button", name="Move down: Who has been treated"))
    page.keyboard.press("Enter")

    expect(page.locator("#sections .content-list__words a").nth(1)).to_have_text("Who has been treated")
