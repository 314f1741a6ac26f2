"""How many statements a page costs; a number here grows only with a reason."""

import re

from flask import Flask
from flask.testing import FlaskClient

from app.accounts import keeping
from app.core.database import db
from app.core.links import new_token
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


def test_sending_an_inquiry_costs_one_statement_or_one_for_each_kind_of_row(
    app: Flask, client: FlaskClient
) -> None:
    fields = filled(client)
    with statements(app) as asked:
        assert post(client, fields).status_code == 303

    writes = [statement for statement in asked if not statement.startswith("SELECT")]
    assert sorted(re.findall(r"INSERT INTO (\w+)", " ".join(writes))) == [
        "audit_entries",
        "consents",
        "inquiries",
        "inquiry_events",
        "inquiry_lookups",
        "outbox_mails",
    ]
    with app.app_context():
        # On PostgreSQL each is a round trip. Its draft goes as well.
        assert "DELETE FROM drafts" in " ".join(writes)
        assert len(writes) == (1 if db.engine.dialect.name == "postgresql" else 6 + 1)
    # Whether the page that it was sent beside is the one shown now; and how many came lately, and whether
    # anybody of the team chose to be told.
    assert len(asked) == len(writes) + 2


def test_staff_who_chose_to_be_told_of_an_inquiry_cost_one_statement_however_many(
    app: Flask, client: FlaskClient
) -> None:
    costs = []
    for staff in ("", "abc"):
        with app.app_context():
            for name in staff:
                email = f"{name}@staff.example.com"
                user = keeping.add_user(name=name, email=email, hashed="unused", roles=["coordinator"])
                user.mail_choices = ["new_inquiry"]
            db.session.commit()
        fields = filled(client, form_key=new_token())
        with statements(app) as asked:
            assert post(client, fields).status_code == 303
        costs.append(len(asked))

    assert costs == [costs[0], costs[0] + 1]


def test_the_queue_costs_the_same_however_long_it_is(app: Flask, coordinator: FlaskClient) -> None:
    make_inquiry(app)
    costs = []
    for more in (0, 60):
        make_inquiries(app, more)
        for address in ("/desk", "/desk?view=unassigned&sort=newest&country=ES&hint=second_protocol"):
            with statements(app) as asked:
                assert coordinator.get(address).status_code == 200
            costs.append(len(asked))

    # Who may be an owner, the rows, the counts of all views, and that the rows were seen; with filters, which
    # of them the fewest fit.
    assert costs == [OF_A_SESSION + 4, OF_A_SESSION + 5] * 2


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
