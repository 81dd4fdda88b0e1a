"""What is done to a database and undone; and databases beside that of the tests, for what concerns a whole one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction
from psycopg import sql
from pytest_django import DjangoDbBlocker

from sharingwell.database.base import DatabaseWrapper
from sharingwell.tenancy.current import EVERY_ORGANISATION, use_organisation

Made = TypeVar("Made")


@contextmanager
def rolled_back() -> Iterator[None]:
    """Everything is as it was afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def without_triggers() -> Iterator[None]:
    """What is written within is let past triggers and foreign keys, which takes a superuser; in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def module_rows(blocker: DjangoDbBlocker, make: Callable[[], Made]) -> Iterator[Made]:
    """For a fixture of a module: rows that each of its tests finds as they were made. They go with the last."""
    with blocker.unblock(), rolled_back():
        made = make()
        connection.check_constraints()  # what waits for the end of the transaction: it is to be altered before
        with blocker.block():
            yield made


@contextmanager
def database_beside(owner: str, template: str = "template1") -> Iterator[None]:
    """An empty one, or a copy, which this process is connected with as its owner, for every organisation."""
    with (
        named_database(owner, template) as name,
        connected_as(owner, name),
        use_organisation(EVERY_ORGANISATION),
    ):
        yield


@contextmanager
def named_database(owner: str, template: str) -> Iterator[str]:
    name = f"beside_{os.getpid()}"
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(*map(sql.Identifier, [name, owner, template])))
        if template != "template1":  # a copy has not the rights on the database itself
            cursor.execute(
                sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
            )
    try:
        yield name
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


@contextmanager
def connected_in_this_thread(settings: dict[str, Any], *, kept: bool = True) -> Iterator[DatabaseWrapper]:
    """By these settings, in a connection that is kept from one request to the next."""
    tests = connections["default"]
    wrapper = DatabaseWrapper({**settings, "CONN_MAX_AGE": None if kept else 0}, "default")
    wrapper.inc_thread_sharing()
    connections["default"] = wrapper
    try:
        yield wrapper
    finally:
        wrapper.close()
        connections["default"] = tests


def wait_until_another_waits() -> None:
    """Return once another connection waits for a lock, such as one that we hold."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # which a transaction keeps
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.005)
    pytest.fail("No other connection came to wait.")
