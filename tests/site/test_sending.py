import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.content import services
from app.core.database import db
from app.inquiries.consents import VERSIONS
from app.inquiries.models import Consent, Inquiry
from tests.support import cast, stored
from tests.support.environment import COORDINATORS
from tests.support.pages import page_of
from tests.support.publishing import EDITOR, change, item_of, newest_body, unpublish
from tests.support.sending import ACTION, filled, post, send, sent_reference

STORED_ONE = {
    **cast.EXAMPLE_ONE,
    "birth_year": 1985,
    "country": "ES",
    "language": "en",
    "injury_year": 2019,
    "injury_month": 4,
}
del STORED_ONE["consent_processing"], STORED_ONE["understands_limits"]


def test_an_inquiry_of_the_injured_person_is_kept_as_it_was_answered(app: Flask, client: FlaskClient) -> None:
    response = send(client, cast.EXAMPLE_ONE)

    assert (response.status_code, response.location) == (303, "/inquiries/sent")
    assert stored.only_inquiry(app) == STORED_ONE


def test_an_inquiry_of_a_helper_is_kept_with_who_wrote_it(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_TWO)

    assert stored.only_inquiry(app) == {
        **STORED_ONE,
        "filling_in": "relative",
        "helper_name": cast.HELPER_NAME,
        "helper_relationship": cast.HELPER_RELATIONSHIP,
        "patient_aware": "yes",
    }


def test_what_need_not_be_answered_can_be_left_out(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_THREE)

    assert stored.only_inquiry(app) == {
        "filling_in": "self",
        "patient_name": "Example Three",
        "country": "AU",
        "phone": "+61293744000",
        "injury_region": "unknown",
    }


def test_a_helpers_answers_are_not_kept_where_no_helper_writes(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_TWO, filling_in="self")

    assert stored.only_inquiry(app) == STORED_ONE


def test_the_next_page_shows_a_reference_that_can_be_read_out(app: Flask, client: FlaskClient) -> None:
    reference = sent_reference(client)

    assert re.fullmatch(r"SCI-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", reference)
    with app.app_context():
        assert db.session.scalars(sa.select(Inquiry.reference)).one() == reference


def test_the_next_page_can_be_reloaded_and_sends_nothing_again(app: Flask, client: FlaskClient) -> None:
    reference = sent_reference(client)
    before = stored.everything(app)

    for _ in range(2):
        assert reference in page_of(client.get("/inquiries/sent")).text
    assert stored.everything(app) == before


def test_without_its_cookie_the_next_page_claims_no_inquiry(app: Flask, client: FlaskClient) -> None:
    reference = sent_reference(client)

    page = page_of(app.test_client().get("/inquiries/sent"))

    assert page.heading == "We cannot show your reference here"
    assert reference not in page.text
    assert "you find the reference in our e-mail" in page.text


def test_the_address_that_the_form_is_sent_to_shows_it_too(client: FlaskClient) -> None:
    assert page_of(client.get("/inquiries")).form(ACTION) is not None


def test_each_coordinator_and_the_sender_get_a_mail(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_ONE)

    assert stored.mails(app) == sorted(
        [
            *(("new_inquiry", coordinator) for coordinator in COORDINATORS),
            ("inquiry_received", cast.PATIENT_EMAIL),
        ]
    )


def test_a_sender_without_an_address_gets_none(app: Flask, client: FlaskClient) -> None:
    sent_reference(client, cast.EXAMPLE_THREE)

    assert stored.mails(app) == [("new_inquiry", coordinator) for coordinator in COORDINATORS]


def test_the_audit_record_says_that_a_visitor_sent_it(app: Flask, client: FlaskClient) -> None:
    sent_reference(client)

    assert stored.acts(app) == ["inquiry.sent"]


def test_what_was_agreed_to_is_kept_word_by_word(app: Flask, client: FlaskClient) -> None:
    page = page_of(client.get("/"))
    post(client, filled(client))

    with app.app_context():
        inquiry = db.session.scalars(sa.select(Inquiry)).one()
        consents = db.session.scalars(sa.select(Consent)).all()
        assert {consent.kind: consent.version for consent in consents} == VERSIONS
        assert all(consent.text in page.text for consent in consents)
        assert (inquiry.treatment_version, inquiry.page_language) == ("en-1", "en")
        assert (inquiry.status, inquiry.version) == ("new", 1)


@pytest.mark.parametrize(
    "claimed", [None, "", "none", "en-2", "en-0", "en-01", "xx-1", "en-99999999999", "en-1\x00", "1", "é-1"]
)
def test_a_version_that_visitors_never_saw_is_not_believed(
    app: Flask, client: FlaskClient, claimed: str | None
) -> None:
    assert send(client, treatment_version=claimed).status_code == 303

    assert version_kept(app) == "en-1"


def test_an_inquiry_is_kept_with_the_version_it_was_sent_beside(app: Flask, client: FlaskClient) -> None:
    fields = filled(client)
    change(app, "treatment", "en", lead="Changed while the form was being filled in")

    post(client, fields)

    assert version_kept(app) == "en-1"


def test_a_version_that_is_only_a_draft_was_seen_by_nobody(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        item = item_of("treatment", "en")
        services.save_version(item, newest_body(item), "", item.version, EDITOR)

    send(client, treatment_version="en-2")

    assert version_kept(app) == "en-1"


def test_without_a_treatment_page_an_inquiry_is_kept_all_the_same(app: Flask, client: FlaskClient) -> None:
    unpublish(app, "treatment", "en")

    assert send(client).status_code == 303

    assert version_kept(app) == "none"


def version_kept(app: Flask) -> str:
    """Return the version that the one inquiry was sent beside."""
    with app.app_context():
        return db.session.scalars(sa.select(Inquiry.treatment_version)).one()
