"""The start page again, with every answer and what is wrong with some of them, as it follows a sent form.

It is held against the same page drawn by the form library's widgets: each field by them, texts looked up and
macros imported as Flask-Babel and Jinja do it. First the page alone is rendered from the same context, then
the whole request is answered; both in this process, by the processor's time for one. The two pages have to
be the same HTML.
"""

import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask, before_render_template
from flask.templating import Environment
from jinja2 import Template
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.figures import Cost, Figure, WrongAnswerError, at_least, pairs, processor_seconds, ratios
from bench.sites import site
from tests.support.cast import EXAMPLE_TWO
from tests.support.same_html import difference
from tests.support.sending import ACTION, filled
from tests.support.widgets import drawn_by, widgets_environment

WRONG = {"country": "Nowhere", "phone": "12", "injury_year": "2190", "consent_processing": None}
"""What is answered wrongly, or not at all."""
OURS, THEIRS = 80, 6
"""Pages drawn in one round."""
PAGE = "site/home.html"
SENT_AS = "application/x-www-form-urlencoded"

Context = dict[str, Any]
Costs = list[tuple[float, float]]


def measure(tell: Callable[[str], None]) -> Iterator[Figure]:
    """Measure on SQLite, with the content that comes with the site."""
    with tempfile.TemporaryDirectory() as name, site(Path(name)) as ours:
        widgets = widgets_environment(ours.app)
        tell("the page")
        page = page_alone(ours.app, widgets)
        tell("the whole request")
        request = whole_request(ours.app, widgets)
    told = f"{costs_of(page)}; the whole request {median(ratios(request)):.1f} ×, {costs_of(request)}"
    yield at_least("errors: page", 15, "× by widgets", ratios(page), told)


def page_alone(app: Flask, widgets: Environment) -> Costs:
    """Return what the page costs by widgets and as it is, drawn from one context."""
    with app.test_client() as client:  # what the page needs of its request stays until the block ends
        fields, contexts = filled(client, EXAMPLE_TWO, **WRONG), list[Context]()

        def take(_app: Flask, template: Template, context: Context, **_more: Any) -> None:
            contexts.extend([context] if template.name == PAGE else [])

        with before_render_template.connected_to(take, app):
            answer = client.post(ACTION, data=fields)
        if answer.status_code != 422 or answer.text.count("govuk-error-message") != len(WRONG):
            raise WrongAnswerError(f"a wrong form was answered with {answer.status_code}")
        context = contexts[0]

        def draw(environment: Environment) -> str:
            with drawn_by(app, environment):
                return environment.get_template(PAGE).render(context)

        if differs := difference(draw(app.jinja_env), draw(widgets)):
            raise WrongAnswerError(f"the page with errors is not the one that the widgets draw: {differs}")
        site_ones = app.jinja_env
        return pairs(
            lambda: processor_seconds(lambda: draw(widgets), THEIRS),
            lambda: processor_seconds(lambda: draw(site_ones), OURS),
        )


def whole_request(app: Flask, widgets: Environment) -> Costs:
    """Return what the answer to a sent form costs by widgets and as it is."""
    client = app.test_client()
    fields = filled(client, EXAMPLE_TWO, **WRONG)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    if cookie is None:
        raise WrongAnswerError("the start page set no session")
    headers = [("Cookie", f"{cookie.key}={cookie.value}"), ("Accept-Encoding", "identity")]
    body = urlencode(fields, doseq=True).encode()
    builder = EnvironBuilder(ACTION, method="POST", headers=headers, data=body, content_type=SENT_AS)
    environ = builder.get_environ()

    def send() -> None:
        parts, status, _headers = run_wsgi_app(app, {**environ, "wsgi.input": BytesIO(body)}, buffered=True)
        if not status.startswith("422") or not b"".join(parts):
            raise WrongAnswerError(f"a wrong form was answered with {status}")

    def sending(environment: Environment, times: int) -> Cost:
        def cost() -> float:
            with drawn_by(app, environment):
                return processor_seconds(send, times)

        return cost

    return pairs(sending(widgets, THEIRS), sending(app.jinja_env, OURS))


def costs_of(costs: Costs) -> str:
    """Return what both cost, in words."""
    theirs, ours = (sum(cost) / len(cost) * 1e3 for cost in zip(*costs, strict=True))
    return f"{ours:.2f} ms of the processor against {theirs:.1f}"
