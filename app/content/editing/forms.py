"""What editors send: the texts of each kind of content, and permissions."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import FileField, HiddenField, IntegerField
from wtforms.fields import Field
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.content import queries, shapes
from app.content.editing.fields import (
    address_field,
    check_not_future,
    day_field,
    number_field,
    year_field,
)
from app.content.models import NOTE_LENGTH
from app.content.shapes import BODY_LENGTH, SHORT_LENGTH, TITLE_LENGTH, Body
from app.content.vocabulary import BASES, COVERS, LAYOUTS, MEASURES, ORIGINS
from app.core import names, terms
from app.core.days import read_day
from app.core.fields import (
    ChangeForm,
    ChoiceField,
    ChoicesField,
    Required,
    check_level,
    long_text_field,
    text_field,
    whole_number,
)
from app.core.i18n import page_language

OLDEST = 120
MOST_PATIENTS = 1_000_000
LONGEST_NUMBER = len(str(MOST_PATIENTS))
MARKDOWN_HINT = _l(
    "**bold**, a line that starts with “- ” for a list, [words](address) for a link, ### for a heading"
)


class EditForm(ChangeForm):
    """A new version of an item: its texts, and what the author says of the change."""

    then = HiddenField()
    note = text_field(
        _l("What did you change? (optional)"), NOTE_LENGTH, hint=_l("Colleagues see it in the history.")
    )

    @classmethod
    def on(cls, body: Any) -> "EditForm":
        """Return the form with what stands in a body; what was sent comes before it."""
        return cls(data={name: shown(name, value) for name, value in flat(body).items()})

    def body_on(self, before: Any) -> Any:
        """Return the body with what the form says in place of what stood there before."""
        values: dict[str, Any] = {}
        for each in fields(before):
            if each.name in self:
                answer = self[each.name].data or ""
                is_number = each.type == int | None
                values[each.name] = (
                    whole_number(answer, LONGEST_NUMBER) if is_number else code_for(each.name, answer)
                )
        return replace(before, **values)


def flat(body: Any) -> dict[str, Any]:
    """Return a body's fields by the names that the form has for them."""
    plain = {each.name: getattr(body, each.name) for each in fields(body)}
    for measure, (before, after) in (plain.pop("outcome", None) or {}).items():
        plain[f"{measure}_before"], plain[f"{measure}_after"] = before, after
    return plain


def shown(name: str, value: Any) -> Any:
    """Return a value as a form field shows it."""
    if name in {"country", "language"}:
        return names_of(name).get(value, "")
    return "" if value is None else str(value) if isinstance(value, int) else value


def code_for(name: str, answer: str) -> str:
    """Return an answer as the body keeps it: of a country and a language the code."""
    if name == "country":
        return names.read_country(answer, page_language()) or ""
    return names.code_of(answer, names_of(name)) or "" if name == "language" else answer


def names_of(name: str) -> dict[str, str]:
    """Return codes and names of countries or languages, in the page's language."""
    known = names.country_names if name == "country" else names.language_names
    return known(page_language())


class SourceFields:
    """Who says it, and when somebody last looked."""

    source = text_field(
        _l("Who says so (optional)"), SHORT_LENGTH, hint=_l("Shown under the text, as its source")
    )
    source_url = address_field(_l("Where it can be read (optional)"), hint=_l("A web address"))
    nature = text_field(
        _l("What kind of evidence it is (optional)"),
        SHORT_LENGTH,
        hint=_l("For example: Not a controlled trial."),
    )
    checked = day_field(_l("Recorded or last checked on (optional)"))


class PersonFields:
    """Whom a page tells of."""

    age = number_field(_l("Age in years (optional)"), 0, OLDEST, hint=_l("At treatment"))
    country = text_field(_l("Country (optional)"), SHORT_LENGTH, list="country-names", autocomplete="off")

    def validate_country(self, field: Field) -> None:
        """Take a country's name or code."""
        if not code_for("country", field.data):
            raise ValidationError(_("We do not know this country. Choose one from the list."))


class InjuryFields:
    """Level and completeness of the injury."""

    level = text_field(
        _l("Neurological level (optional)"),
        SHORT_LENGTH,
        check_level,
        hint=_l("For example T10"),
        list="injury-levels",
    )
    completeness = ChoiceField(_l("Completeness (optional)"), terms.COMPLETENESS)


