"""Visitors' pages: the treatment page with the inquiry form, and what follows sending."""

from app.site import call, proof, routes, saved, steps
from app.site.blueprint import blueprint
from app.site.front import init_front

blueprint.add_url_rule("/inquiries/challenge", view_func=proof.challenge, methods=["POST"])

__all__ = ["blueprint", "call", "init_front", "routes", "saved", "steps"]
