"""What the server hands over, and what it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from sharingwell.serving import whole_requests
from sharingwell.serving.whole_requests import BODY_LIMIT, WholeRequests


class Application:
    """A WSGI application that answers with what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Application:
        self.asked.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield b"answered"

    def close(self) -> None:
        self.closed += 1


class Client:
    """A connection on which so much arrives, and nothing afterwards."""

    def __init__(self, *parts: bytes, ends: bool = True, goes_away: bool = False, **headers: str) -> None:
        self.sent: list[dict[str, Any]] = []
        self._arriving = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        if ends:
            self._arriving.append({"type": "http.request", "body": b"", "more_body": False})
        if goes_away:
            self._arriving.append({"type": "http.disconnect"})
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "http_version": "1.1",
            "client": ("192.0.2.1", 4000),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }

    async def receive(self) -> dict[str, Any]:
        if self._arriving:
            return self._arriving.pop(0)
        return await asyncio.get_running_loop().create_future()

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])


@pytest.fixture
def application() -> Application:
    return Application()


def ask(application: Any, *clients: Client, seconds: float = 60, at_once: int = 1) -> None:
    async def ask_all() -> None:
        product = WholeRequests(application, at_once=at_once, seconds_to_arrive=seconds)
        await asyncio.gather(*(product(each.scope, each.receive, each.send) for each in clients))

    asyncio.run(ask_all())


def test_a_request_that_has_arrived_is_answered_and_closed(application: Application) -> None:
    client = Client(b"a" * 70_000, b"b" * 70_000, **{"content-length": "140000"})
    ask(application, client)
    assert client.status == 200
    assert b"".join(message.get("body", b"") for message in client.sent) == b"answered"
    assert application.bodies == [b"a" * 70_000 + b"b" * 70_000]
    assert application.closed == 1


def test_a_body_that_does_not_arrive_takes_no_thread_and_is_given_up(application: Application) -> None:
    slow = [Client(b"answer=", ends=False, **{"content-length": "100000"}) for _ in range(5)]
    whole = Client()
    ask(application, *slow, whole, seconds=0.01)
    assert {client.status for client in slow} == {408}
    assert {(b"connection", b"close") in client.sent[0]["headers"] for client in slow} == {True}
    assert whole.status == 200
    assert len(application.asked) == 1


def test_a_sender_who_goes_away_takes_no_thread(application: Application) -> None:
    ask(application, Client(b"answer=", ends=False, goes_away=True))
    assert not application.asked


@pytest.mark.parametrize(
    "headers", [{"transfer-encoding": "chunked"}, {"transfer-encoding": "chunked", "content-length": "5"}]
)
def test_a_body_without_a_length_is_refused_with_and_without_another(
    application: Application, headers: dict[str, str]
) -> None:
    client = Client(b"abc", **headers)
    ask(application, client)
    assert client.status == 411
    assert not application.asked


def test_a_body_that_is_too_long_is_refused_before_it_arrives(application: Application) -> None:
    client = Client(ends=False, **{"content-length": str(BODY_LIMIT + 1)})
    ask(application, client)
    assert client.status == 413
    assert not application.asked


def test_names_of_headers_with_underscores_are_dropped(application: Application) -> None:
    """WSGI would take them for those that the server in front sets."""
    headers = {"x-forwarded-for": "192.0.2.9", "x_forwarded_for": "6.6.6.6", "x_forwarded_proto": "https"}
    ask(application, Client(**headers, x_forwarded_host="evil.example"))
    [environ] = application.asked
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.9"
    assert not {"HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"} & {*environ}


def test_a_reader_who_takes_nothing_is_given_up(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_requests, "SECONDS_TO_LEAVE", 0.01)

    class Reader(Client):
        async def send(self, message: dict[str, Any]) -> None:
            await asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        ask(application, Reader())
    assert application.closed == 1


def test_no_more_requests_run_at_once_than_have_a_thread(application: Application) -> None:
    running, most = 0, 0

    def counting(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        yield from application(environ, start_response)
        running -= 1

    ask(counting, *(Client() for _ in range(20)), at_once=3)
    assert most <= 3
    assert len(application.asked) == 20
