"""Markdown never becomes script, and stands under the page's own headings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.markdown import links, render, split
from tests.support.pages import Page

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[words](javascript:alert(1))",
    "[words](JaVaScRiPt:alert(1))",
    "[words](data:text/html,<script>alert(1)</script>)",
    "[words](vbscript:x)",
    "<javascript:alert(1)>",
    "![picture](https://elsewhere.example/pixel.png)",
    "[a]: javascript:alert(1)\n\n[a]",
    "<svg/onload=alert(1)>",
    "`<script>`",
    '[words](https://a.example "title\\" onmouseover=alert(1)")',
]
ALLOWED = {
    *("html", "head", "body", "title", "h1", "p", "br", "hr", "strong", "em", "code", "pre", "a", "ul"),
    *("ol", "li", "h3", "h4", "blockquote", "table", "thead", "tbody", "tr", "th", "td"),
}


def parsed(text: str) -> Page:
    return Page(
        f"<!DOCTYPE html><html><head><title>t</title></head><body><h1>h</h1>{render(text)}</body></html>"
    )


def assert_harmless(text: str) -> None:
    for element in parsed(text).root.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag in ALLOWED
        assert set(element.attrib) <= {"href", "rel", "class", "start", "title"}
        href = element.get("href", "")
        scheme = href.partition(":")[0].lower() if ":" in href.partition("/")[0] else ""
        assert scheme in {"", "http", "https", "mailto", "tel"}, href


@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_run_comes_out_as_words(text: str) -> None:
    assert_harmless(text)


@given(st.text(alphabet=st.sampled_from("<>[]()!`*_#-:/\"'&\\ \nabjavscript="), max_size=200))
def test_no_mixture_of_signs_makes_anything_but_text(text: str) -> None:
    assert_harmless(text)


def test_headings_stand_under_the_pages_own() -> None:
    html = render("# One\n\n## Two\n\n### Three\n\n##### Five")

    assert html.count("<h3>") == 3
    assert html.count("<h4>") == 1


def test_a_link_that_stands_alone_is_a_target_of_its_own() -> None:
    assert 'class="stand-alone-link"' in render("[words](/cases)")
    assert "class" not in render("Some [words](/cases)")
    assert "class" not in render("[one](/a) [two](/b)")


def test_a_text_is_split_at_its_headings_and_nowhere_else() -> None:
    lead, parts = split("First.\n\n### One\n\na\n\n```\n### not one\n```\n\n### Two\n#### Under it\nb\n")

    assert lead == "First."
    assert parts == [("One", "a\n\n```\n### not one\n```"), ("Two", "#### Under it\nb")]
    assert split("No heading") == ("No heading", [])
    assert split("") == ("", [])


def test_a_heading_is_its_words_and_lines_are_counted_as_markdown_counts_them() -> None:
    text = "### **Gains** reported\n\na\u2028b\n\n### What to expect\n\nc"

    assert split(text)[1] == [("Gains reported", "a\u2028b"), ("What to expect", "c")]


def test_addresses_are_read_out_of_a_text() -> None:
    text = "- **One** [two](/cases)\n- [three](https://elsewhere.example/)"

    assert links(text) == ["/cases", "https://elsewhere.example/"]
