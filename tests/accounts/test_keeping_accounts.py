"""What whoever runs the server does for staff: a lost phone, and who leaves or comes back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import keeping, signing_in
from app.audit.log import SYSTEM
from tests.accounts.people import (
    EMAIL,
    acts,
    add_staff,
    fill_in,
    is_at_desk,
    set_up,
    sign_in,
    staff,
)
from tests.support.engines import ON_SQLITE
from tests.support.pages import page_of

ADA, EVE = "ada@clinic.example", "eve@clinic.example"
pytestmark = pytest.mark.usefixtures("clock")


def users(app: Flask, command: str, email: str = EMAIL) -> Result:
    return app.test_cli_runner().invoke(args=["users", command, email])


def test_who_lost_the_phone_sets_up_another_app_at_the_next_sign_in(
    strict_app: Flask, strict_client: FlaskClient, clock: time_machine.Traveller
) -> None:
    user_id = add_staff(strict_app)
    sign_in(strict_client)
    old = set_up(strict_client)
    fill_in(strict_client, "/desk/recovery-codes")
    half_way = strict_app.test_client()
    sign_in(half_way)
    clock.shift(60)

    result = users(strict_app, "reset-second-factor", f" {EMAIL.upper()}")

    assert result.exit_code == 0, result.output
    assert f"{EMAIL} is signed out" in result.output
    assert "sets up a new app" in result.output
    user = staff(strict_app)
    assert not signing_in.has_second_factor(user)
    assert (user.tf_totp_secret, user.tf_last_counter) == (None, None)
    assert not user.mf_recovery_codes
    assert acts(strict_app)[-1] == ("system", "user.second_factor_reset", user_id)
    assert not is_at_desk(strict_client)
    assert half_way.get("/desk/second-factor").location == "/desk/sign-in"
    browser = strict_app.test_client()
    assert sign_in(browser).location == "/desk/second-factor/set-up"
    assert not is_at_desk(browser)
    assert set_up(browser) != old
    assert is_at_desk(browser)


@ON_SQLITE
def test_where_no_second_factor_is_required_the_password_alone_signs_in_after_a_reset(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    add_staff(app)
    sign_in(client)
    key = set_up(client)
    assert "the password alone signs in" in users(app, "reset-second-factor").output
    assert not is_at_desk(client)
    assert sign_in(client).location == "/desk"
    clock.shift(60)
    assert set_up(client) != key


@ON_SQLITE
def test_the_page_for_who_has_no_code_says_who_can_help(client: FlaskClient) -> None:
    assert "Ask whoever keeps the staff accounts" in page_of(client.get("/desk/second-factor/help")).text


def test_who_is_switched_off_is_out_at_once_and_comes_back_when_switched_on(
    app: Flask, client: FlaskClient
) -> None:
    user_id = add_staff(app)
    sign_in(client)
    cookie = client.get_cookie("portal")
    assert cookie
    result = users(app, "switch-off")
    assert result.exit_code == 0, result.output
    assert "cannot sign in" in result.output
    assert not is_at_desk(client)
    assert sign_in(client).status_code == 422
    result = users(app, "switch-on")
    assert result.exit_code == 0, result.output
    assert "can sign in again" in result.output
    kept = app.test_client()
    kept.set_cookie("portal", cookie.value)
    assert not is_at_desk(kept)
    assert sign_in(client).location == "/desk"
    assert [act for act in acts(app) if act[0] == "system"] == [
        ("system", "user.switched_off", user_id),
        ("system", "user.switched_on", user_id),
    ]


def test_the_last_active_administrator_cannot_be_switched_off(app: Flask) -> None:
    add_staff(app, ADA, ("admin", "coordinator"))
    add_staff(app, EVE, ("admin",), active=False)
    add_staff(app)
    result = users(app, "switch-off", ADA)
    assert result.exit_code != 0
    assert "the last administrator who is active" in result.output
    assert staff(app, ADA).active
    assert acts(app) == []
    users(app, "switch-on", EVE)
    assert users(app, "switch-off", ADA).exit_code == 0
    assert users(app, "switch-off").exit_code == 0
    assert users(app, "switch-off", EVE).exit_code != 0


def test_two_administrators_at_once_do_not_both_go(app: Flask) -> None:
    add_staff(app, ADA, ("admin",))
    add_staff(app, EVE, ("admin",))

    def switch_off(email: str) -> bool:
        with app.app_context():
            try:
                keeping.switch_off(email, SYSTEM)
            except keeping.LastAdministratorError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(switch_off, (ADA, EVE))) == [False, True]
    assert staff(app, ADA).active != staff(app, EVE).active


@ON_SQLITE
@pytest.mark.parametrize("command", ["reset-second-factor", "switch-off", "switch-on"])
def test_an_address_without_an_account_is_told(app: Flask, command: str) -> None:
    result = users(app, command, "nobody@clinic.example")
    assert result.exit_code != 0
    assert "There is no account with this address." in result.output
    assert acts(app) == []
