"""Who may use a route: every view declares it, and an undeclared one is refused.

A view carries a permission, ``PUBLIC`` or ``SIGNED_IN``. Which roles hold a permission is told in one
table (``app/accounts/roles.py``); this module only asks for the permissions of whoever is asking.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for

PUBLIC = "public"
SIGNED_IN = "signed-in"

View = TypeVar("View", bound=Callable[..., Any])
Granted = Callable[[], frozenset[str] | None]


def allow(permission: str) -> Callable[[View], View]:
    """Declare that a view is for those who hold ``permission``."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def declared_permission(app: Flask, endpoint: str) -> str | None:
    """Return what the endpoint's view declared, or None when it declared nothing."""
    declared: dict[str, str] = app.extensions["access"]["declared"]
    view = app.view_functions[endpoint]
    return declared.get(endpoint) or getattr(view, "permission", None)


def may(permission: str) -> bool:
    """Return whether whoever is asking holds ``permission``."""
    return permission in (current_app.extensions["access"]["granted"]() or ())


def declare_endpoints(app: Flask, permissions: dict[str, str]) -> None:
    """Declare endpoints whose views a library made."""
    app.extensions["access"]["declared"].update(permissions)


def lead_elsewhere(app: Flask, endpoint: str, *others: str) -> None:
    """Lead who may not use a view to the first of these that they may, instead of refusing them."""
    app.extensions["access"]["elsewhere"][endpoint] = others


def place_instead(endpoint: str, held: frozenset[str]) -> str | None:
    """Return where those who hold these permissions are led to in place of an endpoint, if anywhere."""
    for other in current_app.extensions["access"]["elsewhere"].get(endpoint, ()):
        if declared_permission(current_app, other) in {SIGNED_IN, *held}:
            return str(other)
    return None


def init_access(
    app: Flask, granted: Granted, ask_to_sign_in: Callable[[], Any], refused: Callable[[], None]
) -> None:
    """Check each request before its view runs.

    ``granted`` returns the permissions of whoever is asking, None for a visitor who is not signed in;
    ``ask_to_sign_in`` makes the answer for a visitor who has to; ``refused`` is called before a request is
    refused.
    """
    app.extensions["access"] = {"declared": {}, "granted": granted, "elsewhere": {}}
    app.add_template_global(may)

    @app.before_request
    def check_permission() -> Any:
        if request.endpoint is None:
            return None  # no such address: the 404 page is for everyone
        needed = declared_permission(current_app, request.endpoint)
        if needed == PUBLIC:
            return None
        if needed is None:
            refused()
            abort(403)
        held = granted()
        if held is None:
            return ask_to_sign_in()
        if needed == SIGNED_IN or needed in held:
            return None
        other = place_instead(request.endpoint, held) if request.method == "GET" else None
        if other:
            return redirect(url_for(other), 303)
        refused()
        return abort(403)
