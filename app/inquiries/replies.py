"""Reply templates: the words that answers begin with. They hold placeholders, and nothing personal."""

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.audit.log import SYSTEM, Actor, record
from app.audit.models import AuditEntry
from app.core.changes import change_of
from app.core.clock import now
from app.core.database import db, new_id
from app.core.terms import Choices
from app.inquiries.answering import language_of_person
from app.inquiries.confidences import name_of_writer
from app.inquiries.models import Inquiry, ReplyTemplate
from app.inquiries.sending import answers_of

NAME_LENGTH = 120
"""Characters of a template's name."""
HANDLE_LENGTH = 16
PLACEHOLDERS: Choices = {
    "name": _l("the name of the person who wrote"),
    "reference": _l("the inquiry’s reference"),
    "coordinator": _l("your own name"),
    "site_name": _l("the name that mails come from"),
    "days": _l("in how many working days the site promises an answer"),
}
"""What a template may hold in braces, and what comes in its place."""
PLACEHOLDER = re.compile(r"\{([^{}\n]{0,60})\}")
OBJECT = "reply_template"
"""What the audit record calls one."""
LOADED = "reply_templates.loaded"
"""What it calls that those were loaded that come with the site."""


@dataclass(frozen=True, slots=True)
class Template:
    """What an administrator writes of a template."""

    name: str
    status: str
    """A key of ``vocabulary.STATUS``, empty for all."""
    language: str
    text: str


def all_templates() -> Sequence[ReplyTemplate]:
    """Return every template: by language as the site has them, by status, and by name."""
    # Databases put what has no status at either end.
    rows = db.session.scalars(sa.select(ReplyTemplate))
    return sorted(rows, key=lambda row: (place_of(row.language), row.status or "", row.name, row.handle))


def place_of(language: str) -> tuple[bool, str]:
    """Return what languages are put in order by: the site's first one, then the others by their codes."""
    return language != current_app.config["LANGUAGES"][0], language


def template_of(handle: str) -> ReplyTemplate | None:
    """Return the template with this handle, or None."""
    return db.session.scalar(sa.select(ReplyTemplate).where(ReplyTemplate.handle == handle))


def offered_for(inquiry: Inquiry) -> list[ReplyTemplate]:
    """Return the templates that an answer may begin with: for where the inquiry stands, or for all.

    Those in the person's language come first, and in each language those that are for this status alone.
    """
    language = language_of_person(inquiry)
    fitting = [template for template in all_templates() if template.status in {None, inquiry.status}]
    return sorted(
        fitting, key=lambda one: (one.language != language, place_of(one.language), one.status is None)
    )


def values_for(inquiry: Inquiry, coordinator: str) -> dict[str, str]:
    """Return what comes in the place of each of ``PLACEHOLDERS`` in an answer that ``coordinator`` writes."""
    return {
        "name": name_of_writer(answers_of(inquiry)),
        "reference": inquiry.reference,
        "coordinator": coordinator,
        # Not the site's own name: whoever sees an inbox must not learn from it what the site is about.
        "site_name": current_app.config["MAIL_SENDER_NAME"],
        "days": str(current_app.config["ANSWER_WORKING_DAYS"]),
    }


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a template's text with values in place of the placeholders; one without a value stays."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def placeholders_in(text: str) -> list[str]:
    """Return what stands in braces in a text, with them, each once."""
    return list(dict.fromkeys(found[0] for found in PLACEHOLDER.finditer(text)))


def unknown_placeholders(text: str) -> list[str]:
    """Return what stands in braces in a text and is none of ``PLACEHOLDERS``."""
    return [each for each in placeholders_in(text) if each[1:-1].strip() not in PLACEHOLDERS]


def create_template(template: Template, actor: Actor) -> str:
    """Keep a new template, and return its handle."""
    handle = secrets.token_hex(HANDLE_LENGTH // 2)
    row = add_template(template, handle, actor)
    record(actor, "reply_template.created", OBJECT, row.id, name=template.name)
    db.session.commit()
    return handle


def change_template(row: ReplyTemplate, template: Template, seen_version: int, actor: Actor) -> None:
    """Put other words into a template.

    Raises ChangedMeanwhileError if it is not at ``seen_version`` any more.
    """
    with change_of(row, seen_version):
        write(row, template, actor)
        record(actor, "reply_template.changed", OBJECT, row.id, name=template.name)


def remove_template(row: ReplyTemplate, seen_version: int, actor: Actor) -> None:
    """Remove a template for good; answers that began with it stay as they are.

    Raises ChangedMeanwhileError if it is not at ``seen_version`` any more.
    """
    with change_of(row, seen_version):
        db.session.delete(row)
        record(actor, "reply_template.removed", OBJECT, row.id, name=row.name)


def add_template(template: Template, handle: str, actor: Actor) -> ReplyTemplate:
    """Add a template to the session and return its row."""
    row = ReplyTemplate(id=new_id(), handle=handle)
    write(row, template, actor)
    db.session.add(row)
    return row


def write(row: ReplyTemplate, template: Template, actor: Actor) -> None:
    """Set everything of a template's row."""
    for name, value in asdict(template).items():
        setattr(row, name, value)
    row.status = template.status or None
    row.changed_at = now()
    row.changed_by = actor.staff_id


def load_starter() -> list[str]:
    """Load the templates that come with the site, and return their names: once, and never again.

    That they were loaded stands in the audit record: what administrators changed or took away stays so.
    """
    loaded = sa.exists().where(AuditEntry.object_type == OBJECT, AuditEntry.action == LOADED)
    if db.session.scalar(sa.select(loaded)):
        return []
    starter = list(starter_templates())
    try:
        for template in starter:
            # The same in every process that is started at once: only one of them loads.
            handle = hashlib.sha256(f"{template.language}\0{template.name}".encode()).hexdigest()
            add_template(template, handle[:HANDLE_LENGTH], SYSTEM)
        record(SYSTEM, LOADED, OBJECT, None, count=len(starter))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return []
    return [template.name for template in starter]


def starter_templates() -> Iterator[Template]:
    """Yield what stands in ``languages/<language>/starter/replies/``: a name and a status, then the words."""
    import frontmatter  # noqa: PLC0415 -- a command reads these files, and no page does

    languages: Path = current_app.config["LANGUAGES_FOLDER"]
    for language in current_app.config["LANGUAGES"]:
        folder = languages / language.replace("-", "_") / "starter" / "replies"
        for path in sorted(folder.glob("*.md")):
            post = frontmatter.load(str(path))
            yield Template(
                name=str(post["name"]),
                status=str(post.get("status") or ""),
                language=language,
                text=post.content.strip(),
            )
