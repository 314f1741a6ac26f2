"""Languages: which one a page is in, and dates and times as its reader writes them."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from flask import Flask, current_app, has_request_context, request, session, url_for
from flask_babel import Babel, get_locale, to_user_timezone
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.core.typed import is_readable
from app.core.wording import init_wording, said, speaking_in

babel = Babel()

MOST_LANGUAGES = 32
"""Languages of which it is kept how they are named and written."""
MOST_DAYS = 4096
"""Days of which it is kept how they are written."""
TIME = "\ue000"
"""Stands for the time in how a day is written."""

Choice = tuple[str, str, str]
"""A language's code, its name in itself, and its writing direction."""


class TranslationsNotBuiltError(RuntimeError):
    """The translations of a language were never compiled."""


def init_i18n(app: Flask) -> None:
    """Choose each request's language and give templates what depends on it."""
    check_translations(app)
    babel.init_app(app, locale_selector=choose_language)
    # As babel.cfg has it: otherwise no translation of a text of several lines would be found.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    init_wording(app)
    app.add_template_filter(shown_time)
    app.add_template_filter(time_element)
    app.add_template_filter(shown_day)
    app.add_template_filter(comma_list)
    app.add_template_global(language_choices)
    app.add_template_global(language_address)
    app.add_template_global(marks)
    app.context_processor(language_of_page)
    app.before_request(remember_language)


def check_translations(app: Flask) -> None:
    """Refuse to start without a language's translations: its readers would be shown English."""
    for language in app.config["LANGUAGES"][1:]:
        folder: Path = app.config["LANGUAGES_FOLDER"] / language.replace("-", "_")
        if not (folder / "LC_MESSAGES" / "messages.mo").exists():
            raise TranslationsNotBuiltError(
                f"The translations in {folder} are not compiled. Run `python -m tools.languages compile`."
            )


def language_of_page() -> dict[str, str]:
    """Return what a template says of its language: the code and the writing direction."""
    language = page_language()
    return {"page_language": language, "page_direction": direction(language)}


@lru_cache(maxsize=MOST_LANGUAGES)
def direction(language: str) -> str:
    """Return the writing direction of a language: ``ltr`` or ``rtl``."""
    return str(Locale.parse(language, sep="-").text_direction)


def marks(language: str) -> Markup:
    """Return the attributes of an element in ``language``: none where the page is in it anyway."""
    if language in {"", page_language()}:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(language, direction(language))


def language_choices() -> list[Choice]:
    """Return the site's languages, each by its own name."""
    return [(code, own_name(code), direction(code)) for code in current_app.config["LANGUAGES"]]


def language_address(language: str, instead: str) -> str:
    """Return where the page at hand is in a language; ``instead`` names a page for what has no address of its
    own, as the answer to a form."""
    if request.method == "POST":
        return url_for(instead, lang=language)
    asked = {**request.args.to_dict(flat=False), "lang": language}
    return f"?{urlencode(asked, doseq=True)}"


@lru_cache(maxsize=MOST_LANGUAGES)
def own_name(language: str) -> str:
    """Return a language's name in itself, as a list begins it."""
    name = str(Locale.parse(language, sep="-").get_display_name() or language)
    return name[:1].upper() + name[1:]


def choose_language() -> Locale:
    """Return the locale of the language that this request asks for, else of the one its reader chose before,
    else of the one of the site that the browser's reader likes best."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    if not has_request_context():
        return locale_of(languages[0])
    asked = (request.args.get("lang"), language_of_form(), session.get("language"))
    chosen = next((language for language in asked if language in languages), None)
    return locale_of(chosen or liked_language(request.headers.get("Accept-Language"), languages))


@lru_cache(maxsize=MOST_LANGUAGES)
def locale_of(language: str) -> Locale:
    """Return the locale of a language of the site, the same one each time."""
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=256)
def liked_language(accept_language: str | None, languages: tuple[str, ...]) -> str:
    """Return which of these a browser's reader likes best, by its Accept-Language, else the first."""
    return parse_accept_header(accept_language, LanguageAccept).best_match(languages) or languages[0]


def language_of_form() -> str | None:
    """Return the language that a sent form names; None if it names none, or cannot be read."""
    return request.form.get("lang") if request.method == "POST" and is_readable() else None


def remember_language() -> None:
    """Keep the language that a visitor asks for, for the pages that come after."""
    asked = request.args.get("lang")
    is_known = asked in current_app.config["LANGUAGES"]
    if request.method == "GET" and is_known and session.get("language") != asked:
        session["language"] = asked


def page_language() -> str:
    """Return the code of the language this page is in."""
    return said(language_code)


def language_code() -> str:
    """Return what ``page_language`` does, found anew."""
    return str(get_locale()).replace("_", "-")


def speaking(language: str) -> AbstractContextManager[None]:
    """Let what is written within be in a language, whatever the request's is."""
    return speaking_in(locale_of(language))


def isolated(name: str) -> str:
    """Return a name that keeps its own writing direction among other words (FSI and PDI, UAX #9)."""
    return f"\u2068{name}\u2069" if name else ""


def comma_list(parts: Iterable[str]) -> str:
    """Return what is there of these, with the commas of the page's language."""
    return _(", ").join(part for part in parts if part)


def shown_time(moment: datetime) -> str:
    """Return a moment in the reader's zone and language, with the zone's name."""
    language, zone = said(language_and_zone)
    local = moment.astimezone(zone)
    around = around_time(language, zone, local.date(), local.utcoffset())
    # Not strftime, which takes four times as long.
    return around.replace(TIME, f"{local.hour:02}:{local.minute:02}")


def language_and_zone() -> tuple[str, ZoneInfo]:
    """Return the code of the language this page is in, and the zone of the times on it."""
    return page_language(), ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])


def time_element(moment: datetime) -> Markup:
    """Return what ``shown_time`` does in an element that tells the moment to machines as well."""
    shown = escape(shown_time(moment))
    return Markup(f'<time datetime="{moment.isoformat()}">{shown}</time>')  # noqa: S704 -- both are safe


@lru_cache(maxsize=MOST_DAYS)
def around_time(language: str, zone: ZoneInfo, day: date, offset: timedelta | None) -> str:
    """Return what is shown of any time of a day, with ``TIME`` where the time stands.

    On a day on which the clocks are changed, the offset says which part of it is meant.
    """
    start, end = (datetime.combine(day, at, zone) for at in (time.min, time.max))
    moment = start if start.utcoffset() == offset else end
    locale = Locale.parse(language, sep="-")
    pattern = str(locale.datetime_formats["medium"]).format(f"'{TIME}' z", "d MMM y")
    return str(format_datetime(moment, pattern, zone, locale))


def shown_day(day: date) -> str:
    """Return a day in the reader's language; of a moment, the day that it is for the reader."""
    language = page_language()
    # The CLDR's English is that of the United States: it begins with the month.
    return written_day(language, day_of(day), "d MMMM y" if language == "en" else "long")


def short_day(day: date) -> str:
    """Return a day in few letters, as ``shown_day`` does."""
    return written_day(page_language(), day_of(day), "d MMM y")


def day_of(day: date) -> date:
    """Return a day as it is; of a moment, the day that it is for the reader."""
    return to_user_timezone(day).date() if isinstance(day, datetime) else day


@lru_cache(maxsize=MOST_DAYS)
def written_day(language: str, day: date, pattern: str) -> str:
    """Return how a day is written."""
    return str(format_date(day, pattern, Locale.parse(language, sep="-")))
