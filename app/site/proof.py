"""What a browser is asked to find while the inquiry form is filled in."""

from flask import abort, jsonify, request
from werkzeug.wrappers import Response

from app.core.access import PUBLIC, allow
from app.core.extensions import checks_own_token
from app.core.links import is_token
from app.core.proof import new_challenge


@checks_own_token  # it changes nothing, and must answer those who keep no cookies too
@allow(PUBLIC)
def challenge() -> Response:
    """Answer with the challenge for a form key; 400 if this site could not have made the key."""
    form_key = request.form.get("form_key", "")
    if not is_token(form_key):
        abort(400)
    return jsonify(new_challenge(form_key))
