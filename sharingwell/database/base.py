"""Django's PostgreSQL backend, whose every connection is told for which organisation it works."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.pq import TransactionStatus

from sharingwell.tenancy.current import EVERY_ORGANISATION, current_organisation

TELL = """
    SELECT set_config('sharingwell.organisation', %s, false), set_config('sharingwell.every_organisation', %s, false)
"""
MOST_PREPARED = 50  # of one connection: each takes up to a megabyte, and some are of a day that is over
_prepared: WeakKeyDictionary[Connection, set[str]] = WeakKeyDictionary()


class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self) -> None:
        """A connection of the pool may have worked for somebody else: it is told anew whenever it is taken out."""
        super().init_connection_state()
        self.tell_organisation()

    def tell_organisation(self) -> None:
        """Say for which organisation the statements that follow are.

        In a transaction that has failed there are none to follow: taking it back brings back what was said before.
        """
        if self.connection is None or self.connection.closed:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        organisation = current_organisation()
        every = organisation is EVERY_ORGANISATION
        one = "" if organisation is None or every else str(organisation)
        self.connection.execute(TELL, [one, "on" if every else "off"])

    def prepare(self, name: str, statement: str) -> None:
        """Let PostgreSQL read a statement and keep its plan, once for each connection however often it is asked for."""
        with self.wrap_database_errors:
            self.ensure_connection()
            known = _prepared.setdefault(self.connection, set())
            if name in known:
                return
            if len(known) == MOST_PREPARED:
                self.connection.execute("DEALLOCATE ALL")
                known.clear()
            self.connection.execute(f"PREPARE {name} {statement}")
            known.add(name)
