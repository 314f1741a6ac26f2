"""The content that comes with the site: loaded once, and never again over what staff made of it.

``languages/<language>/starter/<kind>/<name>.md``: front matter with the fields of the kind's shape, then its
long text. The files of ``treatment/`` are one page: the first holds the page's own fields, each other a
section. Each language has a treatment page; a study or a patient is one item, in the first language that
tells of it, so that its file and its permission are kept in one place.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import frontmatter
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.audit.log import SYSTEM
from app.content.models import StarterLoad
from app.content.permissions import Given, Terms, add_permission
from app.content.services import add_item, add_version, check_publishable, show
from app.content.shapes import Body, Recent, Section, Study, Treatment
from app.core.database import db


def load_starter() -> list[str]:
    """Load and publish what was never loaded before; return the names of what was loaded now."""
    loaded = set(db.session.scalars(sa.select(StarterLoad.name)))
    return [
        name
        for name, language, kind, slug, files in parts()
        if name not in loaded and load_once(name, language, kind, slug, files)
    ]


def load_once(name: str, language: str, kind: str, slug: str, files: list[Path]) -> bool:
    """Load a part and return True, or False if another process that was started with this one has."""
    try:
        db.session.add(StarterLoad(name=name))
        db.session.flush()
        load_part(language, kind, slug, files)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    return True


def parts() -> Iterator[tuple[str, str, str, str, list[Path]]]:
    """Yield the name, language, kind, slug and files of each part."""
    told = set()
    for language in current_app.config["LANGUAGES"]:
        starter = current_app.config["LANGUAGES_FOLDER"] / language.replace("-", "_") / "starter"
        if pages := sorted((starter / "treatment").glob("*.md")):
            yield f"{language}/treatment", language, "treatment", language, pages
        for kind in ("study", "recent"):
            for path in sorted((starter / kind).glob("*.md")):
                if (kind, path.stem) not in told:
                    told.add((kind, path.stem))
                    yield f"{language}/{kind}/{path.stem}", language, kind, path.stem, [path]


def load_part(language: str, kind: str, slug: str, files: list[Path]) -> None:
    """Add one part to the session, published."""
    posts = [frontmatter.load(str(path)) for path in files]
    body = treatment(posts) if kind == "treatment" else entry(kind, posts[0])
    item = add_item(kind, slug, language)
    version = add_version(item, body, "", SYSTEM)
    permission = posts[0].metadata.get("permission")
    if isinstance(permission, dict):
        add_permission(item, given(permission), SYSTEM)
    db.session.flush()
    check_publishable(item, body)
    show(item, version, body, SYSTEM)


def treatment(posts: list[frontmatter.Post]) -> Treatment:
    """Return the page that the files make."""
    page, *sections = posts
    return Treatment(
        **fields_of(page), sections=tuple(Section(**fields_of(s), body=s.content) for s in sections)
    )


def entry(kind: str, post: frontmatter.Post) -> Body:
    """Return the study or the recent patient that a file tells of."""
    values = {name: value for name, value in fields_of(post).items() if name != "permission"}
    return Study(**values, measured=post.content) if kind == "study" else Recent(**values)


def fields_of(post: frontmatter.Post) -> dict[str, Any]:
    """Return a file's front matter; a date in it as ISO 8601 text, as ``shapes.Claim`` keeps it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in post.metadata.items()
    }


def given(permission: dict[str, Any]) -> Given:
    """Return the permission that a file's front matter records."""
    return Given(
        basis=permission["basis"],
        terms=Terms(
            given_by=permission["given_by"],
            shown_name=permission["shown_name"],
            covers=tuple(permission["covers"]),
        ),
    )
