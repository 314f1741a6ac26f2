"""A real SMTP server on a free port of this machine, which does what a test tells it to."""

import asyncio
import email
import email.policy
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"
logging.getLogger("mail.log").setLevel(logging.WARNING)  # it tells every line of every conversation


@dataclass(frozen=True)
class Received:
    """A mail as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return email.message_from_bytes(self.content, policy=email.policy.default)

    @property
    def text(self) -> str:
        """Headers and every readable part, decoded, for searching."""
        parts = [part.get_content() for part in self.message.walk() if not part.is_multipart()]
        headers = [f"{name}: {value}" for name, value in self.message.items()]
        return "\n".join([*headers, *map(str, parts)])


class Mailbox:
    """Takes mail until told otherwise; ``wait_for`` waits until enough has come."""

    def __init__(self, deliver: Callable[[Received], None] | None = None) -> None:
        self.received: list[Received] = []
        self.answers: dict[str, str] = {}
        """What is answered instead of 250, by recipient."""
        self.data_answer = TAKEN
        """What is answered to the text of a mail."""
        self.connections = 0
        self._deliver = deliver
        self._changed = threading.Condition()
        self._go_on = threading.Event()
        self._go_on.set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self.port = 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.listen()

    def listen(self) -> None:
        """Accept connections, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        asyncio.run_coroutine_threadsafe(self._open(listener), self._loop).result(5)

    def refuse(self) -> None:
        """Refuse connections until ``listen``."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)

    def hang(self) -> None:
        """Answer nothing to a mail's text until ``go_on``."""
        self._go_on.clear()

    def go_on(self) -> None:
        """Answer again, also those who wait."""
        self._go_on.set()

    def wait_for(self, count: int, seconds: float = 10) -> list[Received]:
        """Return what came as soon as it is ``count`` mails or more; fail after ``seconds``."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.received) >= count, seconds)
        assert came, f"{len(self.received)} of {count} mails came within {seconds} s"
        return list(self.received)

    def wait_for_connection(self, count: int = 1, seconds: float = 10) -> None:
        """Return as soon as ``count`` connections were opened; fail after ``seconds``."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.connections >= count, seconds)

    def reset(self) -> None:
        """Be as at first."""
        self.go_on()
        if self._server is None:
            self.listen()
        self.answers.clear()
        self.data_answer = TAKEN
        self.connections = 0
        self.received.clear()

    def close(self) -> None:
        """Stop for good."""
        self.go_on()
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self, listener: socket.socket) -> None:
        self._server = await self._loop.create_server(self._protocol, sock=listener)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        # A conversation in progress is cut off, as by a server that dies.
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _protocol(self) -> SMTP:
        with self._changed:
            self.connections += 1
            self._changed.notify_all()
        return SMTP(self, hostname="mail.example", loop=self._loop)

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answers.get(address, TAKEN)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 -- aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        await asyncio.to_thread(self._go_on.wait)
        if self.data_answer != TAKEN:
            return self.data_answer
        content = envelope.content
        assert isinstance(content, bytes)
        mail = Received(str(envelope.mail_from), tuple(envelope.rcpt_tos), content)
        if self._deliver is not None:
            self._deliver(mail)
        with self._changed:
            self.received.append(mail)
            self._changed.notify_all()
        return TAKEN
