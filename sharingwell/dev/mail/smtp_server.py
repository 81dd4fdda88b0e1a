"""A mail server on this machine that delivers nothing. Needs `aiosmtpd`, of the development requirements."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session

from sharingwell.dev.ports import HOST

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
    server = _Server(take)
    thread = threading.Thread(target=asyncio.run, args=[server.serve()], daemon=True)
    thread.start()
    try:
        yield server.port.result(10)
    finally:
        server.stop()
        thread.join(10)


class _Server:
    def __init__(self, take: Take) -> None:
        self.take = take
        self.port: Future[int] = Future()

    async def serve(self) -> None:
        self.loop, self.is_over = asyncio.get_running_loop(), asyncio.Event()
        listening = await self.loop.create_server(self.connection, HOST, 0)
        self.port.set_result(listening.sockets[0].getsockname()[1])
        await self.is_over.wait()
        listening.close()

    def connection(self) -> SMTP:
        return SMTP(_Handler(self.take), hostname=HOST, loop=self.loop)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.is_over.set)
