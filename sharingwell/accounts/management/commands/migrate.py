from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError

from sharingwell.database.roles import (
    NoSuchRole,
    application_role,
    grant_application_role,
    revoke_temporary_tables,
    set_role_timeouts,
)

from sharingwell.tenancy.owner import OwnerCommand, as_application_role


class Command(OwnerCommand, migrate.Command):
    """Migrates as the owner of the tables, then grants privileges to the application role."""

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
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
