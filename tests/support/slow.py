"""A slow line: passes on what a server sends at so many bytes a second, and counts it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PIECE = 16 * 1024


class SlowLine:
    """Listens on a port of its own; ``passed`` is how many bytes came from the server so far."""

    def __init__(self, port: int, bytes_a_second: int) -> None:
        self.target, self.rate = port, bytes_a_second
        self.passed = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        opened = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(5)
        self._server: asyncio.Server = opened
        self.url = f"http://127.0.0.1:{opened.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Cut every conversation."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> asyncio.Server:
        return await asyncio.start_server(self._pass_on, "127.0.0.1", 0)

    async def _close(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            await asyncio.gather(self._copy(reader, to_server), self._copy(from_server, writer, slowly=True))
        except (ConnectionError, asyncio.CancelledError):
            pass  # the browser hung up on what it does not need any more, or the test is over
        finally:
            writer.close()
            to_server.close()

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slowly: bool = False
    ) -> None:
        while piece := await reader.read(PIECE):
            if slowly:
                self.passed += len(piece)
                await asyncio.sleep(len(piece) / self.rate)
            writer.write(piece)
            await writer.drain()
        writer.close()


@contextmanager
def slow_line(port: int, bytes_a_second: int) -> Iterator[SlowLine]:
    """Give a slow line to the server on a port of this machine."""
    line = SlowLine(port, bytes_a_second)
    try:
        yield line
    finally:
        line.close()
