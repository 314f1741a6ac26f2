"""Settings, read once from the environment.

Every loader takes the environment as a mapping, so a test gives it a dictionary. The names are listed
in README.md. Development makes its own secrets and keeps them in ``instance/``; production refuses to
start without the names in ``REQUIRED_IN_PRODUCTION`` and tells all that are missing at once.
"""

import base64
import json
import os
import re
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

Environment = Mapping[str, str]
Settings = dict[str, Any]

ENVIRONMENTS = ("development", "test", "production")
REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "FIELD_KEYS",
    "DATABASE_URL",
    "PUBLIC_URL",
    "MAIL_SERVER",
    "COORDINATOR_EMAILS",
    "FILES_URL",
)
FIELD_KEY_BYTES = 32
SHORTEST_SECRET = 32
"""Characters of ``SECRET_KEY`` in production."""
# A form of 4,000 characters is small, but a person who pastes far too much must get it back to shorten
# it; percent-encoding makes up to nine bytes of one character.
LARGEST_REQUEST_BYTES = 10 * 1024 * 1024
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LANGUAGES_FOLDER = Path(__file__).parent / "app" / "languages"
"""One folder for each language: its translations, its starter content, its usual names."""
FIRST_LANGUAGE = "en"
"""The language that the source is written in, and that pages are in where nobody asks for another."""


class ConfigurationError(Exception):
    """The environment cannot be used; the message tells the operator what to set."""


def load(environ: Environment, instance_path: Path) -> Settings:
    """Return the application's whole configuration.

    Raises ConfigurationError when a value is missing (production) or cannot be read.
    """
    portal_env = environ.get("PORTAL_ENV", "development")
    if portal_env not in ENVIRONMENTS:
        raise ConfigurationError(f"PORTAL_ENV must be one of {', '.join(ENVIRONMENTS)}.")
    if portal_env == "production":
        refuse_missing(environ)
        refuse_weak(environ)
    else:
        environ = {**development_defaults(instance_path), **environ}
    production = portal_env == "production"
    return {
        "PORTAL_ENV": portal_env,
        "TESTING": portal_env == "test",
        **site(environ),
        **working_time(environ),
        **secrets_and_keys(environ),
        **database(environ),
        **files(environ),
        **mail(environ, production),
        **web(environ, production),
        **accounts(environ, production),
    }


def refuse_missing(environ: Environment) -> None:
    """Raise ConfigurationError naming every required name that is unset or empty."""
    missing = [name for name in REQUIRED_IN_PRODUCTION if not environ.get(name, "").strip()]
    if missing:
        raise ConfigurationError(f"Set these before starting in production: {', '.join(missing)}.")


