"""The server that the journeys visit: its connections to the database stay open, as those of production do."""

from __future__ import annotations

from collections import deque
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import DEFAULT_DB_ALIAS, connections


class LendingServer(ThreadedWSGIServer):
    """Each connection of a browser has a thread of its own, to which a connection to the database is lent.

    PostgreSQL reads its catalogue anew for every new connection. For most pages that would be most of its work.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made: list[Any] = []
        self.idle: deque[Any] = deque()

    def set_app(self, application: Any) -> None:
        """The product alone: it answers for its static files, too, and says how long a browser may keep them."""
        super().set_app(WSGIHandler())

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        lent = self._borrow()
        connections[DEFAULT_DB_ALIAS] = lent
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.idle.append(lent)

    def server_close(self) -> None:
        super().server_close()
        for each in self.made:  # lent ones, too: a browser may still be there
            each.close()

    def _borrow(self) -> Any:
        try:
            return self.idle.pop()
        except IndexError:
            new = connections.create_connection(DEFAULT_DB_ALIAS)
            new.settings_dict = {**new.settings_dict, "CONN_MAX_AGE": None}  # not closed with the request
            new.inc_thread_sharing()
            self.made.append(new)
            return new

    def _close_connections(self) -> None:
        """Not with the browser's: Django's hook."""
