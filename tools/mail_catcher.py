"""A mail server for a laptop: takes every mail and keeps it in a Maildir; sends nothing on.

``python -m tools.mail_catcher PORT FOLDER``
"""

import argparse
import asyncio
import logging
import signal
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


async def catch(port: int, folder: Path, stop: asyncio.Event) -> None:
    """Take mail on 127.0.0.1 until ``stop`` is set."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    handler = Mailbox(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", port)
    await stop.wait()
    server.close()


async def main() -> None:
    """Take mail until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description="Take every mail and keep it in a Maildir.")
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    # It would tell every line of every conversation.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await catch(given.port, given.folder, stop)


if __name__ == "__main__":
    asyncio.run(main())
