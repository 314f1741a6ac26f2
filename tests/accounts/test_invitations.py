from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import invitations, keeping, signing_in
from app.accounts.models import Invitation, User
from app.core.clock import now
from app.core.crypto import digest
from app.core.database import db
from app.outbox.models import OutboxMail
from tests.accounts.people import PASSWORD, acts, add_staff, fill_in, is_at_desk, send, set_up, sign_in, staff
from tests.support.pages import page_of

GUEST = "dora.doctor@clinic.example"


def invite(app: Flask, email: str = GUEST, *roles: str) -> str:
    """Invite someone, and return the address in the mail, without its host."""
    with app.app_context():
        invitation = invitations.invite(email, roles or ("doctor",))
        mail = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.about_id == invitation.id)).one()
        return path_of(mail.params["address"])


def path_of(address: str | None) -> str:
    """Return an address of the site without its host."""
    assert (address or "").startswith("https://portal.example/desk/welcome/")
    return (address or "").removeprefix("https://portal.example")


def first_link(app: Flask) -> str:
    with app.app_context():
        return path_of(invitations.first_administrator_link())


def accounts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(User.email).order_by(User.email)))


def test_the_link_makes_an_account_and_signs_its_owner_in(app: Flask, client: FlaskClient) -> None:
    link = invite(app, GUEST, "doctor", "editor")
    page = page_of(client.get(link))
    assert GUEST in page.text
    assert page.by_id("password").get("autocomplete") == "new-password"
    response = send(client, page, link, name=" Dora  Doctor ", password=PASSWORD)
    assert response.location == "/desk"
    assert is_at_desk(client)
    user = staff(app, GUEST)
    assert user.name == "Dora Doctor"
    assert {role.name for role in user.roles} == {"doctor", "editor"}
    assert [act[:2] for act in acts(app)] == [
        ("system", "user.invited"),
        ("staff", "user.created"),
        ("staff", "user.signed_in"),
    ]
    browser = app.test_client()
    assert sign_in(browser, GUEST).location == "/desk"


def test_where_a_second_factor_is_required_its_set_up_comes_first(
    strict_app: Flask, strict_client: FlaskClient
) -> None:
    link = invite(strict_app)
    response = fill_in(strict_client, link, name="Dora", password=PASSWORD)
    assert response.location == "/desk/second-factor/set-up"
    assert not is_at_desk(strict_client)
    strict_client.get("/desk/sign-in")  # it gives up the sign-in that was begun
    assert strict_client.get("/desk/second-factor/set-up").location == "/desk/sign-in"
    assert sign_in(strict_client, GUEST).location == "/desk/second-factor/set-up"
    set_up(strict_client)
    assert is_at_desk(strict_client)


def test_only_a_digest_of_the_token_is_kept_and_nothing_in_the_clear(app: Flask) -> None:
    token = invite(app).rsplit("/", 1)[1]
    with app.app_context():
        invitation = db.session.scalars(sa.select(Invitation)).one()
        assert invitation.token_digest == digest(token)
        assert invitation.ends_at - invitation.made_at >= timedelta(days=7) - timedelta(seconds=5)
        mail = db.session.scalars(sa.select(OutboxMail)).one()
        assert mail.message == "invitation"
        assert mail.recipient == GUEST
        assert token.encode() not in mail.params_sealed


def test_the_mail_tells_what_to_do_and_nothing_else(app: Flask) -> None:
    from app.outbox.delivery import compose

    link = invite(app)
    with app.app_context():
        message = compose(db.session.scalars(sa.select(OutboxMail)).one())
    text, html = str(message.body), str(message.html)
    assert message.subject == "Your account for Example Treatment Inquiries"
    assert f"https://portal.example{link}" in text
    assert f'href="https://portal.example{link}"' in html
    assert "7 days" in text
    assert GUEST not in text + html


def test_the_link_works_once(app: Flask, client: FlaskClient) -> None:
    link = invite(app)
    page = page_of(client.get(link))
    other = app.test_client()
    other_page = page_of(other.get(link))
    send(client, page, link, name="Dora", password=PASSWORD)
    assert other.get(link).status_code == 410
    late = send(other, other_page, link, name="Eve", password=PASSWORD)
    assert late.status_code == 410
    assert page_of(late).heading == "This link does not work any more"
    assert accounts(app) == [GUEST]
    assert not is_at_desk(other)


def test_two_browsers_at_once_make_one_account(app: Flask) -> None:
    token = invite(app).rsplit("/", 1)[1]

    def accept(name: str) -> bool:
        with app.app_context():
            try:
                invitations.accept_invitation(token, name=name, email=None, password=PASSWORD, address=None)
            except invitations.InvitationOverError:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(accept, "abcd")) == [False, False, False, True]
    assert accounts(app) == [GUEST]


