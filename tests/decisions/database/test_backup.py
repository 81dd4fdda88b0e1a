"""Backed up, lost, restored and verified: as docs/running.md has it, with an owner that is no superuser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from decisions import actions
from decisions.models import Decision, LedgerEntry
from sharingwell.accounts.models import Organisation
from sharingwell.backups import programs
from sharingwell.database.protections import missing_protections
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from sharingwell.tenancy.current import use_organisation
from tests.catalogue import catalogue
from tests.databases import connected_as, database_beside, rolled_back
from tests.decisions.factories import recorded_round, state_afterwards, state_retention, state_who_else
from tests.decisions.ledger.conftest import verify
from tests.guidance.factories import load_first_version
from tests.installation import OWNER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def backup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Of two organisations; the database it was made of is gone."""
    path = tmp_path_factory.mktemp("backups") / "monday"
    with django_db_blocker.unblock():
        with rolled_back():  # what is kept of the guide for all tests is of their own database
            load_first_version()
        superuser = connection.settings_dict["USER"]
        with database_beside(OWNER, template=connection.settings_dict["TEST"]["TEMPLATE"]):
            with connected_as(superuser):
                load_first_version()
            record_in_two_organisations()
            return {"printed": run("backup", path), "path": path, "was": as_it_is()}


def record_in_two_organisations() -> None:
    for _ in range(2):
        round = recorded_round()
        for state in [state_afterwards, state_retention, state_who_else]:
            state(round)
        actions.log_access(
            by=round.author, decision=round.decision, page="decisions:decision", channel="page"
        )


@pytest.fixture
def database() -> Iterator[None]:
    """Another, with nothing in it."""
    with database_beside(OWNER):
        yield


@pytest.fixture
def copy(backup: dict[str, Any], tmp_path: Path) -> Path:
    """One to be spoilt."""
    return Path(shutil.copytree(backup["path"], tmp_path / "copy"))


def run(command: str, path: Path, *options: str) -> str:
    printed = StringIO()
    call_command(command, str(path), *options, stdout=printed)
    return printed.getvalue()


def as_it_is() -> dict[str, Any]:
    """All that is there, and what guards it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        rows = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT array(SELECT row::text FROM {table} AS row ORDER BY 1)")
            rows[table] = cursor.fetchone()
    return {"guards": catalogue(), "rows": rows}


def edited(path: Path, **values: Any) -> Path:
    manifest = path / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **values}))
    return path


class TestABackup:
    def test_put_back_is_all_of_every_organisation_with_what_guards_it(
        self, backup: dict[str, Any], database: None
    ) -> None:
        printed = run("restore", backup["path"])
        assert "nothing wrong" in printed
        assert "Checked 0" not in printed
        assert as_it_is() == backup["was"]
        assert Organisation.objects.filter(decisions__isnull=False).distinct().count() == 2
        assert "organisations" in backup["printed"]
        assert not list(missing_protections())
        one, other = Organisation.objects.filter(decisions__isnull=False).distinct()
        round = Decision.objects.filter(organisation=one).get().rounds.get()
        with use_organisation(one):
            assert not Decision.objects.filter(organisation=other).exists()
            actions.log_access(
                by=round.author, decision=round.decision, page="decisions:round", channel="page"
            )
        assert verify()[1] == 0

    def test_is_for_nobody_else_and_never_written_over(self, backup: dict[str, Any], database: None) -> None:
        for each in [backup["path"], *backup["path"].iterdir()]:
            assert each.stat().st_mode & 0o077 == 0
        with pytest.raises(CommandError, match="never written over"):
            run("backup", backup["path"])

    def test_replaces_what_is_there_when_told_so_and_shows_what_was_lost(
        self, backup: dict[str, Any], database: None
    ) -> None:
        run("restore", backup["path"])
        round = Decision.objects.latest("pk").rounds.get()
        actions.log_access(by=round.author, decision=round.decision, page="decisions:round", channel="page")
        later = LedgerEntry.objects.latest("pk")
        before = as_it_is()
        with pytest.raises(CommandError, match="--replace-everything"):
            run("restore", backup["path"])
        assert as_it_is() == before
        run("restore", backup["path"], "--replace-everything")
        assert as_it_is() == backup["was"]
        kept = f"{later.organisation_id} {later.sequence} {later.digest}"
        assert "the end was cut off" in verify(kept)[0]

    def test_leaves_everything_as_it_was_where_it_cannot_be_put_back_whole(
        self, backup: dict[str, Any], copy: Path, database: None
    ) -> None:
        run("restore", backup["path"])
        tables = json.loads((copy / "manifest.json").read_text())["tables"]
        edited(copy, tables={**tables, "public.decisions_round": 99})
        with pytest.raises(CommandError, match=r"Nothing was changed.*decisions_round has not the rows"):
            run("restore", copy, "--replace-everything")
        assert as_it_is() == backup["was"]

    def test_is_not_made_by_a_role_that_would_not_see_what_is_in_it(
        self, backup: dict[str, Any], database: None, tmp_path: Path
    ) -> None:
        run("restore", backup["path"])
        with (
            connected_as(LOCAL_APPLICATION_ROLE),
            pytest.raises(CommandError, match="does not own the tables"),
        ):
            run("backup", tmp_path / "tuesday")
        assert not list(tmp_path.iterdir())


def damaged(path: Path) -> None:
    dump = path / "database.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)


def cut_off(path: Path) -> None:
    dump = path / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-100])


REFUSED: list[tuple[Callable[[Path], Any], str]] = [
    (damaged, "is damaged"),
    (cut_off, "is damaged"),
    (lambda path: (path / "database.dump").unlink(), "no whole backup"),
    (lambda path: (path / "manifest.json").unlink(), "is no backup"),
    (lambda path: (path / "manifest.json").write_text("{}"), "no backup of this product"),
    (lambda path: edited(path, product="Another"), "no backup of this product"),
    (lambda path: edited(path, format=2), "no backup of this product"),
    (lambda path: edited(path, tables={"public.a; DROP TABLE b": 1}), "no backup of this product"),
    (lambda path: edited(path, tables={"public.decisions_round": 2}), "other tables are in it"),
    (lambda path: edited(path, postgresql=999), "older"),
    (lambda path: edited(path, migrations=["decisions.9999_to_come"]), "newer version of the product"),
    (lambda path: edited(path, owner="somebody"), "role somebody"),
    (lambda path: edited(path, roles=["nobody_here"]), "nobody_here"),
]


def test_what_is_no_whole_backup_of_this_product_is_refused_before_anything_is_touched(
    backup: dict[str, Any], database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, (spoil, words) in enumerate(REFUSED):
        path = Path(shutil.copytree(backup["path"], tmp_path / str(number)))
        spoil(path)
        with pytest.raises(CommandError, match=words):
            run("restore", path, "--replace-everything")
    monkeypatch.setattr(programs, "server_version", lambda: 1)
    with pytest.raises(CommandError, match="its pg_dump, pg_restore and psql first on the PATH"):
        run("restore", backup["path"])
    assert connection.introspection.table_names() == []
