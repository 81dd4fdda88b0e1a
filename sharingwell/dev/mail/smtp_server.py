"""SMTP server that delivers nothing. Needs `aiosmtpd` from the development requirements."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session

from sharingwell.dev.ports import HOST

MessageHandler = Callable[[bytes], str]


class _Handler:
    def __init__(self, handle: MessageHandler) -> None:
        self.handle = handle

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        return await asyncio.to_thread(self.handle, envelope.content)


@contextmanager
def running_mail_server(handle: MessageHandler) -> Iterator[int]:
    """Passes each message to `handle`, which returns the SMTP reply, such as “250 OK”; yields the port.

    Runs in a daemon thread.
    """
    server = _Server(handle)
    thread = threading.Thread(target=asyncio.run, args=[server.serve()], daemon=True)
    thread.start()
    try:
        yield server.port.result(10)
    finally:
        server.stop()
        thread.join(10)


class _Server:
    def __init__(self, handle: MessageHandler) -> None:
        self.handle = handle
        self.port: Future[int] = Future()

    async def serve(self) -> None:
        self.loop, self.stopped = asyncio.get_running_loop(), asyncio.Event()
        listening = await self.loop.create_server(self.connection, HOST, 0)
        self.port.set_result(listening.sockets[0].getsockname()[1])
        await self.stopped.wait()
        listening.close()

    def connection(self) -> SMTP:
        return SMTP(_Handler(self.handle), hostname=HOST, loop=self.loop)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.stopped.set)
