"""What the desk says when something could not be done as it was sent."""

from flask_babel import gettext as _

Notice = dict[str, str]
"""``heading`` and ``text``."""


def changed_notice() -> Notice:
    """Say that someone else was faster, and that nothing typed is lost."""
    return {
        "heading": _("Someone changed this inquiry while you were looking at it"),
        "text": _(
            "You see it now as it stands. Nothing of yours was saved yet; a note that you wrote still "
            "stands in its field. Look at the timeline, then do it again if it is still right."
        ),
    }


def stale_notice() -> Notice:
    """Say that the page was too old to send, and that nothing is lost."""
    return {
        "heading": _("Send it once more"),
        "text": _("This page was open for a long time. What you wrote still stands in its field."),
    }


def stale_form_notice() -> Notice:
    """Say that the page was too old to send, and that nothing is lost."""
    return {
        "heading": _("Save the answers once more"),
        "text": _("This page was open for a long time. Everything you keyed in still stands here."),
    }


def keyed_in_before_notice(reference: str) -> Notice:
    """Say that this form was sent, and where it is changed."""
    return {
        "heading": _("This form is sent already"),
        "text": _(
            "It is kept under the reference %(reference)s. To correct it, open that inquiry and change its "
            "answers there. What stands here now was not saved.",
            reference=reference,
        ),
    }


def changed_answers_notice() -> Notice:
    """Say that someone else was faster, and that nothing typed is lost."""
    return {
        "heading": _("Someone changed this inquiry while you were keying in"),
        "text": _(
            "Your answers all stand here, and were not saved yet. Look at the inquiry in another window. If "
            "yours are right, save them once more."
        ),
    }


def try_again_notice() -> Notice:
    """Say that nothing could be kept just now, and that nothing is lost."""
    return {
        "heading": _("We could not keep the answers just now"),
        "text": _("They all stand here. Wait a minute, then save them once more."),
    }
