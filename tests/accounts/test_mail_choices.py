"""Which mails to the team reach whom."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import changing
from app.accounts.mail_choices import DEFAULT_CHOICES, MAIL_CHOICES, chosen_mails, wants, who_wants
from app.accounts.models import User
from app.accounts.roles import EDIT_CONTENT, READ_INQUIRIES
from app.audit.log import SYSTEM
from app.core.database import db
from tests.accounts.people import EMAIL, acts, add_staff

ADA, DORA, EVE, GONE = (f"{name}@clinic.example" for name in ("ada", "dora", "eve", "gone"))


def user(email: str = EMAIL) -> User:
    return db.session.scalars(sa.select(User).where(User.email == email)).one()


def test_who_never_chose_gets_the_mails_that_ask_something_of_them_alone(app: Flask) -> None:
    add_staff(app)
    with app.app_context():
        iris = user()
        assert iris.mail_choices is None
        assert {key for key in MAIL_CHOICES if wants(iris, key)} == DEFAULT_CHOICES
    assert {"handed_over", "mentioned", "overdue"} == DEFAULT_CHOICES


def test_a_choice_takes_the_place_of_the_usual_one_and_is_recorded(app: Flask) -> None:
    user_id = add_staff(app)
    with app.app_context():
        changing.choose_mails(user(), ["digest", "new_inquiry"], SYSTEM)
        assert chosen_mails(user()) == ["new_inquiry", "digest"]
        changing.choose_mails(user(), [], SYSTEM)
        assert chosen_mails(user()) == []
        with pytest.raises(ValueError, match="advertising"):
            changing.choose_mails(user(), ["advertising"], SYSTEM)
        db.session.expire_all()
        assert user().mail_choices == []
    assert acts(app) == [("system", "user.mails_chosen", user_id)] * 2


def test_a_mail_goes_to_those_who_want_it_are_active_and_may_read_what_it_tells_of(app: Flask) -> None:
    add_staff(app, ADA, ("admin", "editor"))
    add_staff(app, DORA, ("doctor",))
    add_staff(app, EVE, ("coordinator", "editor"))
    add_staff(app, GONE, ("coordinator",), active=False)
    with app.app_context():
        for email in (ADA, EVE, GONE):
            changing.choose_mails(user(email), ["new_inquiry"], SYSTEM)

        def who(key: str, permission: str) -> list[str]:
            return [person.email for person in who_wants(key, permission)]

        assert who("new_inquiry", READ_INQUIRIES) == [EVE]
        assert who("overdue", READ_INQUIRIES) == [DORA]
        assert who("new_inquiry", EDIT_CONTENT) == [ADA, EVE]
        assert who("digest", READ_INQUIRIES) == []
