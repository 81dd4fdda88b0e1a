"""A mail server on this machine that delivers nothing. Needs `aiosmtpd`, of the development requirements."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sharingwell.free_port import HOST

Take = Callable[[bytes], str]


class _Handler:
    def __init__(self, take: Take) -> None:
        self.take = take

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        return await asyncio.to_thread(self.take, envelope.content)


@contextmanager
def running_mail_server(take: Take) -> Iterator[int]:
    """Give each message to `take`, which answers for the server, such as "250 OK"; yields the port, a free one.

    It runs in a thread, and so ends with this process however that ends.
    """
    loop = asyncio.new_event_loop()

    def connection() -> Any:
        return SMTP(_Handler(take), hostname=HOST, loop=loop)

    server = loop.run_until_complete(loop.create_server(connection, HOST, 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
