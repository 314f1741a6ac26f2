"""Extensions that several features share."""

from collections.abc import Callable, MutableMapping
from typing import Any, TypeVar

from flask import Flask
from flask.templating import Environment
from flask_mail import Mail
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()
mail = Mail()


class Templates(Environment):
    """Templates whose globals stay as they are when the first one is loaded.

    Jinja would look for later ones at every import of a macro, which costs more than most macros.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of one template."""
        return {**self.globals, **(d or {})}


def init_extensions(app: Flask) -> None:
    """Set up forms, mail and the form components' templates."""
    app.jinja_environment = Templates
    csrf.init_app(app)
    mail.init_app(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(
        [
            app.jinja_loader,  # type: ignore[list-item]
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )


def checks_own_token(view: View) -> View:
    """Declare a view whose form checks its CSRF token itself.

    The token of a page that was open for days, or whose cookie was lost, then gives the page back with
    everything that was typed, instead of an error page.
    """
    csrf.exempt(view)
    return view
