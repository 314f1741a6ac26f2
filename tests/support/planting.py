"""Views that only a test has."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response

from app.core.access import PUBLIC, allow


def plant(app: Flask, act: Callable[[], object], permission: str | None = PUBLIC) -> str:
    """Add a view that does something and shows "done"; return its address."""

    def view(**_parts: Any) -> Response:
        act()
        return Response("done", mimetype="text/plain")

    declared = allow(permission)(view) if permission else view
    app.add_url_rule("/planted/<part>", view_func=declared, endpoint="planted")
    return "/planted/canary-part"
