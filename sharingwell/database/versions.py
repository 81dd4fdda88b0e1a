"""Migrations go forward alone once something is recorded, and code works on no database that is newer than itself."""

from __future__ import annotations

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

logger = logging.getLogger(__name__)

RECORDED_APPS = ("decisions", "guidance")


class NewerDatabase(ImproperlyConfigured):
    """The database was migrated by a newer version of the product."""

    def __init__(self, migrations: list[str]) -> None:
        super().__init__(
            f"This database was migrated by a newer version of the product ({', '.join(migrations)}). Run that version."
        )


def check_database_is_not_newer() -> None:
    """For the start of the server and of the worker. Raises NewerDatabase; a database that is away is not judged."""
    try:
        unknown = unknown_migrations()
    except OperationalError:
        logger.warning("The database cannot be reached: its version was not checked.")
        return
    finally:
        connection.close()
    if unknown:
        raise NewerDatabase(unknown)


def unknown_migrations() -> list[str]:
    """Those applied here that this version does not have, of the apps it has."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known |= set(migration.replaces)
    applied = set(MigrationRecorder(connection).applied_migrations())
    return sorted(".".join(each) for each in applied - known if each[0] in loader.migrated_apps)


def tables_with_something_recorded() -> list[str]:
    """Tables of decisions and of the guide that are not empty, as the connection sees them."""
    prefixes = tuple(f"{app}_" for app in RECORDED_APPS)
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith(prefixes):
                cursor.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table)))
                found += [table] * cursor.rowcount
    return found
