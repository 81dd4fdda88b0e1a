"""What every test shares: a PostgreSQL of the tests' own, with nothing installed and nothing left running."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import factory.random
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from decisions.domain import references
from sharingwell.database.address import parse_address
from sharingwell.database.roles import revoke_temporary_tables
from tests.clock import NOW
from tests.database_server import INSTALLED, running_database_server
from tests.databases import remove_database
from tests.installation import install
from tests.serving import serve_with_the_application_role

EMBEDDED = "DATABASE_URL" not in os.environ
WRITTEN_BY_MIGRATIONS = {
    model._meta.db_table for model in (ContentType, Permission, MigrationRecorder.Migration)
}

REFERENCES = random.Random()

# `make test` draws the same examples each time; `make fuzz` others each time, and makes what fails as short as it can.
# How fast an example is says how busy the machine is, and nothing of the product.
hypothesis_settings.register_profile(
    "sharingwell",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    report_multiple_bugs=False,
)
hypothesis_settings.register_profile(
    "fuzz", hypothesis_settings.get_profile("sharingwell"), derandomize=False, print_blob=True
)
hypothesis_settings.load_profile("sharingwell")


def pytest_configure(config: pytest.Config) -> None:
    """Start the clock of the whole run, before modules that read it are imported."""
    clock = time_machine.travel(NOW)
    clock.start()
    config.add_cleanup(clock.stop)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Draw the same for a test whichever tests ran before it: factories, and references that tests make."""
    factory.random.reseed_random(item.nodeid)
    REFERENCES.seed(item.nodeid)


@pytest.fixture(scope="session", autouse=True)
def _references_are_seeded() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(references, "secrets", REFERENCES)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """pytest-django's hook before it makes databases: says where, and what they are copies of.

    Workers, and other runs at the same time, share the server; each process has a database of its own; the last one
    to end stops the server. Tests that use no database start none.
    """
    database = settings.DATABASES["default"]
    if EMBEDDED:
        with running_database_server() as address:
            database.update(parse_address(address))
            database["TEST"] |= {"NAME": f"test_{os.getpid()}", "TEMPLATE": INSTALLED}
            yield
        return
    database["TEST"]["TEMPLATE"] = f"{INSTALLED}_{os.getpid()}"
    install(database, database["TEST"]["TEMPLATE"])
    yield
    with django_db_blocker.unblock():
        remove_database(database["TEST"]["TEMPLATE"])


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """A database of ours goes with its server: removing it first would only wait for the last page of a browser."""
    return django_db_keepdb or EMBEDDED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Every request that a test makes is served with the role that the product serves with; tests have all rights."""
    with django_db_blocker.unblock():
        revoke_temporary_tables()  # of a copy, which has not the rights on the database itself
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION decisions_today() RETURNS date LANGUAGE sql STABLE AS %s",
                [f"SELECT '{NOW:%Y-%m-%d}'::date"],
            )
    connection_created.connect(serve_with_the_application_role)
    yield
    connection_created.disconnect(serve_with_the_application_role)


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_their_tables() -> Iterator[None]:
    """What is published or recorded is never deleted, except with the database of a test that is over.

    The connection is kept for the next test: PostgreSQL would have everything to find out and prepare anew.

    That takes a superuser's rights, which a database user of one's own (`DATABASE_URL`) must have for the tests. Rows
    are deleted rather than tables truncated and filled anew with what migrations leave: it takes a tenth of the time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _delete_all_rows)
        patch.setattr(TransactionTestCase, "_should_reload_connections", lambda _: False)
        yield


def _delete_all_rows(test_case: TransactionTestCase) -> None:
    """Whatever the triggers say, those that no model stands for as well, but for what migrations write."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - WRITTEN_BY_MIGRATIONS
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in sorted(tables)))
        finally:
            cursor.execute("SET session_replication_role = origin")
