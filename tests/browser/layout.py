"""Where things stand on a page: their size, what lies over them, and whether the page is too wide."""

from playwright.sync_api import Page

CONTROLS = """() => [...document.querySelectorAll(
    "a[href], button, summary, input:not([type=hidden]), textarea, select")]
  .filter(element => !element.closest("[aria-hidden=true], [inert]"))
  .filter(element => element.checkVisibility({ visibilityProperty: true }))"""
"""Everything that can be pressed or filled in and is there to be seen."""

WORDS = """element => {
  const words = (element.innerText || element.value || "").trim().slice(0, 60);
  return `${element.localName} ${element.name ?? ""} "${words}"`;
}"""

# A radio or a box is pressed on its label as well, and a skip link is there once it has the focus. A link in
# a sentence stands among other words: WCAG 2.5.5 asks nothing of it.
SMALL = f"""least => {{
  const words = {WORDS};
  const isInSentence = element => element.matches("a")
    && getComputedStyle(element).display === "inline"
    && element.parentElement.innerText.trim().length > element.innerText.trim().length;
  return ({CONTROLS})().filter(element => !isInSentence(element)).map(element => {{
    const isSkipLink = element.matches(".govuk-skip-link");
    if (isSkipLink) element.focus();
    const isChoice = ["radio", "checkbox"].includes(element.type);
    const boxes = [element, ...(isChoice ? element.labels : [])].map(one => one.getBoundingClientRect());
    if (isSkipLink) element.blur();
    const width = Math.max(...boxes.map(b => b.right)) - Math.min(...boxes.map(b => b.left));
    const height = Math.max(...boxes.map(b => b.bottom)) - Math.min(...boxes.map(b => b.top));
    return [Math.min(width, height), `${{words(element)}} ${{width.toFixed(1)}} × ${{height.toFixed(1)}}`];
  }}).filter(([size]) => size < least).map(([, words]) => words);
}}"""

COVERED = f"""() => ({CONTROLS})().filter(element => !element.matches(".govuk-skip-link"))
  .filter(element => {{
    element.scrollIntoView({{block: "center", behavior: "instant"}});
    const [box] = element.getClientRects();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return ![element, ...(element.labels ?? [])].some(part => part.contains(hit));
  }})
  .map({WORDS})"""


def unfold(page: Page) -> None:
    """Open everything that is folded up."""
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")


def small_targets(page: Page, least: int) -> list[str]:
    """Return each target that is narrower or lower than ``least`` CSS pixels."""
    found: list[str] = page.evaluate(SMALL, least)
    return found


def covered(page: Page) -> list[str]:
    """Return everything to be pressed or filled in over which something else lies."""
    found: list[str] = page.evaluate(COVERED)
    return found


def no_sideways_scroll(page: Page) -> None:
    """Fail on a page that is wider than its window."""
    wide, shown = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= shown, f"{page.url} is {wide} px wide in {shown} px"
