"""What each kind of content holds, as one version of it is kept.

A version's body is one JSON value. These classes are its shape: a field that was added later reads as
empty from a version that was written before. Long texts are Markdown (``markdown.py``).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from app.core.terms import region_of

TITLE_LENGTH = 200
"""Characters of a title, a heading or a description."""
SHORT_LENGTH = 200
"""Characters of an answer on one line, such as a result in the table of outcomes."""
BODY_LENGTH = 40_000
"""Characters of a long text."""
ADDRESS_LENGTH = 500
"""Characters of a web address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in every size and format that the pages use."""

    alt: str = ""
    """What it shows, for who does not see it."""
    width: int = 0
    """Of the largest size, in pixels."""
    height: int = 0
    """Of the largest size, in pixels."""
    files: dict[str, str] = field(default_factory=dict)
    """The stored file's id by its name, such as ``640.avif``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who says what stands here, and when somebody last looked whether it is still said."""

    source: str = ""
    """Who says so."""
    source_url: str = ""
    """Where it can be read."""
    checked: str = ""
    """The day it was last checked, ISO 8601."""
    nature: str = ""
    """What kind of figure it is, as "Not a controlled trial."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Claim):
    """A part of the treatment page."""

    anchor: str = ""
    """Its address on the page."""
    layout: str = "text"
    """How its text is set: one of ``vocabulary.LAYOUTS``."""
    heading: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """The treatment page."""

    title: str = ""
    lead: str = ""
    """What the page is about, under the title."""
    description: str = ""
    """What search engines and shared links show."""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Claim):
    """A paper that can be read and saved."""

    title: str = ""
    year: int | None = None
    """When it was published."""
    patients: int | None = None
    """How many took part."""
    measured: str = ""
    """What was measured, and by which standards."""
    language: str = ""
    """The paper's own language, a two-letter code."""
    file: str = ""
    """The stored PDF's id; empty while the file is awaited."""
    pages: int | None = None
    size: int | None = None
    """Bytes of the PDF."""
    picture: Picture = field(default_factory=Picture)
    """The first page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Claim):
    """What was done for one patient, and what was recorded before and after."""

    title: str = ""
    summary: str = ""
    age: int | None = None
    """Age at treatment, in years."""
    country: str = ""
    """ISO 3166 alpha-2."""
    region: str = ""
    level: str = ""
    """Neurological level of injury."""
    completeness: str = ""
    injury_year: int | None = None
    injury_month: int | None = None
    treatment: str = ""
    """What was given."""
    outcome: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Measure (``vocabulary.MEASURES``) to what was recorded before and after."""
    measured: str = ""
    """Who measured, when and how."""
    notes: str = ""
    """What else was seen, harm included."""
    picture: Picture = field(default_factory=Picture)

    @property
    def injury_region(self) -> str:
        """The region of the spine, by the level where one is known."""
        return region_of(self.level) if self.level else self.region


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Claim):
    """A patient's own account, in three parts."""

    title: str = ""
    summary: str = ""
    age: int | None = None
    country: str = ""
    level: str = ""
    completeness: str = ""
    origin: str = ""
    """Who wrote it: one of ``vocabulary.ORIGINS``."""
    before: str = ""
    protocols: str = ""
    """What was received."""
    after: str = ""
    interview_url: str = ""
    recording: str = ""
    """The stored video's or sound's id."""
    recording_type: str = ""
    """Its media type."""
    captions: str = ""
    """The stored WebVTT file's id."""
    transcript: str = ""
    picture: Picture = field(default_factory=Picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent(Claim):
    """A line in the list of recent patients."""

    age: int | None = None
    country: str = ""
    injury: str = ""
    """Level and completeness as it is published, such as "SCI L-1 incomplete"."""
    story: str = ""
    """The slug of the story it leads to."""
    interview_url: str = ""


Body = Treatment | Study | Case | Story | Recent

SHAPES: dict[str, type[Body]] = {
    "treatment": Treatment,
    "study": Study,
    "case": Case,
    "story": Story,
    "recent": Recent,
}
"""The kinds of content, in the order that the editors' pages list them."""

Plain = dict[str, Any]


def to_plain(body: Body) -> Plain:
    """Return a body as JSON keeps it."""
    return asdict(body)


def from_plain(kind: str, plain: Mapping[str, Any]) -> Body:
    """Return the body that ``to_plain`` made of a kind; what the kind does not know any more is left out."""
    body: Body = _read(SHAPES[kind], plain)
    return body


def _read(shape: Any, plain: Mapping[str, Any]) -> Any:
    known = {each.name for each in fields(shape)}
    values = {name: value for name, value in plain.items() if name in known}
    if isinstance(values.get("picture"), Mapping):
        values["picture"] = _read(Picture, values["picture"])
    if "sections" in values:
        values["sections"] = tuple(_read(Section, section) for section in values["sections"])
    if "outcome" in values:
        values["outcome"] = {measure: tuple(pair) for measure, pair in values["outcome"].items()}
    return shape(**values)


def named_files(body: Body) -> dict[str, str]:
    """Return the stored files that a body names: the name in their address, to the id."""
    picture = getattr(body, "picture", Picture())
    named = {f"picture-{name}": stored for name, stored in picture.files.items()}
    endings = {"file": "study.pdf", "recording": "recording", "captions": "captions.vtt"}
    named |= {name: getattr(body, attribute, "") for attribute, name in endings.items()}
    return {name: stored for name, stored in named.items() if stored}
