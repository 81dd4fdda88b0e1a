"""What is done to a database and undone; and databases beside that of the tests, for what concerns a whole one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from pytest_django import DjangoDbBlocker

from sharingwell.acting import EVERY_ORGANISATION, acting_for
from sharingwell.application_role import grant_application_role
from sharingwell.local_database import LOCAL_APPLICATION_ROLE
from tests.addresses import address_of

OWNER = "sharingwell_owner"  # of the tables: no superuser, as docs/running.md has it
Made = TypeVar("Made")


@contextmanager
def undone() -> Iterator[None]:
    """Everything is as it was afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def made_once(blocker: DjangoDbBlocker, make: Callable[[], Made]) -> Iterator[Made]:
    """For a fixture of a module: rows that each of its tests finds as they were made. They go with the last."""
    with blocker.unblock(), undone():
        made = make()
        connection.check_constraints()  # what waits for the end of the transaction: it is to be altered before
        with blocker.block():
            yield made


def make_migrated_database(name: str) -> None:
    """A database as every installation has it, to be copied: migrated by OWNER, with no row of anybody's.

    Whoever comes first makes it, and the others wait. It is named when it is whole, and nobody connects with it then.
    """
    with psycopg.connect(address_of(connection.settings_dict), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(1)")
        if server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            return
        for role in [OWNER, LOCAL_APPLICATION_ROLE]:
            if not server.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount:
                server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        making = f"{name}_in_the_making"
        _create_database(server, making, OWNER)
        with connected_as(OWNER, making), acting_for(EVERY_ORGANISATION):
            call_command("migrate", verbosity=0)
            grant_application_role(LOCAL_APPLICATION_ROLE)
        names = {"making": sql.Identifier(making), "name": sql.Identifier(name)}
        server.execute(sql.SQL("ALTER DATABASE {making} ALLOW_CONNECTIONS false").format(**names))
        server.execute(sql.SQL("ALTER DATABASE {making} RENAME TO {name}").format(**names))


def let_functions_see_everything() -> None:
    """Those that run as their owner, in a copy: tests write without saying for which organisation, and have all rights."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND proowner = %s::regrole", [OWNER]
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"ALTER FUNCTION {function} OWNER TO CURRENT_USER")


def _create_database(
    server: psycopg.Connection | CursorWrapper, name: str, owner: str, template: str = "template1"
) -> None:
    names = {"name": name, "owner": owner, "template": template}
    statement = sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}")
    server.execute(statement.format(**{which: sql.Identifier(each) for which, each in names.items()}))


@contextmanager
def database_beside(owner: str, template: str = "template1") -> Iterator[None]:
    """An empty one, or a copy, which this process is connected with as its owner, for every organisation."""
    name = f"beside_{os.getpid()}"
    with connection.cursor() as cursor:
        _create_database(cursor, name, owner, template)
    try:
        with connected_as(owner, name), acting_for(EVERY_ORGANISATION):
            yield
    finally:
        remove_database(name)


def remove_database(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def connected_as(role: str, database: str | None = None) -> Iterator[None]:
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = {**before, "NAME": database or before["NAME"], "USER": role, "PASSWORD": ""}
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before
        ContentType.objects.clear_cache()
