"""Whether the port is free: asked before anything is installed, so this needs nothing but Python."""

from __future__ import annotations

import os
import socket
import sys
import time

HOST = "127.0.0.1"
DEFAULT = "8000"


def chosen_port() -> int:
    """`PORT` of the environment. Ends the program, in plain words, where that cannot be used."""
    text = os.environ.get("PORT") or DEFAULT
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        sys.exit(f"PORT is {text}: it must be a number from 1 to 65535.")
    port = int(text)
    if not is_free(port):
        other = port + 1 if port < 65535 else int(DEFAULT)
        sys.exit(
            f"Port {port} is taken by another program. Stop that, or choose another: make run PORT={other}"
        )
    return port


def is_free(port: int, *, patience: float = 2) -> bool:
    """Whether we could listen there. One that an earlier run is just leaving is waited for, `patience` in seconds."""
    until = time.monotonic() + patience
    while True:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((HOST, port))
                attempt.listen()
            except OSError:
                if time.monotonic() > until:
                    return False
                time.sleep(0.1)
            else:
                return True


if __name__ == "__main__":
    chosen_port()
