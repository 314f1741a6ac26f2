"""Flask-Security, loaded without what it would bring for passkeys.

Its own views for them are not used (``passkeys.py`` says why). It leaves them out where the library for
passkeys is not installed; here that library is loaded later, for who has to do with a passkey.
"""

import sys
from importlib import import_module

LIBRARY = "webauthn"

if not {LIBRARY, "flask_security"} & sys.modules.keys():
    sys.modules[LIBRARY] = None  # type: ignore[assignment]  # an import of it fails, as if it were missing
    try:
        import_module("flask_security")
    finally:
        del sys.modules[LIBRARY]
