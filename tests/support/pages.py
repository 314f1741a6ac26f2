"""Pages as a strict reader sees them: parsed by the HTML standard, and checked on the way."""

import hashlib
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
MOST_PAGES = 500


class Page:
    """One parsed page."""

    def __init__(self, html: str) -> None:
        """Parse strictly: what the HTML standard calls a parse error is an error."""
        parser = html5lib.HTMLParser(
            tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False
        )
        try:
            self.root: Element = parser.parse(html)
        except ParseError as error:
            (line, _column), _code, _data = parser.errors[-1]
            raise AssertionError(f"not HTML5: {error} Line {line}: {html.splitlines()[line - 1]}") from error

    def all(self, tag: str) -> list[Element]:
        """Return every element of a kind."""
        return list(self.root.iter(tag))

    def by_id(self, identifier: str) -> Element:
        """Return the element with this id."""
        return next(element for element in self.root.iter() if element.get("id") == identifier)

    def with_class(self, name: str) -> list[Element]:
        """Return the elements of a class."""
        return [found for found in self.root.iter() if name in found.get("class", "").split()]

    @property
    def title(self) -> str:
        """The title, on one line."""
        return text_of(self.all("title")[0])

    @property
    def heading(self) -> str:
        """The text of the h1."""
        return text_of(self.all("h1")[0])

    @property
    def text(self) -> str:
        """All text of the body, on one line."""
        return text_of(self.all("body")[0])

    @property
    def errors(self) -> dict[str, str]:
        """The error summary: names of fields and what it says of them."""
        return {
            link.get("href", "").removeprefix("#"): text_of(link)
            for box in self.with_class("govuk-error-summary")
            for link in box.iter("a")
        }

    def form(self, action: str) -> Element:
        """Return the form that posts to ``action``."""
        return next(form for form in self.all("form") if form.get("action") == action)

    def values(self, action: str) -> dict[str, list[str]]:
        """Return what a browser would send of this form, untouched: each name with its values."""
        found: dict[str, list[str]] = {}
        for field in self.form(action).iter():
            name, kind = field.get("name"), field.get("type", "text")
            if name is None or field.tag not in {"input", "textarea", "select"}:
                continue
            if field.tag == "textarea":
                # The parser drops the one line break that the standard says to drop.
                found.setdefault(name, []).append("".join(field.itertext()))
            elif kind in {"checkbox", "radio"}:
                if field.get("checked") is not None:
                    found.setdefault(name, []).append(field.get("value", "on"))
            elif kind not in {"submit", "button"}:
                found.setdefault(name, []).append(field.get("value", ""))
        return found


def text_of(element: Element) -> str:
    """Return an element's text with single spaces."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def page_of(response: TestResponse) -> Page:
    """Return the page that an answer holds."""
    assert response.mimetype == "text/html", response.mimetype
    known: Page | None = getattr(response, "page", None)  # ``StrictClient`` has read it already
    return known or Page(response.get_data(as_text=True))


def check(page: Page, app: Flask) -> None:
    """Assert what every page of the site has to have."""
    root = page.root
    assert page.title, "the page has no title"
    assert page.all("html")[0].get("lang"), "the page names no language"
    assert len(page.all("h1")) == 1, f"{len(page.all('h1'))} h1 on “{page.title}”"
    assert page.heading, "the h1 is empty"
    ids = [element.get("id", "") for element in root.iter() if element.get("id") is not None]
    assert len(ids) == len(set(ids)), f"ids used twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    for form in page.all("form"):
        action, method = form.get("action", ""), form.get("method", "get").upper()
        assert action, "a form has no action"
        assert routed(app, action, method), f"no route for {method} {action}"
    for link in page.all("a"):
        target = link.get("href", "")
        if target.startswith("/"):
            assert routed(app, target, "GET"), f"no route for the link {target}"
        elif target.startswith("#") and target != "#":
            assert target[1:] in ids, f"nothing on the page has the id of the link {target}"
    for field in (*page.all("input"), *page.all("select"), *page.all("textarea")):
        assert field.get("type") in UNLABELLED or is_labelled(field, page), (
            f"no label for {field.get('name')}"
        )


def is_labelled(field: Element, page: Page) -> bool:
    """Return whether a label with words belongs to a field."""
    if field.get("aria-label") or field.get("aria-labelledby"):
        return True
    return any(
        text_of(label) and (label.get("for") == field.get("id") is not None or field in list(label.iter()))
        for label in page.all("label")
    )


def routed(app: Flask, target: str, method: str) -> bool:
    """Return whether the application has a view for this address."""
    try:
        app.url_map.bind("localhost").match(urlsplit(target).path or "/", method=method)
    except HTTPException as error:
        return error.code is not None and error.code < 400  # a redirect of the router's
    return True


def keep(html: str, page: Page) -> None:
    """Save a page for the HTML checker, once for each structure that pages come in."""
    if not (folder := os.environ.get("PAGES_DIR")):
        return
    digest = hashlib.sha256()
    for element in page.root.iter():
        attributes = sorted(
            (name, "" if name in {"value", "nonce"} else value) for name, value in element.items()
        )
        digest.update(repr((str(element.tag), attributes, bool(text_of(element)))).encode())
    path = Path(folder) / f"{digest.hexdigest()[:16]}.html"
    if not path.exists() and len(list(path.parent.iterdir())) < MOST_PAGES:
        path.write_text(html, encoding="utf-8")


class StrictClient(FlaskClient):
    """A client that reads every page it is given, and fails on one that is not well made."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; check the page that comes back."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            html = response.get_data(as_text=True)
            page = Page(html)
            check(page, self.application)
            keep(html, page)
            response.page = page  # type: ignore[attr-defined]
        return response
