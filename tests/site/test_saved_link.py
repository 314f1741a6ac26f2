"""The link to what was saved: mailed, kept from others, and told to nobody."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.support import cast, drafting, stored
from tests.support.databases import close
from tests.support.drafting import (
    CONTINUE,
    DISCARDED,
    SAVED,
    WHOLE,
    code_on,
    go_on,
    link_on,
    mail_link,
    saved,
)
from tests.support.engines import ON_SQLITE
from tests.support.mailbox import Mailbox
from tests.support.pages import page_of
from tests.support.sending import ACTION, filled, post
from tests.support.worker import send_all

FOREIGN = {"Sec-Fetch-Site": "cross-site"}


def test_the_mailed_link_leads_back_and_the_mail_tells_nothing_else(
    app: Flask, client: FlaskClient, smtp: Mailbox
) -> None:
    page = saved(client, cast.EXAMPLE_TWO)
    assert page.values(SAVED)["email"] == [cast.PATIENT_EMAIL]

    response = mail_link(client, cast.PATIENT_EMAIL)

    assert response.status_code == 200
    assert "The link is on its way" in page_of(response).text
    send_all(app)
    (mail,) = smtp.wait_for(1)
    assert mail.recipients == (cast.PATIENT_EMAIL,)
    words = mail.text.replace(f"To: {cast.PATIENT_EMAIL}", "")
    assert f"https://portal.example{link_on(page)}" in words
    assert [canary for canary in cast.CANARIES if canary.lower() in words.lower()] == []
    assert not {"spinal", "injury", "treatment", "Spain", "T10"} & set(words.split())
    shown = page_of(app.test_client().get(link_on(page)))
    assert shown.values(CONTINUE)["code"] == [code_on(page)]


def test_it_is_mailed_three_times_at_most(app: Flask, client: FlaskClient) -> None:
    saved(client, cast.EXAMPLE_ONE)

    answers = [mail_link(client, f"canary.{number}@mail.example.com") for number in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert "We do not e-mail the link again today" in page_of(answers[-1]).text
    assert len(stored.mails(app)) == 3
    assert stored.acts(app).count("draft.link_mailed") == 3


@ON_SQLITE
@pytest.mark.parametrize("deletes", [False, True])
def test_one_address_is_not_mailed_without_end_by_saving_again_and_again(app: Flask, deletes: bool) -> None:
    for _ in range(5):
        client = app.test_client()
        page = saved(client, cast.EXAMPLE_THREE)
        mail_link(client, "other@mail.example.com")
        if deletes:
            client.post(DISCARDED, data=page.values(DISCARDED))

    assert len(stored.mails(app)) == 3


@ON_SQLITE
def test_an_address_that_is_none_is_asked_for_again_and_nothing_is_mailed(
    app: Flask, client: FlaskClient
) -> None:
    page = saved(client, cast.EXAMPLE_ONE)

    response = mail_link(client, "canary.one")

    again = page_of(response)
    assert (response.status_code, list(again.errors)) == (422, ["email"])
    assert again.values(SAVED)["email"] == ["canary.one"]
    assert code_on(again) == code_on(page)
    assert stored.mails(app) == []


@ON_SQLITE
@pytest.mark.parametrize("cookies", [True, False])
def test_another_site_can_not_mail_or_delete_what_was_saved(
    app: Flask, client: FlaskClient, cookies: bool
) -> None:
    key = saved(client, cast.EXAMPLE_ONE).values(SAVED)["form_key"]
    browser = client if cookies else app.test_client()

    mailed = browser.post(SAVED, data={"form_key": key, "email": "other@mail.example.com"}, headers=FOREIGN)
    deleted = browser.post(DISCARDED, data={"form_key": key}, headers=FOREIGN)

    assert (mailed.status_code, deleted.status_code) == (404, 404)
    assert stored.mails(app) == []
    assert len(drafting.rows(app)) == 1


@ON_SQLITE
def test_another_site_can_not_open_its_own_form_for_someone_to_write_into(
    app: Flask, client: FlaskClient
) -> None:
    code = code_on(saved(app.test_client(), cast.EXAMPLE_ONE))

    response = client.post(CONTINUE, data={"code": code}, headers=FOREIGN)

    assert response.status_code == 422
    assert "press “Open my answers” again" in page_of(response).text
    assert page_of(client.get(WHOLE)).values(ACTION)["patient_name"] == [""]
    assert "draft.opened" not in stored.acts(app)


@ON_SQLITE
@pytest.mark.parametrize("path", [ACTION, DISCARDED, "/inquiries/check", "/inquiries/steps/who"])
def test_another_site_can_not_choose_the_key_of_someones_form(
    app: Flask, client: FlaskClient, path: str
) -> None:
    theirs = filled(app.test_client())["form_key"]

    client.post(path, data={"form_key": theirs}, headers=FOREIGN)

    # Whoever knows the key of a form can read what is kept of it.
    assert page_of(client.get(WHOLE)).values(ACTION)["form_key"] != theirs


def test_no_cell_of_the_database_holds_an_answer_the_code_or_the_forms_key(
    app: Flask, client: FlaskClient
) -> None:
    page = saved(client, cast.EXAMPLE_TWO)
    mail_link(client, cast.PATIENT_EMAIL)
    secrets = [*cast.CANARIES, code_on(page), code_on(page).replace("-", ""), *page.values(SAVED)["form_key"]]

    cells = [cell for row in drafting.everything(app) for cell in row]

    assert len(cells) > 50
    for secret in secrets:
        assert not [cell for cell in cells if secret.encode() in cell], secret


@ON_SQLITE
@pytest.mark.parametrize("portal_env", ["development", "production"])
def test_neither_the_code_nor_the_link_nor_an_answer_reaches_the_log(
    capfd: pytest.CaptureFixture[str], environ: dict[str, str], portal_env: str
) -> None:
    app = create_app({**environ, "PORTAL_ENV": portal_env})
    app.config["SESSION_COOKIE_SECURE"] = False
    client, other = app.test_client(), app.test_client()

    page = saved(client, cast.EXAMPLE_TWO)
    mail_link(client, cast.PATIENT_EMAIL)
    other.get(link_on(page))
    other.get(f"{link_on(page)}x?code={code_on(page)}")
    assert go_on(other, code_on(page)).status_code == 303
    other.post(DISCARDED, data=page_of(other.get(SAVED)).values(DISCARDED))
    send_all(app)

    out, err = capfd.readouterr()
    assert err.count("request") >= 8
    (key,) = page.values(SAVED)["form_key"]
    for secret in (*cast.CANARIES, code_on(page), code_on(page).lower(), key, "/inquiries/continue/"):
        assert secret not in out + err
    close(app)


def test_the_audit_record_says_what_a_visitor_did_with_it(app: Flask, client: FlaskClient) -> None:
    code = code_on(saved(client, cast.EXAMPLE_ONE))
    mail_link(client, cast.PATIENT_EMAIL)
    go_on(app.test_client(), code)
    post(client, {**page_of(client.get(WHOLE)).values(ACTION), "action": "save"})
    client.post(DISCARDED, data=page_of(client.get(SAVED)).values(DISCARDED))

    assert sorted(stored.acts(app)) == [
        "draft.begun",
        "draft.discarded",
        "draft.link_mailed",
        "draft.opened",
        "draft.saved",
    ]
