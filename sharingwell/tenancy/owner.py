"""Connects as the owner of the tables, for commands that change them or read every organisation.

The product serves with a role that owns nothing (`DATABASE_URL`). Commands that need more say so by being an
`OwnerCommand`, and connect with `OWNER_DATABASE_URL`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from sharingwell.database.timeouts import UNLIMITED, use_timeouts
from sharingwell.tenancy.current import EVERY_ORGANISATION, use_organisation


@contextmanager
def as_owner() -> Iterator[None]:
    """Use a separate connection as the owner; where none is configured, the serving role without time limits."""
    if settings.OWNER_DATABASE is None:
        with use_organisation(EVERY_ORGANISATION), use_timeouts(UNLIMITED):
            yield
        return
    with _connected_to(settings.OWNER_DATABASE), use_organisation(EVERY_ORGANISATION):
        yield


@contextmanager
def as_application_role() -> Iterator[None]:
    """Within `as_owner`, in one connection of the role that serves."""
    with _connected_to(settings.DATABASES["default"]), use_organisation(None):
        yield


@contextmanager
def _connected_to(database: dict[str, Any]) -> Iterator[None]:
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = {**before, **_address(database)}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


def _address(database: dict[str, Any]) -> dict[str, Any]:
    address = {name: database.get(name, "") for name in ["NAME", "USER", "PASSWORD", "HOST", "PORT"]}
    return {**address, "OPTIONS": {**database.get("OPTIONS", {}), "pool": False}}


class OwnerCommand(BaseCommand):
    """Base of commands that read every organisation's decisions or change tables."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with as_owner():
            return super().execute(*args, **options)
