"""How a page is found and shared: what search engines, feed readers and shared links read of it.

Nothing here says more than the page itself does: no promise of an effect, no rating.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _

from app.content import queries
from app.content.pictures import largest
from app.content.queries import Entry
from app.core.clock import now
from app.core.i18n import page_language
from app.core.links import public_address

PLACES = {"case": "cases", "story": "stories", "study": "studies"}
"""The kinds that have pages of their own, and where these stand."""
KEPT_OUT = ("/desk", "/open", "/my", "/inquiries")
"""What robots are asked to leave alone."""
FEED_LENGTH = 20
SHARED_WIDTH = 1280
"""Pixels of the picture that a shared link shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What others read of a page before they open it."""

    title: str
    description: str
    address: str
    """The page's one public address."""
    is_article: bool = False
    modified: datetime | None = None
    """When what it says was published."""
    linked_data: dict[str, Any] | None = None
    """What it says to machines, as schema.org names it."""
    image: str = ""
    """The public address of its picture."""
    image_alt: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    """The page in each of its languages: code and public address."""


def found_home(entry: Entry) -> Found:
    """Return what is read of the start page, which the treatment page stands on."""
    body, homes = entry.body, home_addresses()
    address = homes.get(entry.item.language, public_address("site.home"))
    found = with_linked_data(entry, body.title, body.description or body.lead, address)
    return replace(found, alternates=tuple(homes.items()) if len(homes) > 1 else ())


def home_addresses() -> dict[str, str]:
    """Return the start page's public address in each language that the treatment page is published in."""
    first, *others = current_app.config["LANGUAGES"]
    published = queries.published_languages("treatment")
    translated = {
        language: public_address("site.home", lang=language) for language in others if language in published
    }
    return {first: public_address("site.home"), **translated}


def found_entry(entry: Entry) -> Found | None:
    """Return what is read of an entry's own page, or None for what has none."""
    kind, slug, body = entry.item.kind, entry.item.slug, entry.body
    if kind == "treatment":
        return found_home(entry)
    if kind not in PLACES:
        return None
    address = public_address(f"content.{kind}", slug=slug)
    if kind == "study":
        description = _("What was measured, and the paper to read or save.")
        return Found(title=body.title, description=description, address=address)
    return with_linked_data(entry, body.title, body.summary or body.title, address)


def with_linked_data(entry: Entry, title: str, description: str, address: str) -> Found:
    """Return what is read of a page on the injury, to machines as well."""
    modified = entry.item.published_at or entry.version.made_at
    image, image_alt = shared_picture(entry)
    return Found(
        title=title,
        description=description,
        address=address,
        is_article=entry.item.kind != "treatment",
        modified=modified,
        linked_data={
            "@context": "https://schema.org",
            "@type": "MedicalWebPage",
            "name": title,
            "description": description,
            "url": address,
            "inLanguage": entry.item.language,
            "dateModified": modified.isoformat(),
            "audience": {"@type": "Patient"},
            "about": {"@type": "MedicalCondition", "name": "Spinal cord injury"},
        },
        image=image,
        image_alt=image_alt,
    )


def shared_picture(entry: Entry) -> tuple[str, str]:
    """Return the public address and the words of an entry's picture, if the person lets it be shown."""
    picture = getattr(entry.body, "picture", None)
    covers = entry.permission.terms["covers"] if entry.permission else ()
    if not picture or not picture.files or "picture" not in covers:
        return "", ""
    name = f"picture-{largest(picture, SHARED_WIDTH)}.jpg"
    kinds = PLACES[entry.item.kind]
    return public_address("content.file", kinds=kinds, slug=entry.item.slug, name=name), picture.alt


def found_list(endpoint: str, title: str, description: str, **state: str) -> Found:
    """Return what is read of a list in one of its states."""
    return Found(title=title, description=description, address=public_address(endpoint, **state))


def sitemap() -> str:
    """Return the public pages' addresses, as the protocol of sitemaps.org has it."""
    own = [
        (public_address(f"content.{kind}", slug=slug), published_at)
        for kind, slug, published_at in queries.published_slugs(PLACES)
    ]
    lists = [public_address(endpoint) for endpoint in ("content.cases", "content.stories")]
    others = [(address, None) for address in (*home_addresses().values(), *lists)]
    return render_template("content/sitemap.xml", pages=[*others, *own])


def robots() -> str:
    """Return what robots are asked, RFC 9309."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT)]
    return "\n".join([*lines, "", f"Sitemap: {public_address('content.sitemap')}", ""])


def feed() -> str:
    """Return the newest stories as an Atom feed, RFC 4287.

    Their texts are not in it: readers keep what they fetched, and a permission can be withdrawn.
    """
    stories = queries.newest_stories(FEED_LENGTH)
    return render_template(
        "content/feed.xml",
        address=public_address("content.feed"),
        stories_address=public_address("content.stories"),
        updated=newest_change(stories),
        language=page_language(),
        stories=[(story, public_address("content.story", slug=story.item.slug)) for story in stories],
    )


def newest_change(entries: Sequence[Entry]) -> datetime:
    """Return when the last of these was published; now if there is none."""
    return max((entry.item.published_at for entry in entries if entry.item.published_at), default=now())
