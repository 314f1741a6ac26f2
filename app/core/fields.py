"""Form fields and checks that every form of the portal shares: human words, and nothing typed is lost."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields import Field, SelectChoice
from wtforms.validators import InputRequired, StopValidation, ValidationError
from wtforms.widgets import HiddenInput

from app.core.terms import read_level

BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols by category that show nothing: Hangul fillers and the empty Braille pattern."""


NONCHARACTERS = "".join(chr(plane << 16 | point) for plane in range(17) for point in (0xFFFE, 0xFFFF))
HIDDEN_CHARACTERS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef{NONCHARACTERS}]")


class TokenField(CSRFTokenField):
    """The form's token, made when it is shown: a form that is taken shows none."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Take what was sent."""
        HiddenField.process(self, *args, **kwargs)

    def _value(self) -> str:
        return str(self.csrf_impl.generate_csrf_token(self))


class Token(FlaskForm.Meta.csrf_class):
    """Flask-WTF's token."""

    field_class = TokenField


class PortalForm(FlaskForm):
    """A form of texts and choices: a file that is sent in place of one is as if nothing was sent."""

    class Meta(FlaskForm.Meta):
        """How the form reads the request."""

        csrf_class = Token

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Read the sent fields alone: Flask-WTF would put files and JSON among them."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if form.is_submitted() else None


class ChangeForm(PortalForm):
    """A change of a record; names the version that its author saw."""

    version = IntegerField("", [InputRequired()], widget=HiddenInput())

    def show_version(self, version: int) -> None:
        """Name the version that its reader sees now, whatever was sent."""
        self.version.data = version
        self.version.raw_data = None


class Required:
    """Ask for an answer, in words that tell which.

    Unlike WTForms' own, it sets no ``required`` attribute: the browser's bubbles vanish before a person
    who reads slowly or through a screen reader has met them.
    """

    def __init__(self, message: Any) -> None:
        """Take the sentence that asks for the answer."""
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop at an empty answer, and at a text of which nothing would be seen."""
        if not field.data or (isinstance(field.data, str) and not is_visible(field.data)):
            raise StopValidation(str(self.message))


class OptionalAnswer:
    """Accept an empty answer without looking further."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop without an error at an empty answer."""
        if not field.data:
            raise StopValidation()


class ShorterThan:
    """Ask to shorten an answer over ``limit`` characters; the whole text stays in the field."""

    def __init__(self, limit: int) -> None:
        """Take the most characters that are kept."""
        self.limit = limit

    def __call__(self, _form: Form, field: Field) -> None:
        """Tell by how much a text is too long."""
        over = len(field.data or "") - self.limit
        if over > 0:
            # Nothing looks at a text without limits: what its reader does could take minutes.
            raise StopValidation(
                ngettext(
                    "This is %(num)s character too long. Shorten it to %(limit)s.",
                    "This is %(num)s characters too long. Shorten it to %(limit)s.",
                    over,
                    limit=self.limit,
                )
            )


class ShownCharacters:
    """Take out characters that cannot be shown, and ask to look again at the text that is left.

    It stands first among a field's checks: what comes after may stop before it.
    """

    def __call__(self, _form: Form, field: Field) -> None:
        """Leave the field with what can be shown."""
        typed = field.data or ""
        field.data = without_hidden_characters(typed)
        if field.data and field.data != typed:
            raise StopValidation(
                _("We took out characters that cannot be shown. Check the text and send it again.")
            )


def without_hidden_characters(text: str) -> str:
    """Return text without what HTML forbids: control characters (C0 and C1) and noncharacters; line breaks
    and tabs stay."""
    return HIDDEN_CHARACTERS.sub("", text)


