"""Tests have all rights over their database; what they ask the product for is served without any, as for real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from psycopg import sql
from psycopg.pq import TransactionStatus

from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE

BECOME_IT = sql.SQL("SET ROLE {}").format(sql.Identifier(LOCAL_APPLICATION_ROLE))
_serving: ContextVar[bool] = ContextVar("serving", default=False)


@contextmanager
def serving() -> Iterator[None]:
    """What is asked of the database within is asked by the role that the product serves with."""
    before = _serving.set(True)
    _say(BECOME_IT)
    try:
        yield
    finally:
        _serving.reset(before)
        if not _serving.get():
            _say(sql.SQL("RESET ROLE"))


def serve_with_the_application_role(**connected: Any) -> None:
    """For a connection opened while serving."""
    if _serving.get():
        _say(BECOME_IT)


def _say(statement: sql.Composable) -> None:
    """Unseen by tests that count queries. A transaction that failed takes the role back with it."""
    held = connection.connection
    if held is not None and not held.closed and held.info.transaction_status != TransactionStatus.INERROR:
        held.execute(statement)


class ServedByTheApplicationRole:
    """The outermost middleware under test."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with serving():
            return self.get_response(request)
