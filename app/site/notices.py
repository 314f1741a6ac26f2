"""What a form says of itself when it comes back: what happened, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.inquiries.sending import AlreadySentError


@dataclass(frozen=True, slots=True)
class Notice:
    """A heading, a sentence or two, and what can be done about it."""

    heading: str
    text: str
    buttons: Sequence[tuple[str, str]] = ()
    """Action and words of each button; it sends the form."""
    link: tuple[str, str] | None = None
    """Address and words."""
    kind: str = "attention"
    """Its look: one of ``components/notice.html``."""


def stale(button: str) -> Notice:
    """Say that the page was too old to send, and that nothing is lost."""
    return Notice(
        _("Send it once more"),
        _(
            "This page was open for a long time, or your browser lost its cookie. Your answers are all "
            "here. Nothing was sent yet: press “%(button)s” again.",
            button=button,
        ),
    )


def try_again(button: str) -> Notice:
    """Say that nothing could be kept just now, and that nothing is lost."""
    return Notice(
        _("We could not keep your answers just now"),
        _(
            "They are all still here. Wait a minute, then press “%(button)s” again. We will not get them "
            "twice.",
            button=button,
        ),
    )


def sent_before(error: AlreadySentError, kept_at: str) -> Notice:
    """Ask which of two versions of the same form counts."""
    second = ("second", _("Send this as a second inquiry"))
    return Notice(
        _("Which answers count?"),
        _(
            "You sent an inquiry before. We have it under the reference %(reference)s. These answers "
            "are different.",
            reference=error.reference,
        ),
        [("replace", _("Use these answers instead")), second] if error.may_be_replaced else [second],
        (kept_at, _("Leave it as I sent it first")),
    )


def no_cookies() -> Notice:
    """Say why the form goes on in one page."""
    return Notice(
        _("Your browser keeps no cookies"),
        _(
            "Without them we cannot go on step by step. All questions are here on one page, with "
            "everything you wrote. Check your answers, then send them from here."
        ),
    )


def too_large() -> Notice:
    """Say that there is more text than can be kept."""
    return Notice(
        _("This is more than we can keep"),
        _("All you wrote still stands here, and was not kept. Shorten the longest text, then go on."),
    )


def draft_is_gone() -> Notice:
    """Say that nothing is kept under a code, and what to do."""
    return Notice(
        _("We have nothing under this code"),
        _(
            "Look at the code again. What was saved is deleted after 30 days, when it is sent, or when "
            "you delete it."
        ),
    )


def link_is_mailed() -> Notice:
    """Say that the link is on its way."""
    return Notice(
        _("The link is on its way"),
        _("The e-mail comes within a few minutes. If you do not see it, look in the spam folder."),
        kind="success",
    )


def mailed_enough() -> Notice:
    """Say that a link is not mailed again and again."""
    return Notice(
        _("We do not e-mail the link again today"),
        _("Write it down from this page, or look in the spam folder."),
    )
