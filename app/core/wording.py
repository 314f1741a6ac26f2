"""What is said: texts in the reader's language, and fields drawn once with holes for what was typed.

Flask-Babel finds out anew for every text in which language the page is, and the form components put every
field together from dozens of small macros: they would make up nine tenths of what a page with a form costs.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial, wraps
from typing import Any, NamedTuple, TypeVar

from babel import Locale
from flask import Flask, current_app, g
from flask_babel import force_locale, get_locale
from flask_babel import gettext as found_text
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape
from wtforms import BooleanField
from wtforms.fields import Field
from wtforms.fields.choices import Choice, SelectFieldBase

MOST_KEPT = 4_000
"""Texts and other words, or fields, of one language; the whole site has fewer of each."""
MOST_LISTS = 64
"""Lists of suggestions that are kept ready."""

HOLE = f"hole-{secrets.token_hex(8)}"
"""Begins every hole; nothing else on a page does."""
HOLES = re.compile(rf' {HOLE}-answer-(\d+)=""|{HOLE}-(error|value)')

Draw = Callable[..., Markup]
"""A macro."""
MISSING = object()
"""Stands for what is not kept."""
Value = TypeVar("Value")
Words = TypeVar("Words")


class Kept(NamedTuple):
    """What is kept of one language."""

    words: dict[Hashable, Any]
    frames: dict[Hashable, Any]


def init_wording(app: Flask) -> None:
    """Give templates ``_``, what keeps the frames of fields, and lists of suggestions."""
    app.extensions["wording"] = defaultdict(lambda: Kept({}, {}))
    translate = pass_eval_context(translated)
    app.jinja_env.globals.update(_=translate, gettext=translate)
    app.add_template_filter(lambda draw: partial(drawn, draw), "drawn_once")
    app.add_template_filter(lambda draw: partial(said, draw), "said_once")
    app.add_template_filter(options)


def kept() -> Kept:
    """Return what is kept of the language that is spoken now, which ``speaking_in`` alone may change."""
    # Each use of g itself finds out anew where it is.
    here = g._get_current_object()
    found: Kept | None = here.get("kept_words")
    if found is None:
        found = here.kept_words = current_app.extensions["wording"][get_locale()]
    return found


@contextmanager
def speaking_in(locale: Locale) -> Iterator[None]:
    """Let what is written within be in a language, whatever the page's is."""
    with force_locale(locale):
        before = g.pop("kept_words", None)
        try:
            yield
        finally:
            g.kept_words = before


def once(words: Callable[[Value], Words]) -> Callable[[Value], Words]:
    """Let a function find the words of a value once for each language: they depend on nothing else.

    Only for values of which there are few, and never for what somebody typed: it would stay.
    """

    @wraps(words)
    def found(value: Value) -> Words:
        known, key = kept().words, (words, value)
        said: Any = known.get(key, MISSING)
        # Another thread may let all go at any moment.
        return keep(known, key, words(value)) if said is MISSING else said  # type: ignore[no-any-return]

    return found


@once
def plain(text: str) -> str:
    """Return a text in the language that is spoken, as it stands in the translations."""
    return str(found_text(text))


def gettext(text: str, /, **variables: object) -> str:
    """Return a text in the language that is spoken, as Flask-Babel's does."""
    words = plain(text)
    return words % variables if variables else words


def translated(context: EvalContext, text: str, /, **variables: Any) -> str:
    """Return a template's text in the language that is spoken, as Jinja's own ``_`` does."""
    if variables:
        found = plain(text)
        return (Markup(found) if context.autoescape else found) % variables  # noqa: S704 -- our own texts
    known = kept().words
    words = known.get(text) or keep(known, text, Markup(plain(text) % variables))  # noqa: S704 -- our own
    return words if context.autoescape else str(words)


def said(words: Callable[[], Words]) -> Words:
    """Return what ``words`` does, found once for each language: it depends on nothing else."""
    known = kept().words
    found: Words = known.get(words) or keep(known, words, words())
    return found


