"""Django's PostgreSQL backend, which sends the current organisation with every statement.

No setting outlives its transaction, so that a pooler may give each transaction another connection: see
docs/decisions/0021-no-state-in-a-database-session.md.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg import ClientCursor, NotSupportedError, sql
from psycopg.abc import Params
from psycopg.pq import TransactionStatus

from sharingwell.tenancy.current import EVERY_ORGANISATION, current_organisation

SETTINGS = [
    "SET LOCAL sharingwell.organisation = '{organisation}'; ",
    "SET LOCAL sharingwell.every_organisation = '{every}'; ",
]


class Cursor(base.CursorMixin, ClientCursor[Any]):
    """Sends the organisation and the statement as one message.

    PostgreSQL runs a message of several statements in the transaction that is open, or else in one that ends with it.
    `copy`, which the product does not use, sends no organisation.
    """

    def execute(  # type: ignore[override]  # Django gives it no other kinds of query
        self, query: str | sql.SQL | sql.Composed, params: Params | None = None, **options: Any
    ) -> Cursor:
        settings = _settings_now(self.connection.info.transaction_status)
        if not settings:
            return super().execute(query, params, **options)
        if isinstance(query, str):
            super().execute(settings + query, params, **options)
        else:
            super().execute(sql.SQL(settings) + query, params, **options)
        for _ in SETTINGS:
            self.nextset()
        return self

    def executemany(self, *args: Any, **options: Any) -> None:
        raise NotSupportedError("It would not send the organisation: use execute.")


def _settings_now(status: TransactionStatus) -> str:
    """Write the settings to send before the next statement, in a transaction of this status.

    Each statement sends both settings, because a rollback to a savepoint also reverts settings. A failed transaction
    accepts no statement before its rollback.
    """
    organisation = current_organisation()
    if status == TransactionStatus.INERROR or (status == TransactionStatus.IDLE and organisation is None):
        return ""
    every = "on" if organisation is EVERY_ORGANISATION else "off"
    one = organisation if isinstance(organisation, int) else ""
    return "".join(SETTINGS).format(organisation=one, every=every)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": Cursor}

    def chunked_cursor(self) -> Any:
        """Open a server-side cursor inside a transaction only.

        It sends no settings: its rows are read for the organisation of the latest statement.
        """
        if not self.in_atomic_block:
            return self.cursor()
        with self.wrap_database_errors:
            self.connection.execute("SELECT")
        return super().chunked_cursor()
