"""Django's PostgreSQL backend, which sends the current organisation with every statement.

No setting outlives its transaction, so that a pooler may give each transaction another connection: see
docs/decisions/0021-no-state-in-a-database-session.md.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError
from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from psycopg import ClientCursor, Connection, InterfaceError, NotSupportedError, OperationalError, sql
from psycopg.abc import Params
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool, PoolTimeout

from sharingwell.database.timeouts import current_timeouts
from sharingwell.database.versions import tables_with_something_recorded
from sharingwell.tenancy.current import EVERY_ORGANISATION, current_organisation

if TYPE_CHECKING:
    from django.db.models import Model


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
        before = "".join(f"SET LOCAL {name} = '{value}'; " for name, value in settings.items())
        if isinstance(query, str):
            super().execute(before + query, params, **options)
        else:
            super().execute(sql.SQL(before) + query, params, **options)
        for _ in settings:
            self.nextset()
        return self

    def executemany(self, *args: Any, **options: Any) -> None:
        raise NotSupportedError("It would not send the organisation: use execute.")


def _settings_now(status: TransactionStatus) -> dict[str, str | int]:
    """Give the settings to send before the next statement, in a transaction of this status.

    Each statement sends all of them, because a rollback to a savepoint also reverts settings. A failed transaction
    accepts no statement before its rollback.
    """
    if status == TransactionStatus.INERROR:
        return {}
    organisation, timeouts = current_organisation(), current_timeouts()
    settings: dict[str, str | int] = {}
    if status != TransactionStatus.IDLE or organisation is not None:
        settings["sharingwell.organisation"] = organisation if isinstance(organisation, int) else ""
        settings["sharingwell.every_organisation"] = "on" if organisation is EVERY_ORGANISATION else "off"
    return {**settings, **timeouts.settings()} if timeouts else settings


def _is_alive(connection: Connection[Any]) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except (OperationalError, InterfaceError):
        return False
    return True


class SchemaEditor(DatabaseSchemaEditor):
    """Drops no table of decisions or of the guide that is not empty, whichever command asks."""

    def delete_model(self, model: type[Model]) -> None:
        table = model._meta.db_table
        if table in tables_with_something_recorded():
            raise IntegrityError(f"{table} is not empty: dropping it would delete what is recorded.")
        super().delete_model(model)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    _away_until = 0.0  # of the process

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Lend one that is alive.

        The pool's own check waits longer after each dead one, for more seconds than a restart takes. Refuse at once for
        a second after the pool had none to lend: requests that came behind one another would each wait.
        """
        if self.pool is None:
            return super().get_new_connection(conn_params)
        if time.monotonic() < DatabaseWrapper._away_until:
            raise OperationalError("The database could not be reached a moment ago.")
        try:
            while True:
                connection = super().get_new_connection(conn_params)
                if _is_alive(connection):
                    return connection
                self.pool.putconn(connection)
        except PoolTimeout:
            DatabaseWrapper._away_until = time.monotonic() + 1
            raise

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
