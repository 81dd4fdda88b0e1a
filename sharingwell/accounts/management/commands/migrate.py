from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import AmbiguityError

from sharingwell.database.roles import (
    NoSuchRole,
    application_role,
    grant_application_role,
    revoke_temporary_tables,
    set_role_timeouts,
)
from sharingwell.database.versions import tables_with_something_recorded
from sharingwell.tenancy.owner import OwnerCommand, as_application_role


class Command(OwnerCommand, migrate.Command):
    """Migrates as the owner of the tables, then grants privileges to the application role."""

    def handle(self, *args: Any, **options: Any) -> None:
        goes_back = _goes_back(options["app_label"], options["migration_name"])
        if goes_back and not options["plan"]:
            _check_nothing_is_recorded()
        super().handle(*args, **options)
        if goes_back or options["plan"] or options["check_unapplied"]:
            return
        revoke_temporary_tables()
        role = application_role()
        if role is None:
            return
        try:
            grant_application_role(role)
        except NoSuchRole as error:
            raise CommandError(str(error)) from error
        try:
            with as_application_role():
                set_role_timeouts()
        except OperationalError as error:
            self.stderr.write(
                f"The time limits of {role} were not set, for DATABASE_URL cannot be reached: {error}"
            )


def _goes_back(app: str | None, migration: str | None) -> bool:
    """Whether anything that is applied would be taken back. What Django refuses itself goes nowhere."""
    if not app or not migration:
        return False
    executor = MigrationExecutor(connection)
    name = None
    if migration != "zero":
        try:
            name = executor.loader.get_migration_by_prefix(app, migration).name
        except (AmbiguityError, KeyError):
            return False
    if app not in executor.loader.migrated_apps:
        return False
    return any(backwards for _, backwards in executor.migration_plan([(app, name)]))


def _check_nothing_is_recorded() -> None:
    if tables := tables_with_something_recorded():
        raise CommandError(
            "Migrations go forward alone once something is written down: going back would delete it "
            f"({', '.join(tables)}). To return to an older version, restore a backup that it made."
        )
