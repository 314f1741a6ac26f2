"""Inquiries that were begun and not sent: kept sealed, led back to by a code, deleted after 30 days.

A draft is known by the key of its form, which the form itself carries: whoever fills it in needs no cookie.
"""

import re
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit.log import SYSTEM, VISITOR, record
from app.core.changes import TRIES, ChangedMeanwhileError, change_at_once
from app.core.clock import now
from app.core.crypto import CannotOpenError, digest
from app.core.database import db, new_id
from app.core.limits import reached
from app.inquiries import mail
from app.inquiries.models import Draft
from app.outbox.queries import queued_lately

LIFE = timedelta(days=30)
"""A draft is deleted so long after it was last changed."""
REMINDED_BEFORE = timedelta(days=7)
"""Its owner is reminded so long before that."""
MOST_MAILS = 3
"""So often is the link of one draft mailed, and so many links go to one address in a day."""
MOST_AT_ONCE = 60
"""So many links are mailed to everybody together within ten minutes: any address can be typed."""
LARGEST = 64_000
"""Characters of all answers together; the form takes 6,000, and tells by how much a longer one is over."""
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""As in references: none is misread or misheard."""
CODE_LENGTH = 28
"""137 bits; 128 are what guessing must cost."""
CODE_GROUP = 4
BATCH = 100
"""Reminders looked up at once."""

Values = Mapping[str, Sequence[str]]
"""What stands in a form: each field's name, and its texts as a browser would send them."""


class NoDraftError(Exception):
    """There is no such draft: it was sent, deleted or has ended."""


class MailedEnoughError(Exception):
    """A link is not mailed any more for now, to this address or to anyone."""


class TooLargeError(Exception):
    """There is more in the form than is kept."""


def draft_of(form_key: str) -> Draft | None:
    """Return what is kept of a form, None if nothing is."""
    return db.session.scalar(
        sa.select(Draft).where(Draft.form_key_digest == digest(form_key), Draft.ends_at > now())
    )


def keep_draft(
    form_key: str,
    values: Values,
    *,
    path: str,
    language: str,
    version: str,
    only: Collection[str] | None = None,
) -> Draft:
    """Keep what stands in a form, in place of what was kept before.

    ``only`` names the fields that were asked, where not all were: what is kept of the others stays.

    Raises TooLargeError, and keeps nothing, for more than any answer may have.
    """
    if sum(len(text) for texts in values.values() for text in texts) > LARGEST:
        raise TooLargeError

    def write(draft: Draft) -> None:
        before: Values = draft.content.get("values", {})
        stays = {} if only is None else {name: before[name] for name in before.keys() - set(only)}
        asked = {name: list(texts) for name, texts in values.items() if only is None or name in only}
        draft.content = {**draft.content, "values": {**stays, **asked}, "treatment_version": version}
        draft.path, draft.page_language = path, language
        keep_alive(draft)

    return changed_or_made(form_key, write)


def with_code(draft: Draft) -> str:
    """Return the code that leads back to a draft, made the first time it is asked for."""
    if "code" not in draft.content:

        def add_code() -> None:
            if "code" not in draft.content:
                code = new_code()
                draft.content = {**draft.content, "code": code}
                draft.code_digest = digest(code)
                record(VISITOR, "draft.saved", "draft", draft.id)

        change_at_once(draft, add_code)
    return str(draft.content["code"])


def mail_link(draft: Draft, recipient: str) -> None:
    """Mail a draft's link, and remind that address before the draft ends.

    Raises MailedEnoughError if this link, links to this address or links in all were mailed often enough.
    """
    with_code(draft)

    def send() -> None:
        if mailed_enough(draft, recipient):
            db.session.rollback()
            raise MailedEnoughError
        draft.content = {**draft.content, "recipient": recipient}
        draft.remind_at = draft.ends_at - REMINDED_BEFORE
        mail.send_draft_link(draft, recipient)
        record(VISITOR, "draft.link_mailed", "draft", draft.id)

    change_at_once(draft, send)


def mailed_enough(draft: Draft, recipient: str) -> bool:
    """Return whether enough links to a draft, to an address or to anyone were mailed lately.

    Mails are counted, not drafts: these can be deleted and made anew.
    """
    day = timedelta(days=1)
    limits = {
        "draft": (MOST_MAILS, queued_lately("draft_link", LIFE, about_id=draft.id)),
        "address": (MOST_MAILS, queued_lately("draft_link", day, recipient=recipient)),
        "anyone": (MOST_AT_ONCE, queued_lately("draft_link", timedelta(minutes=10))),
    }
    return bool(reached(limits))


