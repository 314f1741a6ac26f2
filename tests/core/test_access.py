from flask import Flask

from app.core.access import PUBLIC, declared_permission
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of
from tests.support.planting import plant


@ON_SQLITE
def test_a_view_that_declares_nothing_is_refused(app: Flask) -> None:
    address = plant(app, list, permission=None)

    response = app.test_client().get(address)

    assert response.status_code == 403
    assert page_of(response).heading == "This page is not for your account"
    assert declared_permission(app, "planted") is None


@ON_SQLITE
def test_a_view_declared_public_is_shown_to_a_visitor(app: Flask) -> None:
    address = plant(app, list, PUBLIC)

    assert app.test_client().get(address).text == "done"


@ON_SQLITE
def test_a_visitor_is_asked_to_sign_in_for_what_a_role_may_see(app: Flask) -> None:
    address = plant(app, list, "something.rare")

    response = app.test_client().get(address)

    assert response.status_code in {302, 303}
    assert response.location.startswith("/desk/sign-in")
