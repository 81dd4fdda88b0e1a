"""What somebody with full rights over the database can do: a superuser, with every trigger off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def full_rights() -> Iterator[Any]:
    """A cursor that no trigger, no foreign key and no check of the tables of decisions stops.

    The checks come back afterwards, for new rows: those that were written meanwhile may break them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'c' AND conrelid::regclass::text LIKE 'decisions_%'"
        )
        checks = cursor.fetchall()
        for table, name, _ in checks:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")
            for table, name, definition in checks:
                cursor.execute(
                    f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition.removesuffix(" NOT VALID")} NOT VALID'
                )