def draft_with_code(typed: str) -> Draft:
    """Return the draft that a code leads to, however its letters were typed. Raises NoDraftError."""
    code = read_code(typed)
    found = code and db.session.scalar(
        sa.select(Draft).where(Draft.code_digest == digest(code), Draft.ends_at > now())
    )
    if not found:
        raise NoDraftError
    return found


def open_draft(draft: Draft) -> str:
    """Return the key of a draft's form, record that somebody came back to it, and let it live on."""

    def come_back() -> None:
        keep_alive(draft)
        record(VISITOR, "draft.opened", "draft", draft.id)

    change_at_once(draft, come_back)
    return str(draft.content["form_key"])


def discard_draft(form_key: str) -> None:
    """Delete what is kept of a form, at once and for good."""
    draft = draft_of(form_key)
    if draft is not None:
        record(VISITOR, "draft.discarded", "draft", draft.id)
        db.session.execute(sa.delete(Draft).where(Draft.id == draft.id))
        db.session.commit()


def end_drafts() -> int:
    """Delete the drafts whose time is over, and return how many they were."""
    ended = db.session.execute(
        sa.delete(Draft).where(Draft.ends_at <= now()), execution_options={"synchronize_session": False}
    )
    count = int(ended.rowcount)  # type: ignore[attr-defined]
    if count:
        record(SYSTEM, "drafts.ended", "draft", None, count=count)
    db.session.commit()
    return count


def remind_of_drafts() -> int:
    """Write to those whose draft ends soon, once, and return how many they were."""
    reminded = 0
    while due := drafts_to_remind_of():
        reminded += sum(remind(draft) for draft in due)
    return reminded


def drafts_to_remind_of() -> Sequence[Draft]:
    """Return some of the drafts whose owners are to be reminded now."""
    due = sa.select(Draft).where(Draft.remind_at <= now(), Draft.ends_at > now())
    return db.session.scalars(due.order_by(Draft.remind_at).limit(BATCH)).all()


def remind(draft: Draft) -> bool:
    """Remind the owner of a draft, unless somebody else was faster; return whether it was done."""
    claimed = db.session.execute(
        sa.update(Draft)
        .where(Draft.id == draft.id, Draft.version == draft.version)
        .values(remind_at=None, version=Draft.version + 1),
        execution_options={"synchronize_session": False},
    )
    is_ours = bool(claimed.rowcount)  # type: ignore[attr-defined]
    if is_ours:
        # One that nothing can be read in has nobody to write to.
        with suppress(CannotOpenError):
            mail.remind_of_draft(draft, draft.content["recipient"])
            record(SYSTEM, "draft.reminded", "draft", draft.id)
    db.session.commit()
    db.session.expire(draft)
    return is_ours


def changed_or_made(form_key: str, write: Callable[[Draft], None]) -> Draft:
    """Write to the draft of a form, made first if there is none, and return it."""
    for _attempt in range(TRIES):
        draft = draft_of(form_key)
        # It may be made, sent or deleted by another request at any moment.
        with suppress(IntegrityError, ChangedMeanwhileError):
            if draft is None:
                return made(form_key, write)
            change_at_once(draft, partial(write, draft))
            return draft
        db.session.rollback()
    raise ChangedMeanwhileError


def made(form_key: str, write: Callable[[Draft], None]) -> Draft:
    """Make the draft of a form."""
    remove = sa.delete(Draft).where(Draft.form_key_digest == digest(form_key))
    db.session.execute(remove)  # one whose time is over may still be there
    draft = Draft(id=new_id(), form_key_digest=digest(form_key))
    draft.content = {"form_key": form_key}
    write(draft)
    db.session.add(draft)
    record(VISITOR, "draft.begun", "draft", draft.id)
    db.session.commit()
    return draft


def keep_alive(draft: Draft) -> None:
    """Let a draft live from now on for its whole time."""
    draft.saved_at = now()
    draft.ends_at = draft.saved_at + LIFE
    if draft.content.get("recipient"):
        draft.remind_at = draft.ends_at - REMINDED_BEFORE


def new_code() -> str:
    """Return a random code in groups that can be read out: ``K7MP-…``."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(letters[place : place + CODE_GROUP] for place in range(0, CODE_LENGTH, CODE_GROUP))


def read_code(typed: str) -> str | None:
    """Return a code as it is kept, from however it was typed, or None if it is none."""
    letters = re.sub(r"[^0-9A-Z]", "", typed[: 4 * CODE_LENGTH].upper())
    if len(letters) != CODE_LENGTH:
        return None
    return "-".join(letters[place : place + CODE_GROUP] for place in range(0, CODE_LENGTH, CODE_GROUP))
