import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import passkeys, signing_in
from app.accounts.passkeys import CHALLENGE_LIFETIME, Challenge, PasskeyRefusedError
from app.core.clock import now
from app.core.database import db
from tests.accounts.authenticator import Authenticator, add_passkey, use
from tests.accounts.people import (
    EMAIL,
    PASSWORD,
    acts,
    add_staff,
    fill_in,
    is_at_desk,
    set_up,
    sign_in,
    staff,
)
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of, text_of

OWN = "/desk/account/passkeys"
REMOVE = "/desk/account/passkeys/remove"
AFTER_PASSWORD = "/desk/second-factor/passkey"
ALONE = "/desk/sign-in/passkey"
FIRST = "/desk/second-factor/set-up/passkey"


def with_passkey(app: Flask, client: FlaskClient, passkey: Authenticator) -> None:
    """Make an account that has a passkey, and sign in with the password alone before."""
    add_staff(app)
    sign_in(client)
    assert add_passkey(client, passkey).location == "/desk/recovery-codes"


def remove(client: FlaskClient, name: str = "My phone") -> str:
    """Remove a passkey on the page for it, and return what the page says then."""
    token = page_of(client.get(OWN)).values(OWN)["csrf_token"]
    assert client.post(REMOVE, data={"csrf_token": token, "passkey": name}).location == OWN
    return page_of(client.get(OWN)).text


def names_on(client: FlaskClient) -> list[str]:
    """Return the names in the list of one's own passkeys."""
    return [text_of(name) for name in page_of(client.get(OWN)).with_class("passkeys__name")]


def test_a_passkey_is_the_second_factor_after_the_password(app: Flask, client: FlaskClient) -> None:
    passkey = Authenticator()
    with_passkey(app, client, passkey)
    browser = app.test_client()
    assert sign_in(browser).location == "/desk/second-factor?next=/desk"
    assert not is_at_desk(browser)
    assert use(browser, "/desk/second-factor?next=/desk", AFTER_PASSWORD, passkey).location == "/desk"
    assert is_at_desk(browser)
    assert [act[1] for act in acts(app)] == ["user.signed_in", "user.passkey_added", "user.signed_in"]


def test_a_passkey_that_makes_sure_of_its_owner_signs_in_alone(app: Flask, client: FlaskClient) -> None:
    passkey = Authenticator()
    with_passkey(app, client, passkey)
    browser = app.test_client()
    answer = use(browser, "/desk/sign-in?next=/desk/recovery-codes", ALONE, passkey)
    assert answer.location == "/desk/recovery-codes"
    assert is_at_desk(browser)


def test_one_that_only_knows_that_someone_is_there_does_not_sign_in_alone(
    app: Flask, client: FlaskClient
) -> None:
    passkey = Authenticator(verifies=False)
    with_passkey(app, client, passkey)
    browser = app.test_client()
    assert use(browser, "/desk/sign-in", ALONE, passkey).location == "/desk/sign-in?next=/desk"
    assert "did not work with this passkey" in page_of(browser.get("/desk/sign-in")).text
    sign_in(browser)
    assert use(browser, "/desk/second-factor", AFTER_PASSWORD, passkey).location == "/desk"


