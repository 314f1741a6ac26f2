"""What a page's controls are called, and what stands on them to be read."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.layout import CONTROLS

MARK = "data-control"
# Text that is there for screen readers alone is clipped to a pixel: it is not to be seen.
READ = f"""mark => {{
  const isSeen = (node, top) => {{
    for (let one = node.parentElement; one && top.contains(one); one = one.parentElement) {{
      const box = one.getBoundingClientRect();
      if (one !== top && getComputedStyle(one).position === "absolute" && box.width <= 1) return false;
      const {{ display, visibility }} = getComputedStyle(one);
      if (visibility !== "visible" || display === "none") return false;
    }}
    return true;
  }};
  const seenText = top => {{
    const texts = [];
    const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (isSeen(walker.currentNode, top)) texts.push(walker.currentNode.data);
    return texts.join("").replace(/\\s+/g, " ").trim();
  }};
  return ({CONTROLS})().map((element, number) => {{
    element.setAttribute(mark, number);
    return {{
      label: seenText(element.labels?.[0] ?? element),
      leads_to: element.href ?? "",
      group: element.type === "radio" ? element.name : "",
    }};
  }});
}}"""


@dataclass(frozen=True)
class Control:
    """One control, as it is seen and as a browser tells of it to assistive technology."""

    label: str
    leads_to: str
    group: str
    role: str
    name: str


def controls(page: Page) -> list[Control]:
    """Return every control of the page that can be seen."""
    seen: list[dict[str, str]] = page.evaluate(READ, MARK)
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument", {"depth": -1})["root"]
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    told = {node["backendDOMNodeId"]: node for node in nodes if "backendDOMNodeId" in node}
    found = []
    for number, backend_id in marked(root).items():
        node = told[backend_id]
        assert not node["ignored"], seen[number]
        found.append(Control(**seen[number], role=node["role"]["value"], name=node["name"]["value"]))
    assert len(found) == len(seen)
    return found


def marked(node: dict[str, Any]) -> dict[int, int]:
    """Return the browser's own number of each marked element below a node."""
    attributes = node.get("attributes", [])
    own = dict(zip(attributes[::2], attributes[1::2], strict=True)).get(MARK)
    found = {int(own): node["backendNodeId"]} if own is not None else {}
    for child in node.get("children", []):
        found |= marked(child)
    return found


def plain(words: str) -> str:
    """Return words as they are compared: someone who says them says neither capitals nor full stops."""
    return " ".join(words.split()).casefold().rstrip(" .?!:…")
