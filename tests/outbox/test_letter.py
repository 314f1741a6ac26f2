"""A mail as it goes over the wire."""

import email
import email.policy
from dataclasses import replace
from typing import Any

import pytest

from app.outbox.letter import LONGEST_LINE, Letter

LETTER = Letter(
    subject="New inquiry",
    sender="no-reply@portal.example",
    sender_header="Inquiry desk <no-reply@portal.example>",
    recipient="one@clinic.example",
    body="One\n.\n.two\n",
    html="<p>One</p>\n",
    message_id="<1@portal.example>",
)


@pytest.mark.parametrize(
    "subject", ["New inquiry", "Nueva petición", "Long words " * 20, "Längere Wörter " * 20]
)
@pytest.mark.parametrize(
    "body", ["One\n.\n.two\n", "Grüße\n\nمرحبا\n", "long " * 400 + "\n", "größer " * 400 + "\n"]
)
def test_a_mail_is_read_as_it_was_written(subject: str, body: str) -> None:
    data = replace(LETTER, subject=subject.strip(), body=body).as_bytes()

    message = email.message_from_bytes(data, policy=email.policy.default)
    assert (message["Subject"], message["To"]) == (subject.strip(), LETTER.recipient)
    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert (text, html) == (body, LETTER.html)
    assert message.defects == []


def test_every_line_has_the_end_and_the_length_that_mail_servers_ask_for() -> None:
    body = "a\r\nb\rc\n" + "x" * 2 * LONGEST_LINE + "\n"
    data = replace(LETTER, subject="Wörter " * 40, body=body).as_bytes()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= LONGEST_LINE


@pytest.mark.parametrize("header", ["subject", "recipient", "sender_header", "message_id"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\nBcc: two@clinic.example"])
def test_no_header_can_bring_another(header: str, end: str) -> None:
    bad: dict[str, Any] = {header: f"a@clinic.example{end}"}
    with pytest.raises(ValueError, match="line break"):
        replace(LETTER, **bad).as_bytes()
