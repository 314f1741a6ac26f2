"""A mail as it goes over the wire: text and HTML side by side (RFC 5322, RFC 2046).

Python's own e-mail package and Flask-Mail take longer over this than all else that sending a mail takes.
"""

import quopri
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.header import Header
from email.utils import formatdate

SHORT_LINE = 68
"""Letters of a subject that need no folding (RFC 5322, 2.1.1)."""
LONGEST_LINE = 998
"""Bytes of a line, without its end (RFC 5322, 2.1.1)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A written mail to one recipient."""

    subject: str
    sender: str
    """The address that it leaves from, in ASCII."""
    sender_header: str
    """The same with a name before it, as the header holds it."""
    recipient: str
    """The address that it goes to, in ASCII."""
    body: str
    html: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """Return the mail's text, each line ended by CR and LF.

        Raises ValueError for a line break in a header: what follows it would be another header.
        """
        boundary = f"=_{secrets.token_hex(16)}"
        headers = {
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
            "Subject": self.subject,
            "From": self.sender_header,
            "To": self.recipient,
            "Date": formatdate(localtime=True),
            "Message-ID": self.message_id,
            **self.headers,
        }
        if any("\n" in value or "\r" in value for value in headers.values()):
            raise ValueError("a line break in a header")
        headers["Subject"] = encoded(self.subject)
        lines = [f"{name}: {value}".encode("ascii") for name, value in headers.items()]
        parts = (part("plain", self.body), part("html", self.html))
        start = f"--{boundary}\n".encode()
        text = b"\n".join([*lines, b"", *(start + each for each in parts), f"--{boundary}--\n".encode()])
        return text.replace(b"\n", b"\r\n")


def encoded(subject: str) -> str:
    """Return a subject as its header holds it: ASCII, folded if it is long (RFC 2047)."""
    if subject.isascii() and len(subject) <= SHORT_LINE:
        return subject
    return Header(subject, "us-ascii" if subject.isascii() else "utf-8", header_name="Subject").encode()


def part(subtype: str, text: str) -> bytes:
    """Return a text with what says how to read it, its lines ended by LF alone."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    way = "7bit" if text.isascii() else "8bit"
    if max(map(len, lines.split(b"\n"))) > LONGEST_LINE:
        way, lines = "quoted-printable", quopri.encodestring(lines)
    says = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: {way}\n\n'
    return says.encode() + lines
