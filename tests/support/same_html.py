"""HTML as it counts: elements, attributes and words, whatever the line breaks and the order of attributes."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple
from xml.etree.ElementTree import Element

import html5lib

SPACES = re.compile(r"[ \t\r\n\f]+")
SETS = {"class", "rel"}
"""Attributes whose words have no order."""
KEEPS_SPACES = {"pre", "textarea", "script", "style"}
WITHIN_A_LINE = {"a", "bdi", "em", "span", "strong"}
"""Elements beside which a space is seen."""


class Part(NamedTuple):
    """A tag or a text."""

    text: str
    breaks: bool
    """Whether spaces beside it are not seen."""


def difference(one: str, other: str) -> str:
    """Return the first place in which two pieces of HTML differ, empty where they are the same."""
    for first, second in zip_longest(parts(one), parts(other), fillvalue="(nothing)"):
        if first != second:
            return f"{first}\n  is not\n{second}"
    return ""


def parts(html: str) -> list[str]:
    """Return each tag and each text of a page or a piece of one, in order."""
    found = list(
        parts_of(html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False), keeps=False)
    )
    edge = Part("", breaks=True)
    seen = (
        shown(part, before, after)
        for before, part, after in zip([edge, *found], found, [*found[1:], edge], strict=False)
    )
    return [text for text in seen if text]


def shown(part: Part, before: Part, after: Part) -> str:
    """Return a part without spaces that are not seen."""
    text = part.text.removeprefix(" ") if before.breaks else part.text
    return text.removesuffix(" ") if after.breaks else text


def parts_of(element: Element, *, keeps: bool) -> Iterator[Part]:
    """Yield the parts of an element, the tag of its end included."""
    attributes = sorted((name, value_of(name, value)) for name, value in element.attrib.items())
    breaks = element.tag not in WITHIN_A_LINE
    keeps = keeps or element.tag in KEEPS_SPACES
    yield Part(f"<{element.tag}{''.join(f' {name}={value!r}' for name, value in attributes)}>", breaks)
    yield text_part(element.text, keeps=keeps)
    for child in element:
        if isinstance(child.tag, str):  # not a comment
            yield from parts_of(child, keeps=keeps)
        yield text_part(child.tail, keeps=keeps)
    yield Part(f"</{element.tag}>", breaks)


def text_part(text: str | None, *, keeps: bool) -> Part:
    """Return a text; ``keeps`` tells whether its spaces are shown as they are."""
    return Part(repr(text), breaks=False) if keeps else Part(SPACES.sub(" ", text or ""), breaks=False)


def value_of(name: str, value: str) -> str:
    """Return an attribute's value as it counts."""
    return " ".join(sorted(value.split())) if name in SETS else value