def test_where_a_second_factor_is_required_a_passkey_can_be_the_first_one(
    strict_app: Flask, strict_client: FlaskClient
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    links = {link.get("href") for link in page_of(strict_client.get("/desk/second-factor/set-up")).all("a")}
    assert FIRST in links
    answer = use(strict_client, FIRST, FIRST, Authenticator(), name="Key on my ring")
    assert answer.location == "/desk/recovery-codes"
    assert is_at_desk(strict_client)
    assert signing_in.has_second_factor(staff(strict_app))
    assert not signing_in.has_app(staff(strict_app))


def test_the_last_second_factor_stays_where_one_is_required(
    strict_app: Flask, strict_client: FlaskClient
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    use(strict_client, FIRST, FIRST, Authenticator(), name="First")
    assert "your only second factor" in remove(strict_client, "First")
    add_passkey(strict_client, Authenticator(), "Second")
    assert names_on(strict_client) == ["First", "Second"]
    assert "The passkey is removed." in remove(strict_client, "First")
    assert "your only second factor" in remove(strict_client, "Second")
    set_up(strict_client)
    assert "The passkey is removed." in remove(strict_client, "Second")
    assert names_on(strict_client) == []


def test_where_none_is_required_the_last_one_can_go(app: Flask, client: FlaskClient) -> None:
    passkey = Authenticator()
    with_passkey(app, client, passkey)
    assert "The passkey is removed." in remove(client)
    browser = app.test_client()
    assert use(browser, "/desk/sign-in", ALONE, passkey).location == "/desk/sign-in?next=/desk"
    assert sign_in(browser).location == "/desk"


def test_recovery_codes_work_for_who_has_passkeys_alone(app: Flask, client: FlaskClient) -> None:
    with_passkey(app, client, Authenticator())
    page = page_of(fill_in(client, "/desk/recovery-codes"))
    code = text_of(next(page.with_class("reference")[0].iter("li")))
    browser = app.test_client()
    sign_in(browser)
    assert fill_in(browser, "/desk/recovery-code", code=code).location == "/desk"


def test_the_page_for_codes_says_what_to_do_without_an_app(app: Flask, client: FlaskClient) -> None:
    with_passkey(app, client, Authenticator())
    browser = app.test_client()
    sign_in(browser)
    page = page_of(browser.get("/desk/second-factor"))
    assert page.heading == "Use your passkey"
    token = page.values(AFTER_PASSWORD)["csrf_token"]
    answer = browser.post("/desk/second-factor", data={"csrf_token": token, "code": "123456"})
    assert "You have no authenticator app here." in page_of(answer).text


def test_an_answer_counts_once(app: Flask, client: FlaskClient) -> None:
    passkey = Authenticator()
    with_passkey(app, client, passkey)
    browser, thief = app.test_client(), app.test_client()
    page = page_of(browser.get("/desk/sign-in"))
    cookie = browser.get_cookie("portal")
    assert cookie
    thief.set_cookie("portal", cookie.value)
    answer = passkey.sign_in(page.form(ALONE).get("data-options", ""))
    data = {**page.values(ALONE), "credential": answer}
    assert browser.post(ALONE, data=data).location == "/desk"
    assert thief.post(ALONE, data=data).location == "/desk/sign-in?next=/desk"
    assert not is_at_desk(thief)


def test_another_sites_and_another_persons_passkey_do_not_sign_in(app: Flask, client: FlaskClient) -> None:
    passkey = Authenticator()
    with_passkey(app, client, passkey)
    add_staff(app, "other@clinic.example")
    other = app.test_client()
    sign_in(other, "other@clinic.example")
    own = Authenticator()
    add_passkey(other, own, "Mine")
    browser = app.test_client()
    sign_in(browser, "other@clinic.example")
    assert use(browser, "/desk/second-factor", AFTER_PASSWORD, passkey).location.startswith("/desk/second-f")
    own.origin = "https://portal.example.evil.example"
    assert use(browser, "/desk/second-factor", AFTER_PASSWORD, own).location.startswith("/desk/second-f")
    assert not is_at_desk(browser)


def test_a_person_who_is_switched_off_does_not_sign_in_with_one(app: Flask, client: FlaskClient) -> None:
    passkey = Authenticator()
    with_passkey(app, client, passkey)
    with app.app_context():
        db.session.merge(staff(app)).active = False
        db.session.commit()
    browser = app.test_client()
    assert use(browser, "/desk/sign-in", ALONE, passkey).location == "/desk/sign-in?next=/desk"


@ON_SQLITE
def test_a_name_is_asked_for_and_taken_once(app: Flask, client: FlaskClient) -> None:
    with_passkey(app, client, Authenticator())
    page = page_of(add_passkey(client, Authenticator(), "My phone"))
    assert page.errors == {"name": "You have a passkey of this name. Choose another name."}
    assert page_of(add_passkey(client, Authenticator(), " ")).errors == {
        "name": "Write a name for the passkey."
    }
    long = page_of(add_passkey(client, Authenticator(), "x" * 61))
    assert "too long" in long.errors["name"]
    assert long.by_id("name").get("value") == "x" * 61


@ON_SQLITE
@pytest.mark.parametrize(
    "odd",
    [
        "",
        "{}",
        "[]",
        "null",
        "\0",
        '{"id": 1}',
        "x" * 100_000,
        '{"id":"A","rawId":"A","type":"public-key"}',
    ],
)
def test_odd_answers_are_asked_for_again(app: Flask, client: FlaskClient, odd: str) -> None:
    add_staff(app)
    page = page_of(client.get("/desk/sign-in"))
    data = {**page.values(ALONE), "credential": odd}
    assert client.post(ALONE, data=data).location == "/desk/sign-in?next=/desk"
    sign_in(client)
    page = page_of(client.get(OWN))
    answer = client.post(OWN, data={**page.values(OWN), "name": "Mine", "credential": odd})
    assert answer.status_code == 422
    assert page_of(answer).by_id("name").get("value") == "Mine"


@ON_SQLITE
def test_a_challenge_is_worth_nothing_after_ten_minutes_or_from_the_future(app: Flask) -> None:
    with app.app_context():
        for made_at in (now() - CHALLENGE_LIFETIME * 1.01, now() + CHALLENGE_LIFETIME):
            with pytest.raises(PasskeyRefusedError):
                passkeys.check("{}", Challenge(b"x", made_at, b""), None)


@ON_SQLITE
def test_changing_passkeys_later_asks_for_the_password_again(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    token = page_of(client.get(OWN)).values(OWN)["csrf_token"]
    with client.session_transaction() as session:
        session["fs_paa"] -= 3600
        session.pop("fs_gexp", None)
    assert client.get(OWN).location == f"/desk/confirm-password?next={OWN}"
    asked = client.post(OWN, data={"csrf_token": token, "name": "Mine"})
    assert asked.status_code == 401
    assert page_of(asked).values(OWN)["name"] == ["Mine"]
    asked = client.post(f"{OWN}/remove", data={"csrf_token": token, "passkey": "Mine"})
    assert page_of(asked).values(f"{OWN}/remove")["passkey"] == ["Mine"]
    assert fill_in(client, f"/desk/confirm-password?next={OWN}", password=PASSWORD).location == OWN


@ON_SQLITE
def test_where_the_site_is_a_number_no_passkey_is_offered(app: Flask, client: FlaskClient) -> None:
    app.config["PUBLIC_URL"] = "http://127.0.0.1:8000"
    add_staff(app, EMAIL)
    assert ALONE not in client.get("/desk/sign-in").text
    sign_in(client)
    assert "Use an authenticator app here." in page_of(client.get(OWN)).text
