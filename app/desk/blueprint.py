"""What all pages of the desk are registered on; the modules of this package add theirs."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
