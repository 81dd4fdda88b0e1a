"""Leaves a thread of each process to public pages and `/health/`, whatever signed-in people wait for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sharingwell.requests import is_public
from sharingwell.unavailable import CROWDED, render_unavailable

PATIENCE = 2.0  # seconds in which no request begins or ends


class RequestLimit:
    """So many requests at once. Others wait, for as long as one begins or ends every few seconds."""

    def __init__(self, at_once: int, patience: float = PATIENCE) -> None:
        self._at_once = at_once
        self._patience = patience
        self._running = 0
        self._changed_at = 0.0
        self._changed = threading.Condition()

    def enter(self) -> bool:
        """Return False where all that are running are stuck."""
        with self._changed:
            while self._running >= self._at_once:
                left = self._changed_at + self._patience - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            self._running += 1
            self._changed_at = time.monotonic()
            return True

    def leave(self) -> None:
        with self._changed:
            self._running -= 1
            self._changed_at = time.monotonic()
            self._changed.notify()


class RequestLimitMiddleware:
    """Counts the requests of the process but for public pages, and answers 503 at once where too many are stuck."""

    limit = RequestLimit(settings.SIGNED_IN_REQUESTS_AT_ONCE)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if getattr(request, "is_counted", False):
                self.limit.leave()

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], *args: Any
    ) -> HttpResponse | None:
        if is_public(view_func):
            return None
        if not self.limit.enter():
            return render_unavailable(request, CROWDED)
        request.is_counted = True  # type: ignore[attr-defined]
        return None
