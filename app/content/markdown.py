"""Markdown as editors write it, and the HTML that pages show: never a script, whatever was written.

CommonMark 0.31 with tables, without HTML. What markdown-it makes is cleaned once more by nh3, so that a
fault of one of the two alone lets nothing through.
"""

from collections.abc import Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

HIGHEST_HEADING, LOWEST_HEADING = 3, 4
"""Headings inside a text: the page's own stand above them."""
STANDS_ALONE = "stand-alone-link"
TAGS = frozenset(
    {
        *("p", "br", "hr", "strong", "em", "code", "pre", "a", "ul", "ol", "li", "h3", "h4", "blockquote"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
)
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def render(text: str) -> Markup:
    """Return Markdown as safe HTML."""
    tokens = _parser().parse(text)
    for token in tokens:
        _fit_into_page(token)
    html = _parser().renderer.render(tokens, _parser().options, {})
    return Markup(  # noqa: S704 -- cleaned in the same breath
        nh3.clean(
            html,
            tags=TAGS,
            attributes={"a": {"href"}, "ol": {"start"}},
            allowed_classes={"a": {STANDS_ALONE}},
            url_schemes=URL_SCHEMES,
            link_rel="noopener",
        )
    )


def split(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text before the first ``###`` heading, and each heading with the text under it."""
    lines, tokens = text.split("\n"), _parser().parse(text)
    headings = [
        (token.map[0], token.map[1], _words(tokens[index + 1]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h3" and token.level == 0 and token.map
    ]
    starts = [start for start, _after, _words in headings] + [len(lines)]
    parts = [
        (words, "\n".join(lines[after:end]).strip())
        for (_start, after, words), end in zip(headings, starts[1:], strict=True)
    ]
    return "\n".join(lines[: starts[0]]).strip(), parts


def links(text: str) -> list[str]:
    """Return the address of every link in a text, in order."""
    return [
        str(child.attrs["href"])
        for token in _parser().parse(text)
        for child in token.children or ()
        if child.type == "link_open"
    ]


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _fit_into_page(token: Token) -> None:
    """Bring a heading under the page's own, and give a link that is a whole paragraph a target's height."""
    if token.type in {"heading_open", "heading_close"}:
        level = min(max(int(token.tag[1]), HIGHEST_HEADING), LOWEST_HEADING)
        token.tag = f"h{level}"
    elif token.type == "inline" and token.children and _is_one_link(token.children):
        token.children[0].attrSet("class", STANDS_ALONE)


def _is_one_link(children: Sequence[Token]) -> bool:
    ends = [index for index, child in enumerate(children) if child.type == "link_close"]
    return children[0].type == "link_open" and ends == [len(children) - 1]


def _words(token: Token) -> str:
    """Return a heading's words without their marks."""
    return "".join(child.content for child in token.children or ())
