"""The page of one's own account."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import StaffSession
from app.core.database import db
from tests.accounts.people import EMAIL, acts, add_staff, is_at_desk, send, sign_in, staff
from tests.support.engines import ON_SQLITE
from tests.support.pages import Page, page_of, text_of

ACCOUNT = "/desk/account"
SESSIONS = f"{ACCOUNT}/sessions"
OTHER = "eve@clinic.example"


@pytest.fixture
def iris(app: Flask, client: FlaskClient) -> FlaskClient:
    """The browser of a coordinator who is signed in."""
    add_staff(app)
    sign_in(client)
    return client


def press(client: FlaskClient, action: str, **answers: object) -> Page:
    """Open the page, send one of its forms, and return the page that says what was done."""
    response = send(client, page_of(client.get(ACCOUNT)), action, **answers)  # type: ignore[arg-type]
    assert response.status_code == 303, page_of(response).text
    return page_of(client.get(response.location))


def sessions_named(page: Page) -> list[str]:
    """Return the handles of the sessions that the page has a button for."""
    return [
        field.get("value", "")
        for form in page.all("form")
        if form.get("action") == SESSIONS
        for field in form.iter("input")
        if field.get("name") == "session"
    ]


@pytest.mark.parametrize("role", ["coordinator", "doctor", "editor", "admin"])
@ON_SQLITE
def test_everyone_has_the_page_and_finds_it_in_the_menu(app: Flask, client: FlaskClient, role: str) -> None:
    add_staff(app, roles=(role,))
    sign_in(client)

    page = page_of(client.get(ACCOUNT))

    assert page.heading == "Your account"
    menu = {link.get("href") for box in page.with_class("account__menu") for link in box.iter("a")}
    assert ACCOUNT in menu
    (current,) = [link for link in page.all("a") if link.get("aria-current") == "page"]
    assert current.get("href") == ACCOUNT


@ON_SQLITE
def test_the_page_tells_the_roles_and_what_they_may_do(iris: FlaskClient) -> None:
    text = page_of(iris.get(ACCOUNT)).text
    assert EMAIL in text
    assert "Answer inquiries and change them" in text
    assert "Invite staff" not in text


@ON_SQLITE
def test_the_page_leads_to_every_way_of_signing_in(iris: FlaskClient) -> None:
    targets = {link.get("href") for link in page_of(iris.get(ACCOUNT)).all("a")}
    assert {"/desk/account/password", "/desk/second-factor/set-up", "/desk/recovery-codes"} <= targets


def test_the_name_is_changed(app: Flask, iris: FlaskClient) -> None:
    page = press(iris, f"{ACCOUNT}/name", name="  د. ليلى   الخطيب ")

    assert "Your name is saved." in page.text
    assert "د. ليلى الخطيب" in {text_of(bdi) for bdi in page.all("bdi")}
    assert staff(app).name == "د. ليلى الخطيب"
    assert acts(app)[-1] == ("staff", "user.renamed", staff(app).id)


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "error"),
    [
        (" ", "Write your name, as colleagues know you."),
        ("a" * 121, "This is 1 character too long. Shorten it to 120."),
    ],
)
def test_a_name_that_cannot_be_kept_comes_back(app: Flask, iris: FlaskClient, name: str, error: str) -> None:
    response = send(iris, page_of(iris.get(ACCOUNT)), f"{ACCOUNT}/name", name=name)

    assert response.status_code == 422
    page = page_of(response)
    assert page.errors == {"name": error}
    assert page.values(f"{ACCOUNT}/name")["name"] == [name.strip()]
    assert staff(app).name == "Iris"


@ON_SQLITE
@pytest.mark.parametrize("form", ["name", "mails", "shortcuts"])
def test_a_page_that_was_open_for_days_gives_the_form_back(iris: FlaskClient, form: str) -> None:
    action = f"{ACCOUNT}/{form}"
    before = page_of(iris.get(ACCOUNT)).values(action)

    response = send(iris, page_of(iris.get(ACCOUNT)), action, csrf_token="old")

    assert response.status_code == 422
    page = page_of(response)
    assert "Send it once more" in page.text
    after = page.values(action)
    assert {**after, "csrf_token": None} == {**before, "csrf_token": None}
    assert send(iris, page, action).status_code == 303


def test_the_mails_are_chosen(app: Flask, iris: FlaskClient) -> None:
    offered = page_of(iris.get(ACCOUNT)).values(f"{ACCOUNT}/mails")["mails"]
    assert offered == ["handed_over", "mentioned", "overdue"]

    page = press(iris, f"{ACCOUNT}/mails", mails=["new_inquiry"])

    assert "Your choice of mails is saved." in page.text
    assert page.values(f"{ACCOUNT}/mails")["mails"] == ["new_inquiry"]
    press(iris, f"{ACCOUNT}/mails", mails=[])
    assert staff(app).mail_choices == []
    assert "mails" not in page_of(iris.get(ACCOUNT)).values(f"{ACCOUNT}/mails")


@ON_SQLITE
def test_mails_about_inquiries_are_offered_to_those_alone_who_may_read_them(
    app: Flask, client: FlaskClient
) -> None:
    add_staff(app, roles=("admin", "editor"))
    sign_in(client)
    assert "Mails to you" not in page_of(client.get(ACCOUNT)).text


@ON_SQLITE
def test_a_mail_that_is_not_offered_is_asked_about(app: Flask, iris: FlaskClient) -> None:
    response = send(iris, page_of(iris.get(ACCOUNT)), f"{ACCOUNT}/mails", mails="advertising")
    assert response.status_code == 422
    assert page_of(response).errors == {"mails": "Choose only from these answers."}
    assert staff(app).mail_choices is None


def test_keyboard_shortcuts_are_switched_off_and_on(app: Flask, iris: FlaskClient) -> None:
    action = f"{ACCOUNT}/shortcuts"
    assert page_of(iris.get(ACCOUNT)).values(action)["uses_shortcuts"] == ["y"]

    page = press(iris, action, uses_shortcuts=[])

    assert "uses_shortcuts" not in page.values(action)
    assert not staff(app).uses_shortcuts
    assert press(iris, action, uses_shortcuts="y").values(action)["uses_shortcuts"] == ["y"]
    assert staff(app).uses_shortcuts


def test_the_sessions_of_other_browsers_are_ended_one_by_one_or_all(app: Flask, iris: FlaskClient) -> None:
    others = [app.test_client() for _ in range(3)]
    for browser in others:
        sign_in(browser)
    page = page_of(iris.get(ACCOUNT))
    assert "this browser" in page.text
    handles = sessions_named(page)
    assert len(handles) == 3

    token = page.values(SESSIONS)["csrf_token"][0]
    one = iris.post(SESSIONS, data={"csrf_token": token, "session": handles[0]})

    assert "The session is ended." in page_of(iris.get(one.location)).text
    assert [is_at_desk(browser) for browser in others].count(True) == 2
    every = iris.post(SESSIONS, data={"csrf_token": token})
    assert "You are signed out everywhere else." in page_of(iris.get(every.location)).text
    assert not any(is_at_desk(browser) for browser in others)
    assert is_at_desk(iris)
    assert "End all others" not in page_of(iris.get(ACCOUNT)).text


def test_nobody_sees_or_ends_the_session_of_someone_else(app: Flask, iris: FlaskClient) -> None:
    add_staff(app, OTHER)
    eve, eves_other = app.test_client(), app.test_client()
    for browser in (eve, eves_other):
        sign_in(browser, OTHER)
    (theirs,) = sessions_named(page_of(eve.get(ACCOUNT)))
    page = page_of(iris.get(ACCOUNT))
    assert theirs not in sessions_named(page)
    token = page.values(f"{ACCOUNT}/name")["csrf_token"][0]

    for fields in ({"session": theirs}, {}):
        assert iris.post(SESSIONS, data={"csrf_token": token, **fields}).status_code == 303

    assert is_at_desk(eve)
    assert is_at_desk(eves_other)
    with app.app_context():
        ended = sa.select(StaffSession).where(StaffSession.ended_at.is_not(None))
        assert not db.session.scalars(ended).all()


@ON_SQLITE
@pytest.mark.parametrize("handle", ["", "0" * 16, "é", "x" * 5000])
def test_a_handle_of_no_session_ends_none(app: Flask, iris: FlaskClient, handle: str) -> None:
    other = app.test_client()
    sign_in(other)
    token = page_of(iris.get(ACCOUNT)).values(f"{ACCOUNT}/name")["csrf_token"][0]

    response = iris.post(SESSIONS, data={"csrf_token": token, "session": handle})

    assert "This session was over already." in page_of(iris.get(response.location)).text
    assert is_at_desk(other)
    assert is_at_desk(iris)


def test_what_was_typed_while_the_session_ended_is_shown(app: Flask, iris: FlaskClient) -> None:
    page = page_of(iris.get(ACCOUNT))
    with app.app_context():
        db.session.execute(sa.delete(StaffSession))
        db.session.commit()

    response = send(iris, page, f"{ACCOUNT}/name", name="Iris of the Long Name")

    assert response.status_code == 401
    assert "Iris of the Long Name" in page_of(response).text
    assert staff(app).name == "Iris"


@ON_SQLITE
@pytest.mark.parametrize(
    "address", ["/desk/account", "/desk/account/password", "/desk/account/passkeys", "/desk/recovery-codes"]
)
def test_every_page_of_ones_own_warns_before_the_session_ends(iris: FlaskClient, address: str) -> None:
    (box,) = page_of(iris.get(address)).with_class("idle")
    assert 0 < int(box.get("data-left", "")) <= 15 * 60


@ON_SQLITE
@pytest.mark.parametrize("address", ["/desk/sign-in", "/desk/forgotten"])
def test_a_page_for_who_is_not_signed_in_warns_of_nothing(client: FlaskClient, address: str) -> None:
    assert page_of(client.get(address)).with_class("idle") == []
