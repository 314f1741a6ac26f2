"""What the pages of accounts are registered on; the modules of this package add theirs."""

from flask import Blueprint

DESK = "/desk"
"""Where staff are led once they are signed in."""

blueprint = Blueprint("accounts", __name__, url_prefix=DESK)
# Flask-Security builds addresses by this name.
sign_in_pages = Blueprint("security", __name__, url_prefix=DESK)
