"""What all pages of visitors are registered on; the modules of this package add theirs."""

from flask import Blueprint

blueprint = Blueprint("site", __name__)
