"""Checks the port before anything is installed: uses the standard library only."""

from __future__ import annotations

import os
import socket
import sys
import time

HOST = "127.0.0.1"
DEFAULT_PORT = "8000"


def chosen_port() -> int:
    """Reads `PORT` from the environment. Exits with a message where it is invalid or taken."""
    text = os.environ.get("PORT") or DEFAULT_PORT
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        sys.exit(f"PORT is {text}: it must be a number from 1 to 65535.")
    port = int(text)
    if not is_free(port):
        other = port + 1 if port < 65535 else int(DEFAULT_PORT)
        sys.exit(
            f"Port {port} is taken by another program. Stop that, or choose another: make run PORT={other}"
        )
    return port


def is_free(port: int, *, timeout: float = 2) -> bool:
    """Whether the port can be bound; retries for `timeout` seconds while an earlier run is stopping."""
    deadline = time.monotonic() + timeout
    while True:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
                listener.listen()
            except OSError:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.1)
            else:
                return True


if __name__ == "__main__":
    chosen_port()
