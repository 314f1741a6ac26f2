"""The galleries: pages of cards, chosen by filters, with the whole state in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.content import queries
from app.content.shown import Card, card
from app.core import terms

State = Mapping[str, Any]
"""What an address says: each name with its text."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a filter."""

    text: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Gallery:
    """One page of a gallery."""

    cards: list[Card]
    filters: list[tuple[str, str, list[Option]]]
    """Of each filter its key, its question and its answers."""
    chosen: list[str]
    """The answers chosen, in words."""
    state: State
    """What its address says."""
    more_address: str
    """Where the next page is; empty on the last."""
    first_address: str
    """Where the first page is; empty on that."""


def gallery(kind: str, asked: Mapping[str, str]) -> Gallery:
    """Return the page of a gallery that an address asks for; what a filter does not know is not asked."""
    endpoint = {"case": "content.cases", "story": "content.stories"}[kind]
    answers = {"region": regions(), "completeness": completeness()} if kind == "case" else {}
    filters: State = {key: asked[key] for key in answers if asked.get(key) in answers[key]}
    after = asked.get("after", "")
    found = queries.published_entries(kind, **filters, after=after, limit=queries.PAGE_SIZE + 1)
    shown = found[: queries.PAGE_SIZE]
    more = shown[-1].item.slug if len(found) > len(shown) else ""
    return Gallery(
        cards=[card(entry) for entry in shown],
        filters=[
            (key, question, options(endpoint, key, answers[key], filters))
            for key, question in (("region", _("Where the injury is")), ("completeness", _("How complete")))
            if key in answers
        ],
        chosen=[answers[key][value] for key, value in filters.items()],
        state={**filters, "after": after} if after else filters,
        more_address=url_for(endpoint, **filters, after=more) if more else "",
        first_address=url_for(endpoint, **filters) if after else "",
    )


def options(endpoint: str, key: str, answers: Mapping[str, str], filters: State) -> list[Option]:
    """Return the answers of one filter; each keeps what the other filters say."""
    others: State = {name: value for name, value in filters.items() if name != key}
    every = Option(_("All"), url_for(endpoint, **others), key not in filters)
    return [
        every,
        *(
            Option(text, url_for(endpoint, **{**others, key: value}), filters.get(key) == value)
            for value, text in answers.items()
        ),
    ]


def regions() -> dict[str, str]:
    """Return the regions that can be chosen."""
    return {key: str(text) for key, text in terms.INJURY_REGION.items() if key != "unknown"}


def completeness() -> dict[str, str]:
    """Return what can be chosen of completeness."""
    return {key: str(text) for key, text in terms.COMPLETENESS.items() if key != "unknown"}
