"""What was typed is shown again whole, whichever form it stood in, and nothing that a page put there."""

from types import ModuleType

import pytest
from flask import Flask
from wtforms.widgets import HiddenInput

from app.content.editing import forms as editors_forms
from app.content.shapes import BODY_LENGTH
from app.core.fields import PortalForm
from app.core.typed import LONGEST_SHOWN, MOST_SHOWN, is_shown, typed_texts
from app.desk import forms as desk_forms
from app.inquiries import forms as inquiry_forms
from app.inquiries.answers import MESSAGE_LENGTH
from app.inquiries.services import NOTE_LENGTH
from tests.support.engines import ON_SQLITE


def form_classes(*modules: ModuleType) -> list[type[PortalForm]]:
    """Return every class of a form that the modules have."""
    return [
        found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, PortalForm)
    ]


FORMS = form_classes(editors_forms, inquiry_forms, desk_forms)


@ON_SQLITE
def test_no_form_has_more_fields_than_are_shown_again(app: Flask) -> None:
    with app.test_request_context():
        sizes = {form: len(list(form(formdata=None))) for form in FORMS}

    assert editors_forms.CaseForm in sizes
    assert {form.__name__: size for form, size in sizes.items() if size > MOST_SHOWN} == {}


def test_no_text_that_may_be_kept_is_cut_when_it_is_shown_again() -> None:
    assert max(BODY_LENGTH, MESSAGE_LENGTH, NOTE_LENGTH) <= LONGEST_SHOWN


@ON_SQLITE
def test_what_a_page_puts_into_its_form_is_not_shown_as_typed(app: Flask) -> None:
    with app.test_request_context():
        hidden = {
            field.name
            for form in FORMS
            for field in form(formdata=None)
            if isinstance(field.widget, HiddenInput)
        }

    assert {"csrf_token", "then", "number", "treatment_version"} <= hidden
    assert [name for name in hidden if is_shown(name)] == []


@ON_SQLITE
def test_a_whole_case_is_shown_again(app: Flask) -> None:
    with app.test_request_context():
        names = [field.name for field in editors_forms.CaseForm(formdata=None) if is_shown(field.name)]
    typed = {name: f"{name} " + "x" * (BODY_LENGTH - len(name) - 1) for name in names}

    with app.test_request_context(method="POST", data=typed):
        assert typed_texts() == list(typed.values())


@ON_SQLITE
@pytest.mark.parametrize("limit", ["MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE"])
def test_of_a_form_that_is_too_large_to_be_read_nothing_is_shown(app: Flask, limit: str) -> None:
    app.config[limit] = 50

    with app.test_request_context(
        method="POST", data={"text": "A note" * 50}, content_type="multipart/form-data"
    ):
        assert typed_texts() == []
