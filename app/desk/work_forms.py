"""What staff send from an inquiry's page: notes, hand-overs, days, moves."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields import Field
from wtforms.validators import AnyOf, ValidationError

from app.accounts.colleagues import colleague_named, colleagues
from app.accounts.models import NAME_LENGTH, User
from app.accounts.roles import READ_INQUIRIES, WORK_ON_INQUIRIES
from app.core.days import check_day, check_not_past
from app.core.fields import ChangeForm, ChoiceField, Required, long_text_field, text_field
from app.inquiries import vocabulary, workflow
from app.inquiries.services import NOTE_LENGTH

LABEL_LENGTH = 2 * NAME_LENGTH + 254
"""Characters of a colleague's name with the address behind it."""


class ColleagueNamed:
    """Take the name of a colleague who holds a permission; who it is stands in ``field.colleague``."""

    def __init__(self, permission: str) -> None:
        """Take the permission that a colleague has to hold."""
        self.permission = permission

    def __call__(self, _form: ChangeForm, field: Field) -> None:
        """Ask again for a name that is nobody's, or that two have."""
        field.colleague = colleague_named(field.data, colleagues(self.permission))
        if field.colleague is None:
            raise ValidationError(_("Nobody here has this name. Choose one from the list."))


def colleague_field(label: Any, permission: str, *, hint: Any = "", required: Any = None) -> Any:
    """Return a question that is answered by the name of a colleague."""
    return text_field(
        label,
        LABEL_LENGTH,
        ColleagueNamed(permission),
        hint=hint,
        required=required,
        list="colleague-names",
        autocomplete="off",
        spellcheck="false",
    )


class MoveForm(ChangeForm):
    """A move to another status."""

    target = HiddenField(
        validators=[AnyOf([each for each in workflow.ALLOWED_MOVES if each != workflow.BY_THE_PERSON])]
    )


class ReasonForm(MoveForm):
    """A move that needs a reason."""

    reason = ChoiceField(_l("Why?"), {}, [Required(_l("Choose a reason."))])
    words = long_text_field(
        _l("A note on it (optional)"),
        NOTE_LENGTH,
        hint=_l("Colleagues see it. The person who asked does not."),
    )

    def __init__(self, target: str, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons of this move."""
        super().__init__(*args, **kwargs)
        self.target.data = target
        self.reason.offer({key: vocabulary.REASON[key] for key in workflow.REASONS[target]})

    def validate(self, **kwargs: Any) -> bool:
        """Ask for words where the reason alone tells nothing."""
        is_valid: bool = super().validate(**kwargs)
        if self.reason.data == workflow.NEEDS_WORDS and not self.words.data:
            self.words.errors = [_("Write what the reason is.")]
            return False
        return is_valid


class GiveForm(ChangeForm):
    """An inquiry handed over to a colleague."""

    owner = colleague_field(
        _l("Hand over to"),
        WORK_ON_INQUIRIES,
        hint=_l("Start typing a colleague’s name, then choose"),
        required=_l("Write who should see to it."),
    )
    reason = text_field(_l("Reason (optional)"), NOTE_LENGTH)

    @property
    def colleague(self) -> User:
        """Return who was named, once the form is valid."""
        found: User = self.owner.colleague
        return found


class FollowUpForm(ChangeForm):
    """The day on which somebody should look at an inquiry again."""

    day = text_field(
        _l("Look at it again on"),
        20,
        check_day,
        check_not_past,
        required=_l("Write a day, or press one of the buttons."),
        type="date",
    )


class NoteForm(ChangeForm):
    """A note for colleagues."""

    text = long_text_field(
        _l("Your note"),
        NOTE_LENGTH,
        hint=_l("Colleagues see it. The person who asked does not."),
        required=_l("Write the note first."),
    )
    mentioned = colleague_field(
        _l("Point it out to a colleague (optional)"),
        READ_INQUIRIES,
        hint=_l("Start typing a name, then choose. The colleague gets a mail without the note’s words."),
    )

    @property
    def colleagues(self) -> list[User]:
        """Return whom the note is pointed out to, once the form is valid."""
        found: User | None = getattr(self.mentioned, "colleague", None)
        return [found] if found and self.mentioned.data else []
