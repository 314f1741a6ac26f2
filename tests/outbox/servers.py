"""Mail servers that are slow, that drip, or that nobody vouches for."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.mailbox import TAKEN, Mailbox
from tests.support.waiting import NEVER

DRIP_SECONDS = 0.05
LONGEST_DRIP_SECONDS = 8
"""A drip ends by itself, so that a worker that waits for its end fails a test and does not hang it."""


class DrippingServer:
    """Speaks SMTP with one client after another, and answers one thing letter by letter without an end.

    ``drips_at`` is the command whose answer drips: ``greeting``, ``QUIT``, or ``.``, a mail's last line.
    """

    def __init__(self, drips_at: str) -> None:
        self.drips_at = drips_at
        self.texts = 0
        """How many mails were handed over whole."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and wait until the last client has gone."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(LONGEST_DRIP_SECONDS + 1)

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            with client:
                try:
                    self._talk(client)
                except OSError:
                    continue

    def _talk(self, client: socket.socket) -> None:
        client.settimeout(LONGEST_DRIP_SECONDS)
        self._answer(client, "greeting", b"220 mail.example\r\n")
        with client.makefile("rb") as lines:
            in_text = False
            for line in lines:
                command = line.strip().decode()
                if in_text and command != ".":
                    continue
                self.texts += in_text
                in_text = command.upper() == "DATA"
                self._answer(client, command.upper(), b"354 Go on\r\n" if in_text else b"250 OK\r\n")

    def _answer(self, client: socket.socket, command: str, answer: bytes) -> None:
        if command != self.drips_at:
            client.sendall(answer)
            return
        until = time.monotonic() + LONGEST_DRIP_SECONDS
        client.sendall(b"250-")
        while time.monotonic() < until:
            client.sendall(b"x")
            NEVER.wait(DRIP_SECONDS)  # the fault itself: a server that is this slow


class TLSMailbox(Mailbox):
    """A mailbox behind TLS: from the first byte, or once the client asks for it (STARTTLS)."""

    def __init__(self, certificate: Path, at_once: bool) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._at_once = at_once
        super().__init__()

    async def _open(self, listener: socket.socket) -> None:
        context = self._context if self._at_once else None
        self._server = await self._loop.create_server(self._protocol, sock=listener, ssl=context)

    def _protocol(self) -> SMTP:
        with self._changed:
            self.connections += 1
            self._changed.notify_all()
        if self._at_once:
            return SMTP(self, hostname="mail.example", loop=self._loop)
        return SMTP(
            self, hostname="mail.example", loop=self._loop, tls_context=self._context, require_starttls=True
        )

    async def _close(self) -> None:
        await super()._close()
        await asyncio.sleep(0.05)  # TLS transports close one turn later


class PipeliningMailbox(Mailbox):
    """A mailbox that takes several commands at once (RFC 2920).

    If ``waits_for_text``, it asks for a text although it refused the only recipient, as some servers do.
    """

    def __init__(self, waits_for_text: bool) -> None:
        self._waits_for_text = waits_for_text
        self.mail_options: list[str] = []
        """What was said of the last mail before it came."""
        super().__init__()

    async def handle_EHLO(  # noqa: N802 -- aiosmtpd calls it so
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["250-PIPELINING", *responses]

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.mail_options = options
        return TAKEN

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await super().handle_RCPT(server, session, envelope, address, options)
        if answer != TAKEN and self._waits_for_text:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 -- aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if envelope.content == b"":
            return "554 No valid recipients"
        return await super().handle_DATA(server, session, envelope)


def make_certificate(path: Path, *names: x509.GeneralName) -> Path:
    """Write a key and a certificate that it signed itself, for this machine unless told otherwise."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(names or [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
