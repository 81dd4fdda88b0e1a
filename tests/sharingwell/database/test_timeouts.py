"""How long is waited for the database: by the role that serves, by what works in the background, and by the owner."""

from __future__ import annotations

import os
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from psycopg import errors

from sharingwell.database.checks import check_serving_role
from sharingwell.database.roles import missing_role_timeouts
from sharingwell.database.timeouts import BACKGROUND, SERVING, Timeouts, use_timeouts
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from tests.addresses import address_of
from tests.databases import connected_as, named_database
from tests.installation import OWNER, manage
from tests.pgbouncer import PROGRAM, running_pgbouncer
from tests.serving import serving

pytestmark = pytest.mark.django_db(transaction=True)

LIMITS = "SELECT name, setting::int FROM pg_settings WHERE name LIKE '%%\\_timeout' AND name = ANY (%s)"
NAMES = sorted(SERVING.settings())


def limits() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(LIMITS, [NAMES])
        return dict(cursor.fetchall())


class TestTheRoleThatServes:
    def test_has_the_limits_of_serving_at_each_new_connection(self) -> None:
        with connected_as(LOCAL_APPLICATION_ROLE):
            assert limits() == SERVING.settings()
            assert missing_role_timeouts() == []

    @pytest.mark.skipif(
        PROGRAM is None and os.environ.get("PGBOUNCER") != "required", reason="pgbouncer is not installed"
    )
    def test_has_them_behind_a_pooler_in_transaction_mode(self) -> None:
        connection.ensure_connection()
        with running_pgbouncer(connection.settings_dict, connection.connection.info) as through:
            for _ in range(2):
                with psycopg.connect(address_of(through)) as connected:
                    assert dict(connected.execute(LIMITS, [NAMES]).fetchall()) == SERVING.settings()
                    connected.execute("SET LOCAL lock_timeout = 0")

    def test_is_refused_by_the_check_where_it_has_none(self) -> None:
        with serving():  # which tests become without signing in as it
            assert [fault.id for fault in check_serving_role(databases=["default"])] == [
                "sharingwell.E005"
            ] * 3

    def test_gets_them_back_from_migrate(self) -> None:
        with named_database(OWNER, template=connection.settings_dict["TEST"]["TEMPLATE"]) as name:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"ALTER ROLE {LOCAL_APPLICATION_ROLE} IN DATABASE {name} SET lock_timeout = '1h'"
                )
            with connected_as(LOCAL_APPLICATION_ROLE, name):
                assert missing_role_timeouts() == ["lock_timeout"]
            done = manage({**connection.settings_dict, "NAME": name}, ["migrate", "--verbosity", "0"])
            assert (done.returncode, done.stderr) == (0, "")
            with connected_as(LOCAL_APPLICATION_ROLE, name):
                assert missing_role_timeouts() == []

    def test_does_not_wait_for_a_lock_for_long(self) -> None:
        with psycopg.connect(_address()) as other:
            other.execute("LOCK TABLE decisions_decision")
            with (
                connected_as(LOCAL_APPLICATION_ROLE),
                use_timeouts(Timeouts(50, 0, 0)),
                pytest.raises(OperationalError) as refused,
                connection.cursor() as cursor,
            ):
                cursor.execute("SELECT FROM decisions_decision")
        assert isinstance(refused.value.__cause__, errors.LockNotAvailable)


class TestOtherWork:
    def test_says_its_own_limits_with_each_statement_and_leaves_none_behind(self) -> None:
        with connected_as(LOCAL_APPLICATION_ROLE):
            with use_timeouts(BACKGROUND):
                assert limits() == BACKGROUND.settings()
                with transaction.atomic():
                    assert limits() == BACKGROUND.settings()
            assert limits() == SERVING.settings()

    def test_may_take_longer_than_serving_does(self) -> None:
        with connected_as(LOCAL_APPLICATION_ROLE), connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 50")
            with use_timeouts(BACKGROUND):
                cursor.execute("SELECT pg_sleep(0.1)")
            with pytest.raises(OperationalError):
                cursor.execute("SELECT pg_sleep(0.1)")

    def test_of_the_owner_has_none(self) -> None:
        with connected_as(OWNER):
            assert limits() == dict.fromkeys(NAMES, 0)


def _address() -> str:
    at: dict[str, Any] = connection.settings_dict
    return address_of(at)
