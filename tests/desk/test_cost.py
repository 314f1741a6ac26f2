"""How many statements a page costs; a number here grows only with a reason."""

from flask import Flask
from flask.testing import FlaskClient

from tests.support.counting import statements
from tests.support.making import make_inquiries, make_inquiry
from tests.support.sending import filled, post

OF_A_SESSION = 1  # who is signed in, and with which roles


def test_the_start_page_asks_only_whether_its_content_changed(app: Flask, client: FlaskClient) -> None:
    client.get("/")
    with statements(app) as asked:
        assert client.get("/").status_code == 200

    assert ["content_state" in statement for statement in asked] == [True]


def test_sending_an_inquiry_costs_one_statement_for_each_kind_of_row(app: Flask, client: FlaskClient) -> None:
    fields = filled(client)
    with statements(app) as asked:
        assert post(client, fields).status_code == 303

    inserts = [statement for statement in asked if statement.startswith("INSERT")]
    assert sorted(statement.split()[2] for statement in inserts) == [
        "audit_entries",
        "consents",
        "inquiries",
        "inquiry_events",
        "inquiry_lookups",
        "outbox_mails",
    ]
    # Whether visitors saw the page that it says it was sent beside, how many came lately, and that its
    # draft is gone.
    assert len(asked) == len(inserts) + 3


def test_the_queue_costs_the_same_however_long_it_is(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    costs = []
    for more in (0, 60):
        make_inquiries(app, more)
        with statements(app) as asked:
            assert coordinator.get("/desk").status_code == 200
        costs.append(len(asked))

    assert costs == [OF_A_SESSION + 2] * 2  # the rows, and that they were seen


def test_an_inquiry_costs_the_same_whatever_happened_to_it(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    with statements(app) as asked:
        assert coordinator.get(f"/desk/inquiries/{reference}").status_code == 200

    assert len(asked) == OF_A_SESSION + 5, "\n".join(asked)
