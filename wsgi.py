"""The application for a WSGI server: ``granian --interface wsgi wsgi:app``."""

import gc

# What is made while starting stays: looking through it for what can go costs a sixth of the start.
gc.disable()

from app import create_app  # noqa: E402
from config import ConfigurationError  # noqa: E402

try:
    app = create_app()
except ConfigurationError as error:
    raise SystemExit(str(error)) from None

gc.freeze()
gc.enable()
