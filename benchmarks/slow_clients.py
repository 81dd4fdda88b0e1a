"""Slow clients against a running server: `python -m benchmarks.slow_clients http://127.0.0.1:8000`.

Asks `/health/` while clients send their headers or bodies slowly, or do not read what they asked for. Ends with 1 where
an answer takes a second or more, or where the server waits for a client longer than it should.
"""

from __future__ import annotations

import http.client
import socket
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

LIMIT = 1.0  # seconds until health is answered
PATIENCE = 40.0  # seconds until the server should have ended every slow request
ASKED = 20  # times, a tenth of a second apart
TOKEN = b"a" * 32
BODY = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Cookie: csrftoken=" + TOKEN + b"; __Host-csrftoken=" + TOKEN + b"\r\nX-Forwarded-Proto: https\r\n"
    b"Content-Length: 100000\r\n\r\nlogin="
)
ATTACKS = [
    ("200 slow headers", 200, b"GET /health/ HTTP/1.1\r\nHost: {host}\r\nX-Slow: "),
    ("50 slow bodies", 50, BODY),
    ("200 slow bodies", 200, BODY),
    ("50 readers of nothing", 50, b"GET /guide/2026-03-20/ HTTP/1.1\r\nHost: {host}\r\n\r\n" * 20),
]


def main(address: str) -> int:
    host = urlsplit(address).netloc
    worst = [attack(host, *each) for each in ATTACKS]
    return int(not all(worst))


def attack(host: str, name: str, clients: int, sent: bytes) -> bool:
    opened = [begin(host, sent.replace(b"{host}", host.encode())) for _ in range(clients)]
    try:
        longest = max(timed(lambda: health(host)) for _ in range(ASKED))
        ended = all_ended(opened, drip=not sent.endswith(b"\r\n\r\n"))
    finally:
        for each in opened:
            each.close()
    passed = longest < LIMIT and ended < PATIENCE
    print(
        f"{name:24} health in {longest:.3f} s at most; all ended after {ended:4.1f} s{'' if passed else '  failed'}",
        flush=True,
    )
    return passed


def begin(host: str, sent: bytes) -> socket.socket:
    name, _, port = host.partition(":")
    client = socket.create_connection((name, int(port or 80)), timeout=5)
    client.setblocking(False)
    client.send(sent)
    return client


def health(host: str) -> None:
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("GET", "/health/", headers={"X-Forwarded-Proto": "https"})
    status = connection.getresponse().status
    connection.close()
    assert status == 200, status
    time.sleep(0.1)


def timed(run: Callable[[], None]) -> float:
    began = time.monotonic()
    run()
    return time.monotonic() - began - 0.1


def all_ended(clients: list[socket.socket], *, drip: bool) -> float:
    """Send a byte a second from each client. Return seconds until the server has ended them all."""
    began = time.monotonic()
    left = list(clients)
    while drip and left and time.monotonic() - began < PATIENCE:
        left = [each for each in left if is_open(each)]
        time.sleep(1)
    return time.monotonic() - began


def is_open(client: socket.socket) -> bool:
    try:
        client.send(b"a")
        return client.recv(65536) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
