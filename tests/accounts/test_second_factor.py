from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import queries, signing_in
from app.audit.log import SYSTEM
from tests.accounts.people import (
    EMAIL,
    PASSWORD,
    acts,
    add_staff,
    code_of,
    fill_in,
    is_at_desk,
    send,
    set_up,
    sign_in,
    staff,
    start_set_up,
    work_on,
)
from tests.support.databases import close
from tests.support.environment import FIELD_KEY, OLDER_FIELD_KEY
from tests.support.pages import Page, StrictClient, page_of, text_of

pytestmark = pytest.mark.usefixtures("clock")


def codes_on(client: FlaskClient) -> list[str]:
    """Make recovery codes and return them."""
    page = page_of(fill_in(client, "/desk/recovery-codes"))
    (listed,) = page.with_class("reference")
    return [text_of(item) for item in listed.iter("li")]


def leave(client: FlaskClient) -> None:
    """Sign out."""
    client.post("/desk/sign-out", data=page_of(client.get("/desk/account")).values("/desk/sign-out"))


def test_where_it_is_required_the_desk_waits_for_it(strict_app: Flask, strict_client: FlaskClient) -> None:
    user_id = add_staff(strict_app)
    assert sign_in(strict_client).location == "/desk/second-factor/set-up"
    assert not is_at_desk(strict_client)
    assert strict_client.get("/desk/recovery-codes").status_code == 303
    assert acts(strict_app) == []
    set_up(strict_client)
    assert is_at_desk(strict_client)
    assert acts(strict_app) == [
        ("staff", "user.second_factor_set_up", user_id),
        ("staff", "user.signed_in", user_id),
    ]


