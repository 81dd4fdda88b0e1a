from contextlib import nullcontext
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from psycopg.errors import LockNotAvailable

from decisions.tasks.inbox import count_inbox
from sharingwell.database.timeouts import EXTRA, use_timeouts


def inbox(request: HttpRequest) -> dict[str, Any]:
    """The inbox count of the user, computed only if a template uses it."""
    return {"inbox_count": SimpleLazyObject(lambda: _count(request))}


def _count(request: HttpRequest) -> int | str:
    """Nothing where decisions are locked: public pages have it too, and wait for nobody."""
    try:
        # A transaction that is open would keep the short limit for what follows.
        with nullcontext() if connection.in_atomic_block else use_timeouts(EXTRA):
            return count_inbox(request.user)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return ""
        raise
