"""A large study is read while it still loads."""

import io
import os
import socket
from contextlib import ExitStack

import pikepdf
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.audit.log import SYSTEM
from app.content import queries, services
from app.content.files import keep_file
from tests.browser.axe import assert_accessible
from tests.browser.conftest import OpenPage
from tests.support.aside import aside
from tests.support.live import LiveSite
from tests.support.publishing import newest_body
from tests.support.slow import slow_line
from tests.support.waiting import until

MEGABYTE = 1_000_000
RED = b"1 0 0 rg 0 0 600 800 re f"


def large_pdf(megabytes: int) -> io.BytesIO:
    """Return a PDF whose first page is red, and whose other pages cannot be compressed."""
    pdf = pikepdf.new()
    for number in range(megabytes + 1):
        page = pdf.add_blank_page(page_size=(600, 800))
        if number == 0:
            page.Contents = pdf.make_stream(RED)
            continue
        side = 578  # pixels: three bytes each make a megabyte
        picture = pdf.make_stream(os.urandom(side * side * 3))
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width = picture.Height = side
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
        page.Contents = pdf.make_stream(b"600 0 0 800 0 0 cm /P Do")
    made = io.BytesIO()
    pdf.save(made)
    made.seek(0)
    return made


def publish_study(site: LiveSite, source: io.BytesIO) -> int:
    """Put a PDF into the study of 2008, publish it, and return its size."""
    with site.app.app_context():
        item = queries.item_by_slug("study", "asia-2008")
        assert item is not None
        body = keep_file("study", newest_body(item), source, "study.pdf")
        services.save_version(item, body, "", item.version, SYSTEM, publish=True)
        return int(body.size)


def shows_red(page: Page, share: float = 0.05) -> bool:
    """Return whether this share of the window is the red of the first page."""
    window = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    pixels = window.resize((64, 64)).tobytes()
    red = [pixels[at] > 200 and max(pixels[at + 1 : at + 3]) < 60 for at in range(0, len(pixels), 3)]
    return sum(red) > share * len(red)


def is_drawn(place: Locator) -> bool:
    """Return whether the window shows a page of mixed pixels there: together they make a grey."""
    box, window = place.bounding_box(), place.page.viewport_size
    assert box is not None
    assert window is not None
    left, top = max(box["x"], 0), max(box["y"], 0)
    right, bottom = (
        min(box["x"] + box["width"], window["width"]),
        min(box["y"] + box["height"], window["height"]),
    )
    if bottom - top < 100:
        return False
    # Not the place's own screenshot: taking one of something higher than the window scrolls it away.
    seen = place.page.screenshot(clip={"x": left, "y": top, "width": right - left, "height": bottom - top})
    grey = Image.open(io.BytesIO(seen)).convert("L").resize((1, 1), Image.Resampling.BOX)
    return 64 < grey.tobytes()[0] < 192


def scroll_through(page: Page) -> None:
    """Scroll to the end, a window's height in each frame."""
    page.evaluate(
        """async () => {
          while (scrollY + innerHeight < document.documentElement.scrollHeight - 1) {
            scrollBy({ top: innerHeight, behavior: "instant" });
            await new Promise(requestAnimationFrame);
          }
        }"""
    )


def fits(place: Locator) -> bool:
    """Return whether picture and words are as large as their place, and the picture as sharp."""
    return bool(
        place.evaluate(
            """place => {
              const [canvas, words] = place.children;
              const isClose = (one, other) => Math.abs(one - other) <= 1;
              return Boolean(words)
                && isClose(canvas.getBoundingClientRect().width, place.clientWidth)
                && isClose(words.getBoundingClientRect().width, place.clientWidth)
                && isClose(words.style.getPropertyValue("--total-scale-factor") * 600, place.clientWidth)
                && isClose(canvas.width, place.clientWidth * devicePixelRatio);
            }"""
        )
    )


def test_the_first_page_of_40_megabytes_shows_before_the_file_has_come(
    site: LiveSite, open_page: OpenPage
) -> None:
    size = aside(publish_study, site, large_pdf(40))
    assert size > 40 * MEGABYTE
    with slow_line(site.port, 2 * MEGABYTE) as line:
        page = open_page(site, line.url)
        page.goto("/studies/asia-2008/read")
        until(lambda: shows_red(page))
        came = line.passed
        expect(page.get_by_role("group", name="Page 41 of 41")).to_be_attached()
        assert_accessible(page)

    assert came < size / 4, f"{came} of {size} bytes had come"
    assert page.locator("canvas").count() < 10, "pages out of sight are drawn"


def test_pages_scrolled_past_are_let_go_and_the_others_follow_the_windows_width(
    site: LiveSite, open_page: OpenPage
) -> None:
    aside(publish_study, site, large_pdf(40))
    page = open_page(site)
    page.goto("/studies/asia-2008/read")
    until(lambda: shows_red(page))

    scroll_through(page)
    last = page.get_by_role("group", name="Page 41 of 41")
    until(lambda: is_drawn(last))
    assert page.locator("canvas").count() < 10, "pages out of sight are drawn"
    assert fits(last)

    page.set_viewport_size({"width": 500, "height": 800})
    until(lambda: fits(last))
    until(lambda: is_drawn(last))
    assert page.locator("canvas").count() < 10, "pages out of sight are drawn"


def test_readers_on_a_dead_line_keep_nobody_else_waiting(site: LiveSite, open_page: OpenPage) -> None:
    aside(publish_study, site, large_pdf(40))
    with ExitStack() as open_lines:
        for _ in range(4):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            line.sendall(b"GET /studies/asia-2008/study.pdf HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert line.recv(15) == b"HTTP/1.1 200 OK"  # and reads no further
        page = open_page(site)
        page.goto("/")

        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_page_of_the_study_tells_pages_and_size_and_shows_the_first_page(
    site: LiveSite, open_page: OpenPage
) -> None:
    aside(publish_study, site, large_pdf(2))
    page = open_page(site)
    page.goto("/studies/asia-2008")

    assert "PDF, 3 pages, 2 MB" in page.locator("main").inner_text()
    picture = page.locator("main img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert shows_red(page, share=0.01)
