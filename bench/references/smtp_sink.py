"""The fastest simple mail server that Python can be: it answers as it must, counts mails, and keeps nothing.

``python -m bench.references.smtp_sink`` prints its port and serves until it is ended. ``NOOP`` is answered
with the number of mails that it took. ``--pipelining`` lets clients send several commands at once (RFC 2920).
"""

import asyncio
import sys
from typing import ClassVar

END_OF_LINE, END_OF_TEXT = b"\r\n", b"\r\n.\r\n"
OK, GO_ON, BYE = b"250 OK\r\n", b"354 Go on\r\n", b"221 Bye\r\n"
GREETING = b"220 sink.example\r\n"
PLAIN, PIPELINING = b"250 sink.example\r\n", b"250-sink.example\r\n250 PIPELINING\r\n"


class Sink(asyncio.Protocol):
    """One client's dialogue."""

    taken: ClassVar[int] = 0
    """Mails of all clients."""
    hello: ClassVar[bytes] = PLAIN

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.unread = b""
        self.end = END_OF_LINE
        transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        """Answer each line, and each text, that is whole."""
        self.unread += data
        answers = []
        while True:
            line, end, rest = self.unread.partition(self.end)
            if not end:
                break
            self.unread = rest
            answers.append(self.answer(line[:4].upper()))
        if answers:
            self.transport.write(b"".join(answers))
        if answers[-1:] == [BYE]:
            self.transport.close()

    def answer(self, command: bytes) -> bytes:
        """Return what is said to a command, or to a text."""
        if self.end is END_OF_TEXT:
            Sink.taken += 1
            self.end = END_OF_LINE
            return OK
        if command == b"DATA":
            self.end = END_OF_TEXT
            return GO_ON
        if command == b"EHLO":
            return self.hello
        if command == b"NOOP":
            return b"250 %d\r\n" % Sink.taken
        return BYE if command == b"QUIT" else OK


async def serve() -> None:
    """Serve on a free port of this machine."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if "--pipelining" in sys.argv:
        Sink.hello = PIPELINING
    asyncio.run(serve())
