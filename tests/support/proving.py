"""Finding the proof of a form, as a browser with script does."""

import altcha
from flask.testing import FlaskClient


def proof_for(client: FlaskClient, form_key: str) -> str:
    """Ask for a form's challenge and solve it."""
    challenge = altcha.Challenge.from_dict(
        client.post("/inquiries/challenge", data={"form_key": form_key}).get_json()
    )
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()
