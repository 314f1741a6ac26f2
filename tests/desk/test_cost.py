"""How many statements a page costs; a number here grows only with a reason."""

from flask import Flask
from flask.testing import FlaskClient

from tests.support.counting import statements
from tests.support.making import make_inquiries, make_inquiry
from tests.support.pages import page_of
from tests.support.sending import filled, post

OF_A_SESSION = 2  # who is signed in, and with which roles; and whether the session still lasts


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
    # Whether visitors saw the page that it says it was sent beside, how many came lately, who of the team
    # chose to be told, and that its draft is gone.
    assert len(asked) == len(inserts) + 4


def test_the_queue_costs_the_same_however_long_it_is(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    costs = []
    for more in (0, 60):
        make_inquiries(app, more)
        for address in ("/desk", "/desk?view=unassigned&sort=newest&country=ES&hint=second_protocol"):
            with statements(app) as asked:
                assert coordinator.get(address).status_code == 200
            costs.append(len(asked))

    # Who may be an owner, the rows, the counts of all views, what of them was seen before, and that they
    # were seen now.
    assert costs == [OF_A_SESSION + 5] * 4


def test_a_search_costs_as_much_as_the_queue(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiries(app, 60)
    fields = page_of(coordinator.get("/desk")).values("/desk/search")
    with statements(app) as asked:
        assert coordinator.post("/desk/search", data={**fields, "sought": "exam numb"}).status_code == 200

    assert len(asked) == OF_A_SESSION + 5, "\n".join(asked)


def test_to_ask_for_arrivals_costs_one_count(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiries(app, 3)
    with statements(app) as asked:
        assert coordinator.get("/desk/arrivals?view=all&since=20250101T000000000000").status_code == 200

    assert len(asked) == OF_A_SESSION + 2, "\n".join(asked)  # and who may be an owner, for the filters


def test_an_inquiry_costs_the_same_whatever_happened_to_it(app: Flask, coordinator: FlaskClient) -> None:
    reference = make_inquiry(app)
    with statements(app) as asked:
        assert coordinator.get(f"/desk/inquiries/{reference}").status_code == 200

    reads = [statement for statement in asked if statement.startswith("SELECT")]
    # The inquiry, its consents, events, mails and readers, and the staff; that it is read, and what was seen.
    assert len(reads) == OF_A_SESSION + 6, "\n".join(asked)
    assert len(asked) == len(reads) + 2