def refuse_weak(environ: Environment) -> None:
    """Raise ConfigurationError for a secret that can be guessed, or an address without TLS."""
    if len(environ["SECRET_KEY"]) < SHORTEST_SECRET:
        raise ConfigurationError(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters.")
    if not environ["PUBLIC_URL"].startswith("https://"):
        raise ConfigurationError("PUBLIC_URL must start with https:// in production.")


def development_defaults(instance_path: Path) -> dict[str, str]:
    """Return defaults for a laptop: kept secrets, SQLite and a mail catcher on this machine."""
    return {
        **kept_secrets(instance_path / "secrets.json"),
        "DATABASE_URL": f"sqlite:///{instance_path / 'portal.sqlite'}",
        "FILES_URL": (instance_path / "files").absolute().as_uri(),
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": "8025",
        "COORDINATOR_EMAILS": "coordinator@clinic.example",
    }


def kept_secrets(path: Path) -> dict[str, str]:
    """Return development's secrets from ``path``, making the file (mode 0600) the first time."""
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        pass
    made = {"SECRET_KEY": secrets.token_urlsafe(48), "FIELD_KEYS": new_field_key()}
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place, so that two processes starting at once keep one set.
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    aside.touch(mode=0o600)
    aside.write_text(json.dumps(made))
    try:
        os.link(aside, path)
    except FileExistsError:
        return dict(json.loads(path.read_text()))
    finally:
        aside.unlink()
    return made


def new_field_key() -> str:
    """Return a new 256-bit key in the form that ``FIELD_KEYS`` takes (URL-safe base64)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(FIELD_KEY_BYTES)).decode()


def site(environ: Environment) -> Settings:
    """Names, addresses and languages of the site, and in how many working days it promises an answer."""
    public_url = environ["PUBLIC_URL"].rstrip("/")
    if not public_url.startswith(("http://", "https://")):
        raise ConfigurationError("PUBLIC_URL must start with https:// (or http:// on your machine).")
    return {
        "SITE_NAME": environ.get("SITE_NAME", "Spinal Cord Injury Treatment Inquiries"),
        "PUBLIC_URL": public_url,
        "COORDINATOR_EMAILS": addresses(environ["COORDINATOR_EMAILS"]),
        "ANSWER_WORKING_DAYS": whole_number(environ, "ANSWER_WORKING_DAYS", 3),
        "LANGUAGES": languages(),
        "LANGUAGES_FOLDER": LANGUAGES_FOLDER,
        "BABEL_TRANSLATION_DIRECTORIES": str(LANGUAGES_FOLDER),
        "BABEL_DEFAULT_LOCALE": FIRST_LANGUAGE,
        "BABEL_DEFAULT_TIMEZONE": environ.get("SITE_TIMEZONE", "UTC"),
    }


def working_time(environ: Environment) -> Settings:
    """When the team is there, in the site's zone: weekdays (0 is Monday), hours, and days off."""
    try:
        ZoneInfo(environ.get("SITE_TIMEZONE", "UTC"))
    except (ValueError, OSError, KeyError):
        raise ConfigurationError("SITE_TIMEZONE must be a zone such as Europe/Madrid.") from None
    return {
        "WORKING_DAYS": weekdays(environ.get("WORKING_DAYS") or "mon-fri"),
        "WORKING_HOURS": working_hours(environ.get("WORKING_HOURS") or "09:00-17:00"),
        "HOLIDAYS": holidays_place(environ.get("HOLIDAYS", "").strip()),
        "CLOSED_DAYS": days(environ.get("CLOSED_DAYS", "")),
    }


def weekdays(text: str) -> tuple[int, ...]:
    """Return the weekdays of a list such as ``mon-fri`` or ``sun,mon,tue``, 0 for Monday."""
    found: set[int] = set()
    try:
        for part in text.lower().split(","):
            first, _hyphen, last = part.partition("-")
            begins = WEEKDAYS.index(first.strip())
            ends = WEEKDAYS.index((last or first).strip())
            found.update((begins + number) % 7 for number in range((ends - begins) % 7 + 1))
    except ValueError:
        raise ConfigurationError(
            f"WORKING_DAYS must be days out of {', '.join(WEEKDAYS)}, such as mon-fri or sun,mon,tue."
        ) from None
    return tuple(sorted(found))


def working_hours(text: str) -> tuple[timedelta, timedelta]:
    """Return when a working day begins and ends, since midnight, of ``09:00-17:00``; 24:00 is its end."""
    written = re.fullmatch(r"\s*(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)\s*", text, re.ASCII)
    hours = [int(number) for number in written.groups()] if written else [0] * 4
    begins = timedelta(hours=hours[0], minutes=hours[1])
    ends = timedelta(hours=hours[2], minutes=hours[3])
    if not begins < ends <= timedelta(days=1):
        raise ConfigurationError("WORKING_HOURS must be a beginning and a later end, such as 09:00-17:00.")
    return begins, ends


def holidays_place(code: str) -> str:
    """Return the code of a country, or of a part of one, whose holidays are known; empty for none."""
    if code:
        from holidays import list_supported_countries  # noqa: PLC0415 -- it takes a quarter of a second

        country, hyphen, part = code.partition("-")
        parts = list_supported_countries().get(country)
        if parts is None or (hyphen and part not in parts):
            raise ConfigurationError(
                "HOLIDAYS must be a country such as ES, or a part of one such as ES-MD, whose holidays the "
                "library holidays knows."
            )
    return code


def days(text: str) -> frozenset[date]:
    """Return the days of a list such as ``2026-12-24,2026-12-31``."""
    try:
        return frozenset(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ConfigurationError(
            "CLOSED_DAYS must be days such as 2026-12-24, separated by commas."
        ) from None


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Return the codes of the site's languages, the first one first: a folder is all that one needs."""
    found = (folder or LANGUAGES_FOLDER).glob("*/LC_MESSAGES/messages.po")
    folders = (path.parents[1].name for path in found)
    others = sorted(folder.replace("_", "-") for folder in folders if folder != FIRST_LANGUAGE)
    return (FIRST_LANGUAGE, *others)


def addresses(text: str) -> tuple[str, ...]:
    """Split a comma-separated list of mail addresses, each once, in the order given."""
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not found or not all("@" in address for address in found):
        raise ConfigurationError("COORDINATOR_EMAILS must be mail addresses, separated by commas.")
    return found


def secrets_and_keys(environ: Environment) -> Settings:
    """The session's secret and the keys of encrypted fields, newest first."""
    try:
        keys = tuple(base64.urlsafe_b64decode(part.strip()) for part in environ["FIELD_KEYS"].split(","))
    except ValueError:
        keys = ()
    if not keys or any(len(key) != FIELD_KEY_BYTES for key in keys):
        raise ConfigurationError(
            "FIELD_KEYS must be 32-byte keys in URL-safe base64, newest first, separated by commas. "
            "Make one with: python -c 'import config; print(config.new_field_key())'"
        )
    return {"SECRET_KEY": environ["SECRET_KEY"], "FIELD_KEYS": keys}


def database(environ: Environment) -> Settings:
    """One engine: SQLite by default, PostgreSQL through psycopg 3 when the address says so."""
    url = environ["DATABASE_URL"]
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    return {"SQLALCHEMY_ENGINES": {"default": url}}


def files(environ: Environment) -> Settings:
    """Where sealed files lie: a folder of this machine, named as an address with its full path."""
    try:
        url = urlsplit(environ["FILES_URL"])
    except ValueError:
        url = urlsplit("")
    folder = Path(unquote(url.path))
    elsewhere = url.netloc not in {"", "localhost"} or url.query or url.fragment
    if url.scheme != "file" or elsewhere or not folder.is_absolute() or folder == Path("/"):
        raise ConfigurationError(
            "FILES_URL must be a folder of this machine, written as file:///var/lib/portal/files."
        )
    return {"FILES_FOLDER": folder}


def mail(environ: Environment, production: bool = False) -> Settings:
    """Flask-Mail's own names, and ours; the worker alone opens connections.

    ``MAIL_SENDER_NAME`` is what an inbox shows. ``MAIL_REPLY_TO`` is where answers go to mails that staff
    wrote. ``MAIL_TIMEOUT_SECONDS`` is how long the server may take for each answer, and
    ``MAIL_ANSWER_TIMEOUT_SECONDS`` for the one to a mail's text, before which it may look for spam and
    viruses (RFC 5321, 4.5.3.2.6 asks for 10 minutes).
    """
    use_tls, use_ssl = switch(environ, "MAIL_USE_TLS"), switch(environ, "MAIL_USE_SSL")
    if production and environ.get("MAIL_USERNAME") and not (use_tls or use_ssl):
        raise ConfigurationError(
            "Set MAIL_USE_TLS or MAIL_USE_SSL: MAIL_PASSWORD would cross the network in the clear."
        )
    sender = environ.get("MAIL_DEFAULT_SENDER") or f"no-reply@{urlsplit(environ['PUBLIC_URL']).hostname}"
    return {
        "MAIL_SERVER": environ["MAIL_SERVER"],
        "MAIL_PORT": whole_number(environ, "MAIL_PORT", 25),
        "MAIL_USE_TLS": use_tls,
        "MAIL_USE_SSL": use_ssl,
        "MAIL_USERNAME": environ.get("MAIL_USERNAME") or None,
        "MAIL_PASSWORD": environ.get("MAIL_PASSWORD") or None,
        "MAIL_DEFAULT_SENDER": sender,
        "MAIL_SENDER_NAME": " ".join(environ.get("MAIL_SENDER_NAME", "").split()) or "Inquiry desk",
        "MAIL_REPLY_TO": reply_address(environ),
        # Flask-Mail would not send at all in tests; ours send over real SMTP.
        "MAIL_SUPPRESS_SEND": False,
        "MAIL_TIMEOUT_SECONDS": whole_number(environ, "MAIL_TIMEOUT_SECONDS", 10),
        "MAIL_ANSWER_TIMEOUT_SECONDS": whole_number(environ, "MAIL_ANSWER_TIMEOUT_SECONDS", 120),
    }


def reply_address(environ: Environment) -> str | None:
    """Return where answers go to mails that staff wrote; None for the first coordinator's address."""
    text = environ.get("MAIL_REPLY_TO", "").strip()
    if text and not re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>]+", text):
        raise ConfigurationError("MAIL_REPLY_TO must be one mail address, such as answers@clinic.example.")
    return text or None


def web(environ: Environment, production: bool) -> Settings:
    """Requests, cookies and forms.

    ``TRUSTED_PROXIES`` is the number of proxies in front, whose X-Forwarded-For is believed.
    """
    return {
        "TRUSTED_PROXIES": whole_number(environ, "TRUSTED_PROXIES", 0),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST_BYTES,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST_BYTES,
        "SESSION_COOKIE_NAME": "portal",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PREFERRED_URL_SCHEME": "https" if production else "http",
        # A person may take a day over a form: its token lives as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
        # The site sends no Referer at all (Referrer-Policy: no-referrer), so none can be asked for.
        "WTF_CSRF_SSL_STRICT": False,
        "SEND_HSTS": production,
    }


def whole_number(environ: Environment, name: str, default: int) -> int:
    """Return a whole number from the environment, or ``default`` when it is unset."""
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise ConfigurationError(f"{name} must be a whole number.") from None


def switch(environ: Environment, name: str) -> bool:
    """Return whether ``name`` is set to 1, true, yes or on."""
    return environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def accounts(environ: Environment, production: bool) -> Settings:
    """Staff accounts: Flask-Security's settings.

    A second factor is required in production; ``REQUIRE_SECOND_FACTOR=1`` turns it on elsewhere.
    """
    required = production or switch(environ, "REQUIRE_SECOND_FACTOR")
    return {
        "SECURITY_TWO_FACTOR_REQUIRED": required,
        "SESSION_LIFETIME": timedelta(hours=12),
        # Without use for so long, a session is over.
        "SESSION_IDLE": timedelta(minutes=15),
    }