def test_where_it_is_not_required_it_can_be_set_up_and_is_asked_for_then(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    add_staff(app)
    sign_in(client)
    key = set_up(client)
    leave(client)
    assert sign_in(client).location == "/desk/second-factor?next=/desk"
    assert not is_at_desk(client)
    clock.shift(30)
    assert fill_in(client, "/desk/second-factor?next=/desk", code=code_of(key)).location == "/desk"
    assert is_at_desk(client)


def test_the_picture_passes_the_strict_policy_and_the_key_stands_beside_it(
    strict_app: Flask, strict_client: FlaskClient
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    page, key = start_set_up(strict_client)
    assert len(key) == 32
    assert [element for element in page.root.iter() if element.get("shape-rendering")]
    for element in page.root.iter():
        assert element.get("style") is None
        assert "data:" not in (element.get("src") or "")
    assert page.by_id("code").get("autocomplete") == "one-time-code"


def test_the_page_that_sets_it_up_is_for_who_knows_the_password(strict_client: FlaskClient) -> None:
    assert strict_client.get("/desk/second-factor/set-up").location == "/desk/sign-in"
    assert strict_client.get("/desk/second-factor").location == "/desk/sign-in"
    assert strict_client.get("/desk/recovery-code").location == "/desk/sign-in"


def test_a_code_works_once(
    strict_app: Flask, strict_client: FlaskClient, clock: time_machine.Traveller
) -> None:
    user_id = add_staff(strict_app)
    sign_in(strict_client)
    key = set_up(strict_client)
    leave(strict_client)
    sign_in(strict_client)
    page = page_of(fill_in(strict_client, "/desk/second-factor", code=code_of(key)))
    assert "was used before" in page.errors["code"]
    assert not is_at_desk(strict_client)
    assert ("visitor", "user.second_factor_failed", user_id) in acts(strict_app)
    clock.shift(30)
    assert fill_in(strict_client, "/desk/second-factor", code=code_of(key)).location == "/desk"


def test_no_earlier_code_works_after_a_later_one_even_if_the_clock_is_set_back(
    strict_app: Flask, strict_client: FlaskClient, clock: time_machine.Traveller
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    key = set_up(strict_client)
    leave(strict_client)
    clock.shift(60)
    sign_in(strict_client)
    assert fill_in(strict_client, "/desk/second-factor", code=code_of(key, 1)).location == "/desk"
    leave(strict_client)
    sign_in(strict_client)
    assert fill_in(strict_client, "/desk/second-factor", code=code_of(key)).status_code == 422
    clock.shift(-30)
    sign_in(strict_client)
    assert fill_in(strict_client, "/desk/second-factor", code=code_of(key)).status_code == 422
    assert not is_at_desk(strict_client)


def test_of_two_browsers_with_one_code_one_is_refused(app: Flask) -> None:
    add_staff(app)
    with app.app_context():
        user = queries.all_staff()[0]
        assert signing_in.take_time_step(user, 7)
        assert not signing_in.take_time_step(user, 7)
        assert not signing_in.take_time_step(user, 6)
        assert signing_in.take_time_step(user, 8)


@pytest.mark.parametrize("odd", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\0\0\0\0\0\0", "１２３４５６"])
def test_what_is_not_six_digits_is_asked_for_again(
    strict_app: Flask, strict_client: FlaskClient, odd: str
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    set_up(strict_client)
    leave(strict_client)
    sign_in(strict_client)
    page = page_of(fill_in(strict_client, "/desk/second-factor", code=odd))
    assert page.errors == {"code": "Write the 6 digits that your app shows."}


def test_spaces_in_a_code_do_not_matter(strict_app: Flask, strict_client: FlaskClient) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    page, key = start_set_up(strict_client)
    code = code_of(key)
    spaced = f" {code[:3]} {code[3:]} "
    assert send(strict_client, page, "/desk/second-factor", code=spaced).location == "/desk/recovery-codes"


def test_guessing_codes_stops_after_ten(
    strict_app: Flask, strict_client: FlaskClient, clock: time_machine.Traveller
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    key = set_up(strict_client)
    leave(strict_client)
    clock.shift(60)
    sign_in(strict_client)
    wrong = code_of(key, 1000)
    for _ in range(10):
        assert "does not match" in page_of(fill_in(strict_client, "/desk/second-factor", code=wrong)).text
    page = page_of(fill_in(strict_client, "/desk/second-factor", code=code_of(key)))
    assert page.errors == {"code": "Too many codes were wrong. Wait 15 minutes, then try again."}
    assert "Too many" in page_of(fill_in(strict_client, "/desk/recovery-code", code="1a2b-3c4d-5e6f")).text
    clock.shift(15 * 60)
    assert fill_in(strict_client, "/desk/second-factor", code=code_of(key)).location == "/desk"


def test_many_guesses_at_once_do_not_pass_each_other(
    strict_app: Flask, strict_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = add_staff(strict_app)
    sign_in(strict_client)
    key = set_up(strict_client)
    leave(strict_client)
    monkeypatch.setattr(signing_in, "MOST_WRONG_CODES", 2)
    guesses = []
    for _ in range(6):
        browser = strict_app.test_client()
        sign_in(browser)
        guesses.append((browser, page_of(browser.get("/desk/second-factor"))))

    def guess(browser: FlaskClient, page: Page) -> int:
        return send(browser, page, "/desk/second-factor", code=code_of(key, 1000)).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda made: guess(*made), guesses))
    assert answers == [422] * 6
    assert acts(strict_app).count(("visitor", "user.second_factor_failed", user_id)) == 2


def test_a_set_up_that_was_begun_before_another_was_done_is_worth_nothing(
    strict_app: Flask, strict_client: FlaskClient, clock: time_machine.Traveller
) -> None:
    add_staff(strict_app)
    thief = strict_app.test_client()
    sign_in(thief)
    page, key = start_set_up(thief)
    sign_in(strict_client)
    set_up(strict_client)
    before = staff(strict_app).tf_totp_secret
    clock.shift(60)
    assert send(thief, page, "/desk/second-factor", code=code_of(key)).location == "/desk/sign-in"
    assert staff(strict_app).tf_totp_secret == before


def test_a_recovery_code_signs_in_once(
    strict_app: Flask, strict_client: FlaskClient, clock: time_machine.Traveller
) -> None:
    user_id = add_staff(strict_app)
    sign_in(strict_client)
    set_up(strict_client)
    codes = codes_on(strict_client)
    assert len(set(codes)) == 8
    leave(strict_client)
    sign_in(strict_client)
    help_page = page_of(strict_client.get("/desk/second-factor/help"))
    assert "/desk/recovery-code" in {link.get("href") for link in help_page.all("a")}
    typed = f" {codes[3].upper().replace('-', ' ')} "
    assert fill_in(strict_client, "/desk/recovery-code", code=typed).location == "/desk"
    assert is_at_desk(strict_client)
    assert ("staff", "user.recovery_code_used", user_id) in acts(strict_app)
    assert "You have 7 unused codes." in page_of(strict_client.get("/desk/recovery-codes")).text
    leave(strict_client)
    sign_in(strict_client)
    page = page_of(fill_in(strict_client, "/desk/recovery-code", code=codes[3]))
    assert "none of your unused" in page.errors["code"]
    assert not is_at_desk(strict_client)
    assert ("visitor", "user.second_factor_failed", user_id) in acts(strict_app)


def test_of_two_browsers_with_one_recovery_code_one_is_refused(
    strict_app: Flask, strict_client: FlaskClient
) -> None:
    add_staff(strict_app)
    sign_in(strict_client)
    set_up(strict_client)
    codes_on(strict_client)
    with strict_app.app_context():
        user = queries.all_staff()[0]
        kept = list(user.mf_recovery_codes or ())
        assert signing_in.take_recovery_code(user, kept, kept[0], SYSTEM)
        assert not signing_in.take_recovery_code(user, kept, kept[0], SYSTEM)


def test_recovery_codes_are_shown_once_and_kept_sealed(strict_app: Flask, strict_client: FlaskClient) -> None:
    user_id = add_staff(strict_app)
    sign_in(strict_client)
    set_up(strict_client)
    first = codes_on(strict_client)
    later = strict_client.get("/desk/recovery-codes?show_codes=1").text
    assert not [code for code in first if code in later]
    kept = " ".join(staff(strict_app).mf_recovery_codes or ())
    assert not [code for code in first if code in kept]
    second = codes_on(strict_client)
    assert not set(first) & set(second)
    assert ("staff", "user.recovery_codes_made", user_id) in acts(strict_app)


def test_nobody_can_switch_it_off(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    set_up(client)
    page = page_of(fill_in(client, "/desk/second-factor/set-up", setup="disable"))
    assert page.with_class("key")
    assert signing_in.has_second_factor(staff(app))


def test_a_new_app_replaces_the_old_one_only_with_a_right_code(
    strict_app: Flask, strict_client: FlaskClient, clock: time_machine.Traveller
) -> None:
    user_id = add_staff(strict_app)
    sign_in(strict_client)
    old = set_up(strict_client)
    clock.shift(60)
    page, new = start_set_up(strict_client)
    wrong = send(strict_client, page, "/desk/second-factor", code=code_of(old))
    assert "does not match" in page_of(wrong).text
    assert send(strict_client, page, "/desk/second-factor", code=code_of(new)).location == (
        "/desk/recovery-codes"
    )
    assert ("staff", "user.second_factor_set_up", user_id) in acts(strict_app)
    leave(strict_client)
    clock.shift(60)
    sign_in(strict_client)
    assert fill_in(strict_client, "/desk/second-factor", code=code_of(old)).status_code == 422
    assert fill_in(strict_client, "/desk/second-factor", code=code_of(new)).location == "/desk"


def test_changing_it_later_asks_for_the_password_again(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    user_id = add_staff(app)
    sign_in(client)
    work_on(client, clock, 20)
    for address in ("/desk/second-factor/set-up", "/desk/recovery-codes"):
        response = client.get(address)
        assert response.location == f"/desk/confirm-password?next={address}"
    page = page_of(fill_in(client, response.location, password="not the password"))
    assert page.errors == {"password": "This is not your password. Check it and try again."}
    assert ("visitor", "user.sign_in_failed", user_id) in acts(app)
    assert fill_in(client, response.location, password=PASSWORD).location == "/desk/recovery-codes"
    assert client.get("/desk/recovery-codes").status_code == 200


def test_coming_back_to_the_code_page_does_not_sign_out(app: Flask, client: FlaskClient) -> None:
    add_staff(app)
    sign_in(client)
    assert client.get("/desk/second-factor").location == "/desk"
    page = page_of(client.get("/desk/second-factor/set-up"))
    token = page.values("/desk/second-factor/set-up")
    assert client.post("/desk/second-factor", data=token).location == "/desk"
    assert is_at_desk(client)


def test_a_session_from_before_it_was_required_ends(
    app: Flask, client: FlaskClient, strict_app: Flask
) -> None:
    add_staff(app)
    sign_in(client)
    cookie = client.get_cookie("portal")
    assert cookie
    browser = strict_app.test_client()
    browser.set_cookie("portal", cookie.value)
    assert not is_at_desk(browser)
    assert sign_in(browser).location == "/desk/second-factor/set-up"


def test_codes_work_on_after_a_new_key_came(
    app: Flask, environ: dict[str, str], clock: time_machine.Traveller
) -> None:
    old = create_app({**environ, "FIELD_KEYS": OLDER_FIELD_KEY})
    old.test_client_class = StrictClient
    add_staff(old)
    browser = old.test_client()
    sign_in(browser)
    key = set_up(browser)
    recovery = codes_on(browser)
    close(old)
    both = create_app({**environ, "FIELD_KEYS": f"{FIELD_KEY},{OLDER_FIELD_KEY}"})
    both.test_client_class = StrictClient
    clock.shift(30)
    for answer in ({"code": code_of(key)}, {"code": recovery[0]}):
        browser = both.test_client()
        sign_in(browser, EMAIL)
        page = "/desk/second-factor" if len(answer["code"]) == 6 else "/desk/recovery-code"
        assert fill_in(browser, page, **answer).location == "/desk"
    close(both)