def test_the_link_ends_after_seven_days(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        link = invite(app)
        clock.shift(timedelta(days=7) - timedelta(seconds=1))
        assert client.get(link).status_code == 200
        clock.shift(1)
        assert client.get(link).status_code == 410


@pytest.mark.parametrize("token", ["A" * 43, "x", "a" * 44, "%00"])
def test_a_link_that_was_never_made_is_not_found(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/desk/welcome/{token}")
    assert answer.status_code == 404
    assert page_of(answer).heading == "We do not know this link"


def test_a_newer_invitation_ends_the_earlier_one(app: Flask, client: FlaskClient) -> None:
    first, second = invite(app), invite(app, GUEST.upper())
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"name": " ", "password": PASSWORD}, {"name": "Write your name, as colleagues know you."}),
        ({"name": "D", "password": ""}, {"password": "Write your password."}),
        (
            {"name": "D", "password": "11 letters "},
            {"password": "Make the password at least 12 characters long."},
        ),
        (
            {"name": "D", "password": "x" * 201},
            {"password": "This is 1 character too long. Shorten it to 200."},
        ),
        (
            {"name": "D" * 121, "password": PASSWORD},
            {"name": "This is 1 character too long. Shorten it to 120."},
        ),
    ],
)
def test_the_form_says_what_to_change_and_keeps_the_link(
    app: Flask, client: FlaskClient, answers: dict[str, str], errors: dict[str, str]
) -> None:
    link = invite(app)
    response = fill_in(client, link, **answers)
    assert response.status_code == 422
    assert page_of(response).errors == errors
    assert accounts(app) == []
    assert fill_in(client, link, name="Dora", password="x" * 12).location == "/desk"


def test_any_twelve_characters_will_do(app: Flask, client: FlaskClient) -> None:
    link = invite(app)
    assert fill_in(client, link, name="Dora", password="\ufdfa" * 200).location == "/desk"
    assert sign_in(app.test_client(), GUEST, "\ufdfa" * 200).location == "/desk"


def test_an_address_that_got_an_account_meanwhile_makes_no_second(app: Flask, client: FlaskClient) -> None:
    link = invite(app)
    page = page_of(client.get(link))
    add_staff(app, GUEST)
    assert send(client, page, link, name="Dora", password=PASSWORD).status_code == 410
    assert client.get(link).status_code == 410
    assert accounts(app) == [GUEST]
    with pytest.raises(keeping.AddressTakenError):
        invite(app)


def test_who_is_signed_in_and_accepts_another_invitation_changes_accounts(
    strict_app: Flask, strict_client: FlaskClient
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    set_up(strict_client)
    link = invite(strict_app)
    response = fill_in(strict_client, link, name="Dora", password=PASSWORD)
    assert response.location == "/desk/second-factor/set-up"
    set_up(strict_client)
    assert GUEST in strict_client.get("/desk/second-factor/set-up").text or is_at_desk(strict_client)
    assert signing_in.has_second_factor(staff(strict_app, GUEST))


def test_the_first_administrator_gives_the_address_too(app: Flask, client: FlaskClient) -> None:
    link = first_link(app)
    page = page_of(fill_in(client, link, name="Ada", email="no address", password=PASSWORD))
    assert page.errors.keys() == {"email"}
    response = send(client, page, link, name="Ada", email="Ada@Clinic.example", password=PASSWORD)
    assert response.location == "/desk"
    assert {role.name for role in staff(app, "ada@clinic.example").roles} == {
        "admin",
        "coordinator",
        "editor",
    }
    with app.app_context():
        assert invitations.first_administrator_link() is None


def test_a_newer_address_for_the_first_administrator_ends_the_earlier_one(
    app: Flask, client: FlaskClient
) -> None:
    first, second = first_link(app), first_link(app)
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_there_is_no_first_administrator_once_staff_exist(app: Flask, client: FlaskClient) -> None:
    link = first_link(app)
    page = page_of(client.get(link))
    add_staff(app)
    answers = {"name": "Eve", "email": "eve@clinic.example", "password": PASSWORD}
    assert send(client, page, link, **answers).status_code == 410
    assert client.get(link).status_code == 410
    assert "eve@clinic.example" not in accounts(app)


def test_staff_who_come_between_looking_and_writing_stop_the_first_administrator(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = first_link(app).rsplit("/", 1)[1]
    use_up: Callable[[Invitation], None] = invitations.use_up

    def add_someone_first(invitation: Invitation) -> None:
        add_staff(app)
        use_up(invitation)

    monkeypatch.setattr(invitations, "use_up", add_someone_first)
    with app.app_context(), pytest.raises(invitations.InvitationOverError):
        invitations.accept_invitation(
            token, name="Eve", email="eve@clinic.example", password=PASSWORD, address=None
        )
    assert "eve@clinic.example" not in accounts(app)


def test_no_password_and_no_token_is_logged(
    app: Flask, client: FlaskClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    link = invite(app)
    fill_in(client, link, name="Dora", password="short")
    fill_in(client, link, name="Dora", password=PASSWORD)
    sign_in(app.test_client(), GUEST, "a wrong password")
    logged = "".join(capfd.readouterr()) + caplog.text
    for secret in (link.rsplit("/", 1)[1], PASSWORD, "a wrong password", GUEST):
        assert secret not in logged
