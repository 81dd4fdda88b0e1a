"""Going back is refused where anything is recorded; code works on no database that is newer than itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from decisions.models import Decision
from guidance.models import GuideVersion
from sharingwell.database.checks import check_serving_role
from sharingwell.database.timeouts import SERVING, use_timeouts
from sharingwell.database.versions import NewerDatabase, check_database_is_not_newer, unknown_migrations
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from sharingwell.tenancy.current import EVERY_ORGANISATION, use_organisation
from tests.addresses import address_of
from tests.databases import connected_as, named_database, rolled_back
from tests.decisions.factories import DecisionFactory
from tests.guidance.factories import load_first_version
from tests.installation import OWNER, ROOT, manage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def database() -> Iterator[dict[str, Any]]:
    """A copy of an installation, with nothing in it."""
    with named_database(OWNER, template=connection.settings_dict["TEST"]["TEMPLATE"]) as name:
        yield {**connection.settings_dict, "NAME": name}


@pytest.fixture
def in_use(database: dict[str, Any]) -> dict[str, Any]:
    with rolled_back():  # the copy of the guide that other tests are given has keys of their own database
        load_first_version()
    with connected_as(database["USER"], database["NAME"]), use_organisation(EVERY_ORGANISATION):
        load_first_version()
        DecisionFactory()
    return database


def counts(database: dict[str, Any]) -> tuple[int, int]:
    with connected_as(database["USER"], database["NAME"]):
        return Decision.objects.count(), GuideVersion.objects.count()


class TestGoingBack:
    @pytest.mark.parametrize(
        "target",
        [["decisions", "zero"], ["decisions", "0002"], ["guidance", "zero"], ["accounts", "zero"]],
    )
    def test_is_refused_by_the_command(self, target: list[str], in_use: dict[str, Any]) -> None:
        for options in [[], ["--fake"]]:
            done = manage(in_use, ["migrate", *target, *options])
            assert done.returncode == 1
            assert "Migrations go forward alone" in done.stderr
            assert "decisions_decision" in done.stderr
        assert counts(in_use) == (1, 1)

    @pytest.mark.parametrize("app", ["decisions", "guidance"])
    def test_is_refused_by_the_database_whoever_asks(self, app: str, in_use: dict[str, Any]) -> None:
        with (
            connected_as(OWNER, in_use["NAME"]),
            pytest.raises(IntegrityError, match="would delete what is"),
        ):
            MigrationExecutor(connection).migrate([(app, None)])
        assert counts(in_use) == (1, 1)

    def test_drops_no_table_that_is_not_empty(self, in_use: dict[str, Any]) -> None:
        with (
            connected_as(OWNER, in_use["NAME"]),
            use_organisation(EVERY_ORGANISATION),
            pytest.raises(IntegrityError, match="decisions_decision is not empty"),
            connection.schema_editor() as editor,
        ):
            editor.delete_model(Decision)
        assert counts(in_use) == (1, 1)

    def test_is_possible_while_nothing_is_recorded(self, database: dict[str, Any]) -> None:
        done = manage(database, ["migrate", "decisions", "0003"], ["migrate", "--verbosity", "0"])
        assert done.returncode == 0, done.stderr


class TestANewerDatabase:
    @pytest.fixture
    def newer(self, database: dict[str, Any]) -> dict[str, Any]:
        with connected_as(OWNER, database["NAME"]), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('decisions', '9999_later', now()), "
                "('an_app_that_was_removed', '0001_initial', now())"
            )
        return database

    def test_is_not_served(self, newer: dict[str, Any]) -> None:
        environment = {
            **os.environ,
            "SHARINGWELL_LOCAL": "true",
            "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            "DATABASE_URL": address_of({**newer, "USER": LOCAL_APPLICATION_ROLE}),
            "DJANGO_SETTINGS_MODULE": "sharingwell.settings",
        }
        done = subprocess.run(
            [sys.executable, "-c", "import sharingwell.asgi"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 1
        assert "by a newer version of the product (decisions.9999_later)" in done.stderr

    def test_is_not_worked_for(self, newer: dict[str, Any]) -> None:
        done = manage(newer, ["work", "--once"])
        assert done.returncode == 1
        assert "decisions.9999_later" in done.stderr

    def test_is_told_by_the_check(self, newer: dict[str, Any]) -> None:
        with connected_as(LOCAL_APPLICATION_ROLE, newer["NAME"]), use_timeouts(SERVING):
            assert [each.id for each in check_serving_role(databases=["default"])] == ["sharingwell.E006"]
            with pytest.raises(NewerDatabase):
                check_database_is_not_newer()

    def test_is_none_that_this_version_made(self, database: dict[str, Any]) -> None:
        with connected_as(LOCAL_APPLICATION_ROLE, database["NAME"]):
            assert unknown_migrations() == []
            check_database_is_not_newer()
