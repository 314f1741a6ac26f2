"""Two versions of one item side by side: which words are new, and which are gone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any

from app.content.shapes import Body, Picture, Section
from app.content.vocabulary import FIELDS, MEASURES

MOST_WORDS = 2_000
"""Words of a changed passage that are compared one by one; of a longer one all count as changed."""

FILES = {"file", "recording", "captions"}
"""Fields that hold the id of a stored file."""

Segments = list[tuple[str, str]]
"""``same``, ``gone`` or ``new``, and the words."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one field."""

    label: str
    segments: Segments


def differences(older: Body | Section, newer: Body | Section) -> list[Difference]:
    """Return each field that is not the same in both, in the order of the form."""
    before, after = dict(_texts(older)), dict(_texts(newer))
    labels = list(dict.fromkeys([*after, *before]))
    return [
        Difference(label, _segments(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def _texts(body: Any, within: str = "") -> Iterator[tuple[str, str]]:
    """Yield a label and the text of every field of a body."""
    for each in fields(body):
        value = getattr(body, each.name)
        label = f"{within}{FIELDS.get(each.name, each.name)}"
        if each.name == "sections":
            # The order of sections is told by their headings.
            yield label, "\n".join(section.heading for section in value)
            for section in value:
                yield from _texts(section, f"{section.anchor}: ")
        elif each.name == "outcome":
            for measure, pair in value.items():
                yield f"{MEASURES.get(measure, measure)}", " → ".join(pair)
        elif isinstance(value, Picture):
            yield f"{label}, {FIELDS['alt']}", value.alt
            yield label, _mark(next(iter(value.files.values()), ""))
        elif each.name in FILES:
            yield label, _mark(value)
        else:
            yield label, "" if value is None else str(value)


def _mark(stored: str) -> str:
    """Return what tells one stored file from another: the random end of its id."""
    return f"…{stored[-8:]}" if stored else ""


def _segments(older: str, newer: str) -> Segments:
    """Return the words that stayed, went and came: by lines first, by words inside changed lines.

    ``SequenceMatcher`` leaves out what is repeated often in a long text, which keeps its time bounded.
    """
    found: Segments = []
    for op, before, after in _changes(older.splitlines(True), newer.splitlines(True)):
        if op == "replace":
            found += _words(before, after)
        else:
            found += _segment(op, before, after)
    return found


def _words(before: str, after: str) -> Segments:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if max(len(old), len(new)) > MOST_WORDS:
        return [("gone", before), ("new", after)]
    return [piece for change in _changes(old, new) for piece in _segment(*change)]


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        yield op, "".join(old[i1:i2]), "".join(new[j1:j2])


def _segment(op: str, before: str, after: str) -> Segments:
    if op == "equal":
        return [("same", after)]
    return [piece for piece in (("gone", before), ("new", after)) if piece[1]]
