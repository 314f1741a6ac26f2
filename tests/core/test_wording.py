"""What is kept of a page's fields and texts is the same as what the components draw each time."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wtforms import BooleanField
from wtforms.fields import Field
from wtforms.fields.choices import SelectFieldBase

from app.core.fields import ChoiceField
from app.core.i18n import speaking
from app.inquiries.forms import InquiryForm
from tests.support.calling import called_reference
from tests.support.engines import ON_SQLITE
from tests.support.making import make_inquiry
from tests.support.pages import page_of
from tests.support.same_html import difference
from tests.support.sending import filled
from tests.support.stepping import ASKED, address
from tests.support.widgets import compared, drawn_by, widgets_environment

FIELDS = "components/fields.html"
ODD = '<b>&amp; "it\'s"</textarea> {{ x }} %(y)s محمد 李 \u2068 (last)'
ARGUMENTS: dict[str, dict[str, Any]] = {
    "ReasonForm": {"target": "declined"},
    "ChangePasswordForm": {"user": None},
    "ConfirmPasswordForm": {"user": None},
    "PasskeyForm": {"user": None},
    "ShowPasswordForm": {"user": None},
}
"""What some forms are made with."""

Draw = Callable[..., str]


def all_forms(parent: type[FlaskForm] = FlaskForm) -> Iterator[type[FlaskForm]]:
    for form in parent.__subclasses__():
        if form.__module__.startswith("app."):
            yield form
        yield from all_forms(form)


FORMS = sorted(set(all_forms()), key=lambda form: (form.__module__, form.__name__))


@pytest.fixture
def draw(app: Flask) -> Iterator[Callable[..., str]]:
    """Draws a field by one of the macros; fails where it is not as the widgets draw it."""
    by_widgets = widgets_environment(app)
    kept, plain = (env.get_template(FIELDS).module for env in (app.jinja_env, by_widgets))

    def draw_both(macro: str, *args: Any, **kwargs: Any) -> str:
        drawn = str(getattr(kept, macro)(*args, **kwargs))
        with drawn_by(app, by_widgets):
            expected = str(getattr(plain, macro)(*args, **kwargs))
        assert difference(drawn, expected) == ""
        return drawn

    with app.test_request_context("/"):
        yield draw_both


def ways_to_draw(field: Field) -> list[tuple[str, dict[str, Any]]]:
    """Return the macros for a field, with arguments."""
    ways: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "GovTextInput": [("text_field", {}), ("text_field", {"width": 5})],
        "HiddenText": [("text_field", {})],
        "GovFileInput": [("text_field", {})],
        "GovTextArea": [("text_area", {}), ("text_area", {"rows": 9}), ("text_area", {"takes_focus": True})],
        "GovRadioInput": [("choices", {})],
        "GovCheckboxesInput": [("choices", {})],
        "GovCheckboxInput": [("single_checkbox", {})],
    }
    return ways.get(type(field.widget).__name__, [])


def answers_to(field: Field) -> list[Any]:
    """Return what may stand in a field."""
    if isinstance(field, BooleanField):
        return [False, True]
    if isinstance(field, SelectFieldBase):
        values = [choice.value for choice in field.iter_choices()]
        several = [[], values, random.Random(1).sample(values, len(values) // 2)]
        return several if type(field.widget).__name__ == "GovCheckboxesInput" else ["", *values, ODD]
    return ["", "Ana", ODD]


@ON_SQLITE
@pytest.mark.parametrize("form_class", FORMS, ids=lambda form: form.__name__)
def test_every_field_of_every_form_is_drawn_as_its_widget_draws_it(
    draw: Draw, form_class: type[FlaskForm]
) -> None:
    form = form_class(**ARGUMENTS.get(form_class.__name__, {}))
    for field in form:
        for macro, arguments in ways_to_draw(field):
            for answer in answers_to(field):
                for errors in ([], ["Write it."], [ODD, "Another."]):
                    field.data, field.errors = answer, errors
                    draw(macro, field, **arguments)


@ON_SQLITE
@pytest.mark.parametrize("form_class", FORMS, ids=lambda form: form.__name__)
def test_hidden_fields_and_the_summary_of_errors_are_as_the_widgets_draw_them(
    draw: Draw, form_class: type[FlaskForm]
) -> None:
    form = form_class(**ARGUMENTS.get(form_class.__name__, {}))
    assert draw("error_summary", form) == ""
    for number, field in enumerate(form):
        field.errors = [f"{ODD} {number}"] if number % 3 else []

    draw("error_summary", form)
    draw("hidden_fields", [field for field in form if type(field.widget).__name__ == "HiddenInput"])


@ON_SQLITE
def test_whatever_is_typed_stands_in_the_field_and_nowhere_else(draw: Draw) -> None:
    form = InquiryForm()

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), st.text(min_size=1))
    def draws_alike(typed: str, error: str) -> None:
        for field, macro in ((form.patient_name, "text_field"), (form.message, "text_area")):
            field.data, field.errors = typed, [error] if error.isprintable() else []
            draw(macro, field)
        form.injury_region.data, form.hopes.data = typed, [typed]
        draw("choices", form.injury_region)
        draw("choices", form.hopes)

    draws_alike()
    form.patient_name.data, form.patient_name.errors = "Someone else", []
    assert "Someone else" in draw("text_field", form.patient_name)


@ON_SQLITE
def test_a_field_is_drawn_in_the_language_of_each_page(draw: Draw) -> None:
    form = InquiryForm()
    drawn: dict[str, list[str]] = {}
    for language in ("en", "es", "ar", "en"):
        with speaking(language):
            texts = [draw("text_field", form.birth_year), draw("choices", form.hopes)]
            form.birth_year.errors = ["!"]
            texts.append(draw("text_field", form.birth_year))
            form.birth_year.errors = []
        assert drawn.setdefault(language, texts) == texts

    assert len({str(texts) for texts in drawn.values()}) == 3


@ON_SQLITE
def test_words_that_are_not_the_programs_own_are_drawn_anew_each_time(draw: Draw) -> None:
    class OneForm(FlaskForm):  # type: ignore[misc]
        colleague = ChoiceField("Who?", {})

    form = OneForm()
    for name in ("Ana", "Bo", ODD):
        form.colleague.offer({"a": name, "b": "Someone (optional)"})
        form.colleague.label.text = form.colleague.description = f"{name}?"
        draw("choices", form.colleague)


@ON_SQLITE
def test_lists_of_suggestions_and_buttons_are_drawn_as_before(app: Flask, draw: Draw) -> None:
    draw("suggestions", "names", ["Ana", ODD])
    draw("suggestions", "names", {"a": "Bo"}.values())
    button = "govuk_frontend_jinja/components/button/macro.html"
    for params in (
        {"text": ODD},
        {"html": "<b>Send</b>", "classes": "", "id": "send", "attributes": {"data-once": "yes"}},
        {"text": "Send", "classes": "govuk-button--secondary", "name": "action", "value": ODD},
    ):
        drawn = [
            env.from_string(
                f'{{% from "{button}" import govukButton %}}{{{{ govukButton(params) }}}}'
            ).render(params=params)
            for env in (app.jinja_env, widgets_environment(app))
        ]
        assert difference(*drawn) == ""


@ON_SQLITE
def test_a_text_of_a_template_is_what_jinja_makes_of_it(app: Flask) -> None:
    source = (
        '{{ _("Send an inquiry") }}|{{ _("<b>%(name)s</b>", name="<i>") }}|{{ _("100%%") }}'
        "|{% trans count=count %}one{% pluralize %}{{ count }} more{% endtrans %}"
    )
    for language in ("en", "es", "ar"):
        with app.test_request_context("/"), speaking(language):
            ours, plain = (
                [env.from_string(source).render(count=2) for _time in range(2)]
                for env in (app.jinja_env, widgets_environment(app))
            )
            assert ours == plain


@ON_SQLITE
def test_visitors_pages_are_those_that_the_widgets_draw(app: Flask, client: FlaskClient) -> None:
    fields = filled(
        client, patient_name=ODD, email="ana@gnail.com", phone="12", injury_year="2090", hopes="x"
    )
    with compared(app) as found:
        for language in ("en", "ar"):
            assert client.get("/", query_string={"lang": language}).status_code == 200
            assert client.post("/inquiries", data={**fields, "lang": language}).status_code == 422
            for step, names in ASKED.items():
                page = page_of(client.get(address(step)))
                client.post(address(step), data={**page.values(address(step)), **dict.fromkeys(names, ODD)})
            page = page_of(client.get("/inquiries/call"))
            client.post("/inquiries/call", data={**page.values("/inquiries/call"), "phone": ODD})
            client.post("/inquiries", data={**filled(client), "lang": language, "action": "save"})
            client.get("/inquiries/check")

    assert {name: how for name, how in found.items() if how} == {}
    assert found.keys() >= {"site/home.html", "site/step.html", "site/call.html", "site/check.html"}


@ON_SQLITE
def test_staffs_pages_are_those_that_the_widgets_draw(
    app: Flask, signed_in_client: Callable[[str], FlaskClient]
) -> None:
    reference = make_inquiry(app)
    called = called_reference(app.test_client())
    coordinator, editor, admin = map(signed_in_client, ("coordinator", "editor", "admin"))
    # Pages tell how many seconds a session still has.
    with time_machine.travel(datetime.now(UTC), tick=False), compared(app) as found:
        for path in (
            "",
            f"/inquiries/{reference}",
            f"/inquiries/{reference}/reply",
            f"/inquiries/{reference}/contacts",
            f"/inquiries/{reference}/moves/declined",
            f"/inquiries/{called}/answers",
            "/inquiries/new",
            "/account",
            "/account/password",
        ):
            assert coordinator.get(f"/desk{path}").status_code == 200, path
        answers = page_of(coordinator.get("/desk/inquiries/new")).values("/desk/inquiries/new")
        assert coordinator.post("/desk/inquiries/new", data={**answers, "email": ODD}).status_code == 422
        for kind in ("case", "story", "study"):
            assert editor.get(f"/desk/content/{kind}/new").status_code == 200, kind
        assert admin.get("/desk/users").status_code == 200
        assert admin.get("/desk/audit").status_code == 200
        assert app.test_client().get("/desk/forgotten").status_code == 200

    assert {name: how for name, how in found.items() if how} == {}
    assert found.keys() >= {"desk/inquiry.html", "desk/answers.html", "accounts/forgotten.html"}
