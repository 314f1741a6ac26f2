"""Asks a server on one connection for some seconds, and prints how often it was answered well.

``python -m bench.asking PORT home|inquiries SECONDS`` is run by ``bench.growth``, many times at once.
"""

import secrets
import socket
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.support.cast import EXAMPLE_ONE
from tools.run import HOST


def answered(port: int, requests: Iterator[bytes], seconds: float) -> int:
    """Return how many requests were answered well; raise ValueError at one that was not."""
    count, end = 0, time.monotonic() + seconds
    with socket.create_connection((HOST, port)) as connection, connection.makefile("rb") as reader:
        while time.monotonic() < end:
            connection.sendall(next(requests))
            status, length = int(reader.readline().split()[1]), 0
            while line := reader.readline().strip().lower():
                name, _colon, value = line.partition(b":")
                length = int(value) if name == b"content-length" else length
            reader.read(length)
            if status not in {200, 303}:
                raise ValueError(f"a request was answered with {status}")
            count += 1
    return count


def home() -> Iterator[bytes]:
    """Yield the same first visit again and again."""
    request = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip, br\r\n\r\n".encode()
    while True:
        yield request


def inquiries() -> Iterator[bytes]:
    """Yield one inquiry after the other, each from a person and a network address of its own."""
    while True:
        email = f"{secrets.token_hex(8)}@mail.example.com"
        fields = {**EXAMPLE_ONE, "email": email, "form_key": secrets.token_urlsafe(32)}
        body = urlencode(fields, doseq=True)
        address = ".".join(str(secrets.randbelow(256)) for _ in range(4))
        head = f"POST /inquiries HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-For: {address}\r\n"
        head += "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        yield f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


if __name__ == "__main__":
    requests = {"home": home, "inquiries": inquiries}[sys.argv[2]]()
    print(answered(int(sys.argv[1]), requests, float(sys.argv[3])))
