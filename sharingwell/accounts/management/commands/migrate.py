from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from sharingwell.database.roles import (
    NoSuchRole,
    application_role,
    grant_application_role,
    revoke_temporary_tables,
)
from sharingwell.tenancy.owner import OwnerCommand


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