class TreatmentForm(EditForm):
    """The treatment page's own fields; its sections are edited one by one."""

    title = text_field(_l("Title"), TITLE_LENGTH, required=_l("Write the title."))
    lead = long_text_field(_l("Introduction (optional)"), SHORT_LENGTH * 2)
    description = long_text_field(
        _l("Description for search engines and shared links (optional)"), SHORT_LENGTH * 2
    )


class SectionForm(SourceFields, EditForm):
    """A section of the treatment page."""

    heading = text_field(_l("Heading"), TITLE_LENGTH, required=_l("Write the heading."))
    layout = ChoiceField(_l("Layout"), LAYOUTS, [Required(_l("Choose a layout."))])
    body = long_text_field(_l("Text"), BODY_LENGTH, hint=MARKDOWN_HINT, required=_l("Write the text."))


class StudyForm(SourceFields, EditForm):
    """A study."""

    title = text_field(_l("Title"), TITLE_LENGTH, required=_l("Write the title."))
    year = year_field(_l("Year it was published (optional)"))
    patients = number_field(_l("How many patients took part (optional)"), 1, MOST_PATIENTS)
    measured = long_text_field(_l("What was measured, and how (optional)"), BODY_LENGTH, hint=MARKDOWN_HINT)
    language = text_field(_l("Language of the paper (optional)"), SHORT_LENGTH, list="language-names")

    def validate_language(self, field: Field) -> None:
        """Take a language's name or code."""
        if not code_for("language", field.data):
            raise ValidationError(_("We do not know this language. Choose one from the list."))


class CaseForm(InjuryFields, PersonFields, SourceFields, EditForm):
    """A case study."""

    title = text_field(
        _l("Title"), TITLE_LENGTH, hint=_l("Without the person’s name"), required=_l("Write the title.")
    )
    summary = long_text_field(_l("Summary (optional)"), SHORT_LENGTH * 2, hint=_l("One or two sentences"))
    region = ChoiceField(
        _l("Region of the injury (optional)"),
        terms.INJURY_REGION,
        description=_l("Follows from the level, where one is given"),
    )
    injury_month = number_field(_l("Month of the injury (optional)"), 1, 12, hint=_l("1 to 12"))
    injury_year = year_field(_l("Year of the injury (optional)"))
    treatment = long_text_field(_l("Treatment given"), BODY_LENGTH, hint=MARKDOWN_HINT)
    measured = long_text_field(_l("Who measured the outcome, when and how"), SHORT_LENGTH * 2)
    notes = long_text_field(
        _l("What else was seen (optional)"),
        BODY_LENGTH,
        hint=_l("Harm and what did not change belong here too"),
    )

    def body_on(self, before: Any) -> Any:
        """Return the body; of the measures only what was recorded."""
        body = super().body_on(before)
        pairs = {
            measure: (self[f"{measure}_before"].data or "", self[f"{measure}_after"].data or "")
            for measure in MEASURES
        }
        return replace(body, outcome={measure: pair for measure, pair in pairs.items() if any(pair)})

    def validate_region(self, field: Field) -> None:
        """Ask for agreement of region and level."""
        level = terms.read_level(self.level.data or "")
        if level and field.data not in {terms.region_of(level), "unknown"}:
            raise ValidationError(
                _("%(level)s lies in another region. Change the region or the level.", level=level)
            )


for _measure, _words in MEASURES.items():
    for _when, _label in (("before", _l("Before")), ("after", _l("After"))):
        setattr(CaseForm, f"{_measure}_{_when}", text_field(_label, SHORT_LENGTH))


class StoryForm(InjuryFields, PersonFields, SourceFields, EditForm):
    """A patient's experience."""

    title = text_field(
        _l("Title"), TITLE_LENGTH, hint=_l("Without the person’s name"), required=_l("Write the title.")
    )
    summary = long_text_field(_l("Summary (optional)"), SHORT_LENGTH * 2, hint=_l("One or two sentences"))
    origin = ChoiceField(_l("Who wrote it?"), ORIGINS)
    before = long_text_field(_l("Before treatment"), BODY_LENGTH, hint=MARKDOWN_HINT)
    protocols = long_text_field(_l("Protocols received"), BODY_LENGTH, hint=MARKDOWN_HINT)
    after = long_text_field(_l("After treatment"), BODY_LENGTH, hint=MARKDOWN_HINT)
    interview_url = address_field(_l("Link to the interview (optional)"), hint=_l("A web address"))
    transcript = long_text_field(
        _l("Transcript of the recording (optional)"),
        BODY_LENGTH,
        hint=_l("A recording needs a transcript or captions"),
    )