class Frame(NamedTuple):
    """A field as it is drawn, with holes."""

    start: str
    rest: list[tuple[int | str, str]]
    """Each hole, the number of an answer or the name of what belongs there, and what follows it."""
    texts: Sequence[Any]
    """Those in it, by which it is known: while they are held on to, nothing else has their ids."""


def drawn(draw: Draw, field: Field, *args: Any, **kwargs: Any) -> Markup:
    """Return a field as ``draw`` draws it with these arguments.

    Its frame is drawn once in each language; what was typed, and what is said of that, is put in each time.
    """
    answers = answers_of(field)
    texts = [field.label.text, field.description, *[answer.label for answer in answers]]
    key = (
        draw,
        args,
        *kwargs.items(),
        type(field.widget),
        field.id,
        field.name,
        bool(field.errors),
        *vars(field.flags).items(),
        *(field.render_kw or {}).items(),
        *map(id, texts),
        *[answer.value for answer in answers],
    )
    known = kept().frames
    frame = known.get(key)
    if frame is None:
        if not all(isinstance(text, LazyString) or not text for text in texts):
            return draw(field, *args, **kwargs)  # these words are not the program's own, but somebody's
        frame = keep(known, key, framed(draw(Blank(field), *args, **kwargs), texts))
    return Markup(filled(frame, field, answers))  # noqa: S704 -- what is put in is escaped


class Blank:
    """Stands for a field while its frame is drawn, with holes for what the field says on one page alone."""

    def __init__(self, field: Field) -> None:
        """Take the field."""
        self.field = field
        self.errors = [f"{HOLE}-error"] if field.errors else []

    def __getattr__(self, name: str) -> Any:
        """Return what the field has."""
        return getattr(self.field, name)

    def __iter__(self) -> Iterator[Field]:
        """Return the answers to choose from."""
        return iter(self.field)

    def __call__(self, params: dict[str, Any], **attributes: Any) -> Any:
        """Draw it by the field's widget."""
        count = len(answers_of(self.field))
        if not count:
            attributes = {"value": f"{HOLE}-value", **attributes}
        holes = [{"checked": False, "attributes": {f"{HOLE}-answer-{n}": ""}} for n in range(count)]
        items = {"items": holes} if holes else {}
        return self.meta.render_field(self, {**attributes, "params": {**params, **items}})


def answers_of(field: Field) -> list[Choice]:
    """Return the answers that a field has to choose from; none where something is typed."""
    if isinstance(field, SelectFieldBase):
        return list(field.iter_choices())
    if isinstance(field, BooleanField):
        return [Choice(field._value(), field.label.text, bool(field.data), {})]
    return []


def framed(html: str, texts: Sequence[Any]) -> Frame:
    """Return what was drawn as a frame."""
    start, *rest = HOLES.split(html)
    holes = [int(number) if number else name for number, name in zip(rest[::3], rest[1::3], strict=True)]
    return Frame(start, list(zip(holes, rest[2::3], strict=True)), texts)


def filled(frame: Frame, field: Field, answers: Sequence[Choice]) -> str:
    """Return a field's HTML, with what belongs into each hole."""
    parts = [frame.start]
    for hole, after in frame.rest:
        if hole == "value":
            parts.append(escape(field._value()))
        elif hole == "error":
            parts.append(escape(field.errors[0]))
        elif answers[int(hole)].selected:
            parts.append(" checked")
        parts.append(after)
    return "".join(parts)


def options(values: Iterable[str]) -> Markup:
    """Return the options of a list of suggestions."""
    return options_of(tuple(values))


@lru_cache(maxsize=MOST_LISTS)
def options_of(values: tuple[str, ...]) -> Markup:
    """Return what ``options`` does; the countries alone are 250, and the same on every page."""
    return Markup("").join(Markup('<option value="{}"></option>').format(value) for value in values)


def keep(known: dict[Hashable, Any], key: Hashable, value: Any) -> Any:
    """Return a value, and keep it; when there are too many, all go, and those in use come back."""
    if len(known) >= MOST_KEPT:
        known.clear()
    known[key] = value
    return value
