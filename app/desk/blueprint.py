"""What all pages of the desk are registered on; the modules of this package add theirs."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

Page = tuple[str, int] | Response
"""What a view of the desk returns: a page with its status, or where to go on."""