class RecentForm(PersonFields, SourceFields, EditForm):
    """A line in the list of recent patients."""

    injury = text_field(
        _l("Level and completeness, as published"),
        SHORT_LENGTH,
        hint=_l("For example SCI L-1 incomplete"),
        required=_l("Write level and completeness of the injury."),
    )
    story = text_field(
        _l("Story it leads to (optional)"),
        SHORT_LENGTH,
        hint=_l("With a name here, it is linked only if the story shows the name too"),
        list="stories",
        autocomplete="off",
    )
    interview_url = address_field(_l("Link to the interview (optional)"), hint=_l("A web address"))

    def validate_story(self, field: Field) -> None:
        """Take the slug of a story that there is, or its whole address."""
        slug = field.data.rstrip("/").rpartition("/")[2]
        if queries.item_by_slug("story", slug) is None:
            raise ValidationError(_("There is no such story. Choose one from the list."))
        field.data = slug


FORMS: Mapping[str, type[EditForm]] = {
    "treatment": TreatmentForm,
    "study": StudyForm,
    "case": CaseForm,
    "story": StoryForm,
    "recent": RecentForm,
}


class PermissionForm(ChangeForm):
    """A person's permission to publish."""

    given_by = text_field(
        _l("Whose permission is it?"),
        SHORT_LENGTH,
        hint=_l("Kept encrypted, never shown on the site"),
        required=_l("Write whose permission it is."),
        autocomplete="off",
    )
    covers = ChoicesField(_l("What may be published?"), COVERS)
    shown_name = text_field(
        _l("How the name is shown (optional)"),
        SHORT_LENGTH,
        hint=_l("Exactly as the person agreed: in full, a first name, initials. Empty: no name"),
        autocomplete="off",
    )
    basis = ChoiceField(_l("How was it given?"), BASES, [Required(_l("Choose how it was given."))])
    given_on = day_field(
        _l("Day it was given, or read on the clinic’s page"),
        check_not_future,
        required=_l("Write the day."),
    )
    ends_on = day_field(
        _l("Last day it holds (optional)"), hint=_l("After it, the page is taken down by itself")
    )
    document = FileField(
        _l("Document that shows it (optional)"),
        description=_l("A PDF or a picture, up to 29 MB; kept encrypted"),
        widget=GovFileInput(),
    )
    document_place = text_field(
        _l("Where the document is kept (optional)"),
        SHORT_LENGTH,
        hint=_l("If you do not upload it here: a folder, or the clinic’s page"),
    )
    note = long_text_field(_l("Anything to remember (optional)"), SHORT_LENGTH * 5)

    def validate_covers(self, field: Field) -> None:
        """Ask what the permission is for, and for the name's part of it where one is shown."""
        if not field.data:
            raise ValidationError(_("Choose what may be published."))
        if self.shown_name.data and "name" not in field.data:
            raise ValidationError(_("Choose “The name as shown” too, or leave the name empty."))

    def validate_ends_on(self, field: Field) -> None:
        """Refuse an end before today, which would take the page down at once."""
        day = read_day(field.data)
        if day and day < queries.today():
            raise ValidationError(_("This day is over. To end a permission now, withdraw it."))


class ActionForm(ChangeForm):
    """A press on a button: publish a version, take an item down, change its place."""

    number = IntegerField(validators=[Optional()], widget=HiddenInput())


class UploadForm(ChangeForm):
    """A file for an item; the file itself is read from the request by its view."""

    file = FileField(_l("File"), widget=GovFileInput())

    def refuse(self, words: str) -> None:
        """Say what is wrong with the file, where the error summary and the field find it."""
        self.file.errors = [words]


class PictureForm(UploadForm):
    """A picture, and what it shows."""

    alt = text_field(
        _l("What does the picture show?"),
        TITLE_LENGTH,
        hint=_l("One sentence, for people who do not see it"),
        required=_l("Write what the picture shows."),
    )


UPLOAD_FORMS: Mapping[str, type[UploadForm]] = {
    "picture": PictureForm,
    "study": UploadForm,
    "recording": UploadForm,
    "captions": UploadForm,
}


def empty_body(kind: str) -> Body:
    """Return a body of a kind with nothing in it."""
    return shapes.SHAPES[kind]()
