"""What the desk says when an answer, a contact or a template was not kept as it was sent."""

from flask_babel import gettext as _

from app.desk.notices import Notice


def not_sent_notice() -> Notice:
    """Say that someone else was faster, and that the answer is not sent."""
    return {
        "heading": _("Someone changed this inquiry while you were writing"),
        "text": _(
            "Your answer is not sent yet, and still stands in its field. Read what happened, then send it if "
            "it is still right."
        ),
    }


def contact_not_kept_notice() -> Notice:
    """Say that someone else was faster, and that the contact is not kept."""
    return {
        "heading": _("Someone changed this inquiry while you were keying in"),
        "text": _(
            "What you keyed in is not saved yet, and still stands here. Read what happened, then save it "
            "once more."
        ),
    }


def typed_stands_below_notice() -> Notice:
    """Say where the words are that stood in the field before."""
    return {
        "heading": _("The template stands above what you wrote"),
        "text": _("Nothing of yours was taken out. Look through the whole text before you send it."),
    }


def template_gone_notice() -> Notice:
    """Say that a template is not there any more."""
    return {
        "heading": _("This template was removed"),
        "text": _(
            "Choose another one, or write the answer yourself. What you wrote still stands in its field."
        ),
    }


def template_removed_notice() -> Notice:
    """Say that a template was removed while it was edited."""
    return {
        "heading": _("Someone removed this template while you were writing"),
        "text": _("Your words still stand here. Save them to keep them as a new template."),
    }


def template_changed_notice() -> Notice:
    """Say that someone else was faster, and that nothing typed is lost."""
    return {
        "heading": _("Someone changed this template while you were writing"),
        "text": _(
            "Your words still stand in the fields and are not saved yet. Beside them is the template as it "
            "stands now. Save yours if they should take its place."
        ),
    }
