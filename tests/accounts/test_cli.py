import click
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Invitation
from app.core.database import db
from app.outbox.models import OutboxMail
from tests.accounts.people import add_staff


def test_inviting_tells_what_happened(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["users", "invite", "Dora@clinic.example", "--role", "doctor", "--role", "editor"]
    )
    assert result.exit_code == 0, result.output
    assert "dora@clinic.example is invited as: Doctor, Editor." in result.output
    assert "waits in the outbox" in result.output
    with app.app_context():
        invitation = db.session.scalars(sa.select(Invitation)).one()
        assert invitation.roles == "doctor,editor"
        assert db.session.scalars(sa.select(OutboxMail)).one().params["address"] not in result.output


def test_inviting_asks_for_an_address_and_a_role(app: Flask) -> None:
    add_staff(app)
    runner = app.test_cli_runner()
    for arguments, words in (
        (["dora", "--role", "doctor"], "not an e-mail address"),
        (["dora@clinic.example"], "--role"),
        (["dora@clinic.example", "--role", "king"], "king"),
        (["iris.coordinator@clinic.example", "--role", "doctor"], "an account with this address already"),
    ):
        result = runner.invoke(args=["users", "invite", *arguments])
        assert result.exit_code != 0
        assert words in result.output
    with app.app_context():
        assert not db.session.scalar(sa.select(sa.exists().select_from(Invitation)))


def test_the_address_for_the_first_administrator_is_printed_until_there_is_staff(app: Flask) -> None:
    runner = app.test_cli_runner()
    result = runner.invoke(args=["users", "first-administrator"])
    assert result.exit_code == 0
    assert "https://portal.example/desk/welcome/" in result.output
    add_staff(app)
    result = runner.invoke(args=["users", "first-administrator"])
    assert result.exit_code == 0
    assert "There are staff accounts already." in result.output
    assert "flask users invite EMAIL --role ROLE" in result.output
    assert "https://" not in result.output


def test_staff_are_listed(app: Flask) -> None:
    add_staff(app)
    add_staff(app, "gone@clinic.example", ("doctor", "editor"), active=False)
    result = app.test_cli_runner().invoke(args=["users", "list"])
    first, second = sorted(result.output.splitlines(), reverse=True)
    assert first == "iris.coordinator@clinic.example  Iris  [Coordinator]  password only  active"
    assert second == "gone@clinic.example  Iris  [Doctor, Editor]  password only  switched off"


def test_the_librarys_own_commands_are_gone(app: Flask) -> None:
    context = click.Context(app.cli)
    users = app.cli.get_command(context, "users")
    assert app.cli.get_command(context, "roles") is None
    assert isinstance(users, click.Group)
    assert set(users.commands) == {
        "invite",
        "first-administrator",
        "list",
        "reset-second-factor",
        "roles",
        "switch-off",
        "switch-on",
    }
