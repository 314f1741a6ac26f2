"""The application for a WSGI server: ``granian --interface wsgi wsgi:app``."""

from app import create_app
from config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    raise SystemExit(str(error)) from None
