"""Settings as a Django site has them in production, on this machine and without TLS."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

DEBUG = False
SECRET_KEY = "a-secret-that-only-the-benchmarks-know-0123456789"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ROOT_URLCONF = "bench.references.django_site.urls"
INSTALLED_APPS = ["django.contrib.sessions", "bench.references.django_site"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# In a cookie, as the portal keeps it: one round trip to the database less than Django's default.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # without DEBUG, compiled templates are kept
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]
USE_I18N = USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None
INFORMATION = os.environ.get("PEER_INFORMATION", "")


def database(url: str) -> dict[str, Any]:
    """Return Django's settings of a database, as durable as the portal's and with its connection kept."""
    if url.startswith("sqlite:///"):
        pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 5}
        engine, name = "django.db.backends.sqlite3", url.removeprefix("sqlite:///")
        return {"ENGINE": engine, "NAME": name, "OPTIONS": options, "CONN_MAX_AGE": None}
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "HOST": dict(parse_qsl(parts.query)).get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
    }


DATABASES = {"default": database(os.environ.get("PEER_DATABASE_URL") or f"sqlite:///{Path('peer.sqlite')}")}
