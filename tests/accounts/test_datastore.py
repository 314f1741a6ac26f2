"""People are found as Flask-Security's own datastore finds them."""

import pytest
from flask import Flask
from flask_security import FSQLALiteUserDatastore

from app.accounts.datastore import Datastore
from app.accounts.models import Role, User
from app.core.database import db
from tests.accounts.people import add_staff

EMAIL = "iris@clinic.example"


@pytest.mark.parametrize("ignores_case", [False, True])
@pytest.mark.parametrize("email", [EMAIL, EMAIL.upper(), "İris@clinic.example", "nobody@clinic.example", ""])
def test_a_person_is_found_by_address_as_the_library_finds_one(
    app: Flask, email: str, ignores_case: bool
) -> None:
    add_staff(app, EMAIL)
    add_staff(app, "eve@clinic.example")
    with app.app_context():
        ours, theirs = (
            kind(db, User, Role).find_user(case_insensitive=ignores_case, email=email)
            for kind in (Datastore, FSQLALiteUserDatastore)
        )

        assert ours is theirs


def test_a_person_is_found_by_what_a_cookie_holds_and_nobody_by_nothing(app: Flask) -> None:
    add_staff(app, EMAIL)
    with app.app_context():
        store = Datastore(db, User, Role)
        person = store.find_user(email=EMAIL)

        assert person is not None
        assert store.find_user(case_insensitive=True, email=EMAIL.upper()) is person
        assert store.find_user(email=EMAIL.upper()) is None
        assert store.find_user(fs_uniquifier=person.fs_uniquifier) is person
        assert store.find_user(fs_uniquifier=None) is None
