"""Forms whose fields are copies: nothing of one visitor's form is in another one."""

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectFieldBase

from app.core.i18n import speaking
from app.inquiries.forms import CallForm, InquiryForm
from tests.support.engines import ON_SQLITE

ODD = {"patient_name": "Ana", "birth_year": "x", "hopes": ["hands"], "consent_processing": "y", "lang": "es"}
pytestmark = ON_SQLITE


@pytest.mark.parametrize("kind", [InquiryForm, CallForm])
def test_a_form_that_was_filled_in_leaves_nothing_in_the_next_one(
    app: Flask, kind: type[InquiryForm]
) -> None:
    with app.test_request_context():
        first = kind(MultiDict(ODD))
        first.validate()
        second = kind(MultiDict())

        assert first.errors
        assert first.patient_name.data == "Ana"
        for field in second:
            assert field.name == "csrf_token" or not field.data, field.name
            assert list(field.errors) == []
            assert field.meta is second.meta
            if isinstance(field, SelectFieldBase):
                assert not any(choice.selected for choice in field.iter_choices()), field.name
        second.validate()
        assert first.patient_name.data == "Ana"


def test_forms_at_the_same_time_have_fields_of_their_own(app: Flask) -> None:
    with app.test_request_context():
        first, second = InquiryForm(MultiDict()), InquiryForm(MultiDict())

        first.patient_name.errors = ["Another name, please."]
        first.patient_name.data = "Ana"
        assert (list(second.patient_name.errors), second.patient_name.data) == ([], "")
        assert all(first[name] is not second[name] for name in first._fields)


def test_a_form_speaks_the_language_of_its_page(app: Flask) -> None:
    labels = []
    for language in ("en", "es", "en"):
        with app.test_request_context(), speaking(language):
            labels.append([str(field.label.text) for field in InquiryForm(MultiDict())])

    assert labels[0] == labels[2]
    assert labels[0] != labels[1]


def test_a_form_that_is_taken_makes_no_token_and_one_that_is_shown_does(app: Flask) -> None:
    with app.test_request_context():
        form = InquiryForm(MultiDict(ODD))
        form.validate()
        assert "csrf_token" not in session

        assert f'value="{form.csrf_token.current_token}"' not in str(form.csrf_token())
        assert session["csrf_token"]


def test_a_form_without_its_token_or_with_another_ones_is_not_sent(client: FlaskClient) -> None:
    for token in ("", "ImE3ZGY5Ig.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"):
        answer = client.post("/inquiries", data={**ODD, "csrf_token": token})
        assert answer.status_code == 422