def is_visible(text: str) -> bool:
    """Return whether any letter, digit, sign or symbol of a text leaves a mark on a page."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in BLANK_LETTERS for char in text)


def one_line(text: str | None) -> str:
    """Return text on one line, with single spaces and none around it."""
    return re.sub(r"[ \t\r\n\u2028\u2029]+", " ", text or "").strip()


def several_lines(text: str | None) -> str:
    r"""Return text with ``\n`` line breaks and no blank lines around it."""
    return re.sub(r"\r\n?|[\u2028\u2029]", "\n", text or "").strip()


def carried_field() -> HiddenField:
    """Return a field that nobody sees.

    Without a label, WTForms would translate the field's name, from a catalogue that is read for each request.
    """
    return HiddenField("")


def text_field(
    label: Any, limit: int, *checks: Any, hint: Any = "", required: Any = None, **attributes: Any
) -> StringField:
    """Return a question that is answered on one line of at most ``limit`` characters.

    ``checks`` look at an answer that is there and not too long.
    """
    first = Required(required) if required else OptionalAnswer()
    return StringField(
        label,
        [ShownCharacters(), first, ShorterThan(limit), *checks],
        filters=[one_line],
        description=hint,
        widget=GovTextInput(),
        render_kw=attributes,
    )


def long_text_field(label: Any, limit: int, *, hint: Any = "", required: Any = None) -> TextAreaField:
    """Return a question that is answered in several lines of at most ``limit`` characters."""
    first = Required(required) if required else OptionalAnswer()
    return TextAreaField(
        label,
        [ShownCharacters(), first, ShorterThan(limit)],
        filters=[several_lines],
        description=hint,
        widget=GovTextArea(),
    )


class NumberBetween:
    """Ask for a whole number within bounds; it is left in the field in plain digits."""

    def __init__(self, first: int, last: int) -> None:
        """Take the smallest and the largest number."""
        self.first, self.last = first, last

    def __call__(self, _form: Form, field: Field) -> None:
        """Check the number."""
        number = whole_number(field.data, len(str(self.last)))
        if number is None or not self.first <= number <= self.last:
            raise StopValidation(
                _("Write a whole number from %(first)s to %(last)s.", first=self.first, last=self.last)
            )
        field.data = str(number)


def whole_number(text: str, digits: int = 4) -> int | None:
    """Return the number that up to ``digits`` digits of any script make, or None."""
    return int(text) if text.isdecimal() and len(text) <= digits else None


def check_level(_form: Form, field: Field) -> None:
    """Take one of the 29 neurological levels (ISNCSCI), and leave it in the field as it is kept."""
    level = read_level(field.data)
    if level is None:
        raise ValidationError(
            _("Write the level as a letter and a number, such as C5, T10 or L1, or leave it empty.")
        )
    field.data = level


class ChoiceField(RadioField):
    """Radio buttons with none chosen at first; an unknown answer is asked for again."""

    widget = GovRadioInput()
    data: Any

    def __init__(self, label: Any, answers: Mapping[str, Any], validators: Any = (), **kwargs: Any) -> None:
        """Take the answers as key and words."""
        super().__init__(
            label,
            validators or [OptionalAnswer()],
            choices=choices(answers),
            validate_choice=False,
            **kwargs,
        )
        self.answers = answers

    def offer(self, answers: Mapping[str, Any]) -> None:
        """Offer these answers in place of those from before."""
        self.answers, self.choices = answers, choices(answers)

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """Refuse what none of the buttons sends."""
        super().post_validate(form, validation_stopped)
        if self.data and self.data not in self.answers:
            self.data = None
            raise ValidationError(_("Choose one of the answers."))


class TickField(BooleanField):
    """One box to tick; ticked only by the value that its page sends."""

    widget = GovCheckboxInput()
    value = "y"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the box's own value alone for a tick."""
        self.data = valuelist[:1] == [self.value]

    def _value(self) -> str:
        return self.value


class ChoicesField(SelectMultipleField):
    """Checkboxes for several answers; unknown ones are asked about."""

    widget = GovCheckboxesInput()

    def __init__(self, label: Any, answers: Mapping[str, Any], **kwargs: Any) -> None:
        """Take the answers as key and words."""
        super().__init__(
            label,
            choices=choices(answers),
            invalid_choice_message=_l("Choose only from these answers."),
            **kwargs,
        )
        self.answers = answers

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take each answer once, and no more of them than there could be and one that is asked about."""
        once = dict.fromkeys(valuelist)
        super().process_formdata(list(once)[: len(self.choices) + 1])


def choices(answers: Mapping[str, Any]) -> list[SelectChoice]:
    """Return WTForms' choices for a vocabulary of keys and words."""
    return [SelectChoice(value=key, label=words) for key, words in answers.items()]
