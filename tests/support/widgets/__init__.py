"""The site's pages with every field drawn by the form library's own widgets, each time anew.

``components/fields.html`` beside this file takes the macros of the site's own of the same name, which keep
nothing here. All else, the package's button and Jinja's ways with texts and macros included, is as the
libraries bring it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, template_rendered
from flask.templating import DispatchingJinjaLoader, Environment
from flask_babel import get_translations
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, PackageLoader, PrefixLoader, Template
from markupsafe import Markup

from tests.support.same_html import difference

HERE = Path(__file__).parent
PACKAGE = "govuk_frontend_jinja"
BUTTON = "components/button/macro.html"


def widgets_environment(app: Flask) -> Environment:
    """Return templates of an application whose fields the widgets draw."""
    site = app.jinja_env
    plain = Environment(
        app,
        autoescape=site.autoescape,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=site.trim_blocks,
        lstrip_blocks=site.lstrip_blocks,
        bytecode_cache=site.bytecode_cache,
    )
    package, _path, _is_same = PackageLoader(PACKAGE).get_source(plain, BUTTON)
    button = DictLoader({f"{PACKAGE}/{BUTTON}": package})
    own = DispatchingJinjaLoader(app)
    plain.loader = ChoiceLoader([FileSystemLoader(HERE), PrefixLoader({"site": own}), button, own])
    plain.tests, plain.policies = site.tests, site.policies
    plain.filters = {**site.filters, "drawn_once": drawn_each_time, "said_once": drawn_each_time}
    texts = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
    plain.globals.update({name: value for name, value in site.globals.items() if name not in texts})
    plain.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: get_translations().ugettext(text),
        lambda text, plural, count: get_translations().ungettext(text, plural, count),
        newstyle=True,
    )
    return plain


def drawn_each_time(draw: Callable[..., Markup]) -> Callable[..., Markup]:
    """Return a macro as it is, in place of what keeps what it drew."""
    return draw


@contextmanager
def drawn_by(app: Flask, environment: Environment) -> Iterator[None]:
    """Draw every page within by other templates; the widgets draw with the application's own."""
    site, app.jinja_env = app.jinja_env, environment
    try:
        yield
    finally:
        app.jinja_env = site


@contextmanager
def compared(app: Flask) -> Iterator[dict[str, str]]:
    """Draw every page within a second time by widgets; give the templates, and how the two pages differ."""
    plain, found = widgets_environment(app), dict[str, str]()

    def compare(_app: Flask, template: Template, context: dict[str, Any], **_more: Any) -> None:
        name = str(template.name)
        if name.endswith(".html") and not found.get(name):
            with drawn_by(app, plain):
                by_widgets = plain.get_template(name).render(context)
            found[name] = difference(template.render(context), by_widgets)

    with template_rendered.connected_to(compare, app):
        yield found
