"""A request takes a thread once all of it has arrived: slow clients hold up nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from asgiref.sync import ThreadSensitiveContext
from asgiref.wsgi import WsgiToAsgi

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

AT_ONCE = 6  # requests of each process that have a thread
SECONDS_TO_ARRIVE = 15  # for the whole of a body
SECONDS_TO_LEAVE = 30  # for each part of a response
BODY_LIMIT = 3 * 1024 * 1024  # bytes; Django itself refuses forms of 2.5 MB
IN_MEMORY = 64 * 1024  # bytes of a body that are kept in memory


class Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class WholeRequests:
    """Gives a WSGI application requests that have arrived, so many at once.

    Header names with underscores are dropped: WSGI takes them for those with hyphens, by which a server in front says
    who asks. A body without a length is refused: two servers could differ on where it ends.
    """

    def __init__(
        self, application: Any, at_once: int = AT_ONCE, seconds_to_arrive: float = SECONDS_TO_ARRIVE
    ) -> None:
        self._application = WsgiToAsgi(closing(application))  # type: ignore[no-untyped-call]
        self._free = asyncio.Semaphore(at_once)
        self._seconds_to_arrive = seconds_to_arrive

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        with SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                check_length(dict(headers))
                async with asyncio.timeout(self._seconds_to_arrive):
                    await read_body(receive, cast(BinaryIO, body))
            except (Refused, TimeoutError) as error:
                status = error.status if isinstance(error, Refused) else HTTPStatus.REQUEST_TIMEOUT
                await refuse(send, status)
                return
            body.seek(0)
            async with self._free, ThreadSensitiveContext():
                await self._application(
                    {**scope, "headers": headers}, giving(cast(BinaryIO, body)), in_time(send)
                )


def check_length(headers: dict[bytes, bytes]) -> None:
    """Raises Refused for a body that is too long, or whose length is not said in one way alone."""
    if b"transfer-encoding" in headers:
        raise Refused(HTTPStatus.LENGTH_REQUIRED)
    if int(headers.get(b"content-length", b"0")) > BODY_LIMIT:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


async def read_body(receive: Receive, body: BinaryIO) -> None:
    """Raises Refused where the sender goes away."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(HTTPStatus.BAD_REQUEST)
        body.write(message.get("body", b""))
        if not message.get("more_body"):
            return


async def refuse(send: Send, status: HTTPStatus) -> None:
    """Answers without the application and ends the connection, on which more of the body may follow."""
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": status.phrase.encode()})


def giving(body: BinaryIO) -> Receive:
    async def receive() -> dict[str, Any]:
        part = body.read(IN_MEMORY)
        return {"type": "http.request", "body": part, "more_body": len(part) == IN_MEMORY}

    return receive


def in_time(send: Send) -> Send:
    """Raises TimeoutError where the reader takes nothing for long."""

    async def sending(message: dict[str, Any]) -> None:
        async with asyncio.timeout(SECONDS_TO_LEAVE):
            await send(message)

    return sending


def closing(application: Any) -> Any:
    """A WSGI application whose responses are closed, as WSGI asks of a server and asgiref does not."""

    def closed(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        response: Iterable[bytes] = application(environ, start_response)
        try:
            yield from response
        finally:
            close = getattr(response, "close", None)
            if close:
                close()

    return closed
