"""Languages: which one a page is in, and dates and times as its reader writes them."""

from datetime import date, datetime

from babel import Locale
from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, format_date, format_datetime, get_locale

babel = Babel()


def init_i18n(app: Flask) -> None:
    """Choose each request's language and give templates what depends on it."""
    babel.init_app(app, locale_selector=choose_language)
    app.add_template_filter(shown_time)
    app.add_template_filter(shown_day)
    app.context_processor(language_of_page)


def language_of_page() -> dict[str, str]:
    """Return what a template says of its language: the code and the writing direction."""
    language = page_language()
    return {
        "page_language": language,
        "page_direction": Locale.parse(language, sep="-").text_direction,
    }


def choose_language() -> str:
    """Return the language of the site that the browser's reader likes best."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    if not has_request_context():
        return languages[0]
    return request.accept_languages.best_match(languages) or languages[0]


def page_language() -> str:
    """Return the code of the language this page is in."""
    return str(get_locale()).replace("_", "-")


def isolated(name: str) -> str:
    """Return a name that keeps its own writing direction among other words (FSI and PDI, UAX #9)."""
    return f"\u2068{name}\u2069" if name else ""


def shown_time(moment: datetime) -> str:
    """Return a moment in the reader's zone and language, with the zone's name."""
    return str(format_datetime(moment, "d MMM y, HH:mm z"))


def shown_day(day: date) -> str:
    """Return a day in the reader's language."""
    return str(format_date(day, "d MMMM y"))
