"""Verification finds any change that a superuser of the database makes to recorded rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product, zip_longest
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError
from django.db import connection, models
from pytest_django import DjangoDbBlocker

from decisions.actions import record_in_ledger
from decisions.ledger.facts import KINDS
from decisions.models import Access, Decision, LedgerEntry, Round
from tests.databases import module_rows, rolled_back
from tests.decisions.factories import recorded_round
from tests.decisions.full_rights import full_rights
from tests.decisions.ledger.conftest import checkpoint, record_and_state_all, verify

pytestmark = pytest.mark.django_db

NEVER_EMPTIED = next(
    trigger.get_pgid(model)
    for model, trigger in pgtrigger.registered()
    if model is Round and trigger.name == "no_truncate"
)
RECORDED = [Decision, *(kind.rows().model for kind in KINDS.values()), LedgerEntry]
# Whose the others are is read through these: forged in one row and in another, the one would hide the other.
READ_THROUGH = ["review", "export", "hold", "disposal_proposal", "share", "advice"]
THE_OTHERS = sorted(set(KINDS) - {"round", *READ_THROUGH})
FORGED = {
    "ARRAY": "{column} || 1000::bigint",
    "integer": "{column} + 1",
    "bigint": "coalesce({column}, 0) + 1000",
    "smallint": "coalesce({column}, 0) + 1",
    "boolean": "NOT {column}",
    "character varying": "'forged'",
    "date": "{column} + 1",
    "jsonb": """'{{"forged": 1e400}}'""",
    "text": "'forged'",
    "timestamp with time zone": "{column} + interval '1 microsecond'",
}


@pytest.fixture(scope="module")
def recorded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Round]:
    """As in every test of the ledger; each test undoes what it does to it."""
    with module_rows(django_db_blocker, record_and_state_all) as round:
        yield round


def columns_of(model: type[models.Model], **kind: bool) -> dict[str, tuple[str, bool]]:
    """The columns the catalogue has of a table: of which type, and whether they may be null."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type, is_nullable = 'YES' FROM information_schema.columns "
            "WHERE table_name = %s AND (is_generated = 'ALWAYS') = %s",
            [model._meta.db_table, kind.get("computed", False)],
        )
        return {name: (type_, nullable) for name, type_, nullable in cursor.fetchall()}


def columns_computed() -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.column)
        for model in RECORDED
        for field in model._meta.concrete_fields
        if field.generated
    ]


def forgeries_of(model: type[models.Model]) -> list[tuple[str, str]]:
    """Each column, with what is written there."""
    return [
        (column, expression)
        for column, (type_, nullable) in columns_of(model).items()
        for expression in [FORGED[type_], *(["NULL"] if nullable else [])]
    ]


def forge(cursor: Any, model: type[models.Model], column: str, expression: str) -> int:
    """With full rights, in the last row of the table that is recorded; gives its key as it was."""
    table = model._meta.db_table
    which = {
        Decision: "id IN (SELECT decision_id FROM decisions_round)",
        Round: "recorded_at IS NOT NULL",
    }
    cursor.execute(f"SELECT max(id) FROM {table} WHERE {which.get(model, 'TRUE')}")
    (key,) = cursor.fetchone()
    cursor.execute(f'UPDATE {table} SET "{column}" = {expression.format(column=column)} WHERE id = %s', [key])
    assert cursor.rowcount == 1
    return int(key)


@pytest.mark.usefixtures("recorded")
class TestUntouched:
    def test_nothing_is_wrong(self) -> None:
        printed, code = verify()
        assert code == 0
        assert f"Checked {LedgerEntry.objects.count()} entries in" in printed
        assert printed.endswith("a second): nothing wrong.\n")

    def test_no_column_of_the_catalogue_is_skipped(self) -> None:
        for model, computed in product(RECORDED, [False, True]):
            known = {field.column for field in model._meta.concrete_fields if field.generated is computed}
            assert set(columns_of(model, computed=computed)) == known


@pytest.mark.usefixtures("recorded")
class TestAnyColumn:
    def test_altered_is_found(self) -> None:
        with full_rights() as cursor:
            for model in [Decision, LedgerEntry]:
                for column, expression in forgeries_of(model):
                    with rolled_back():
                        forge(cursor, model, column, expression)
                        printed, code = verify()
                    assert (code, printed[:7]) == (1, "First: "), f"{model.__name__}.{column} = {expression}"

    @pytest.mark.parametrize(
        "kinds", [["round"], READ_THROUGH, THE_OTHERS], ids=["round", "read through", "others"]
    )
    def test_altered_is_found_and_named_for_each_kind(self, kinds: list[str]) -> None:
        tables = [KINDS[kind].rows().model for kind in kinds]
        with full_rights() as cursor:
            for forgeries in zip_longest(*map(forgeries_of, tables)):
                forged = [each for each in zip(kinds, tables, forgeries, strict=True) if each[2]]
                with rolled_back():
                    keys = [forge(cursor, table, *forgery) for _, table, forgery in forged]
                    printed, _ = verify()
                for (kind, _, forgery), key in zip(forged, keys, strict=True):
                    assert f": {kind} {key} " in printed, (kind, forgery)

    def test_generated_and_altered_is_found(self) -> None:
        with full_rights() as cursor:
            for model, column in columns_computed():
                with rolled_back():
                    cursor.execute(
                        f'ALTER TABLE {model._meta.db_table} ALTER COLUMN "{column}" DROP EXPRESSION'
                    )
                    type_, _ = columns_of(model)[column]
                    forge(cursor, model, column, FORGED.get(type_, "'forged'"))
                    assert verify()[1] == 1, (model, column)

    def test_made_unreadable_is_found(self) -> None:
        with full_rights() as cursor:
            for model, column in [(Round, "recorded_at"), (Access, "at"), (LedgerEntry, "at")]:
                with rolled_back():
                    forge(cursor, model, column, "'infinity'")
                    assert verify()[1] == 1, (model, column)


class TestRows:
    def test_altered_are_named_with_the_first_and_every_entry(self, recorded: Round) -> None:
        with full_rights() as cursor:
            cursor.execute("UPDATE decisions_access SET page = 'decisions:mine'")
        looks = Access.objects.order_by("pk").values_list("pk", flat=True)
        organisation = recorded.decision.organisation_id
        entries = LedgerEntry.objects.filter(kind="access").order_by("sequence")
        assert verify()[0].splitlines()[:-1] == [
            f"{'First: ' if not number else ''}Organisation {organisation}, entry {entry.sequence}: "
            f"access {look} is not as it was recorded."
            for number, (entry, look) in enumerate(zip(entries, looks, strict=True))
        ]

    def test_removed_are_found(self, recorded: Round) -> None:
        with full_rights() as cursor:
            cursor.execute("DELETE FROM decisions_round WHERE id = %s", [recorded.pk])
        printed, code = verify()
        assert code == 1
        assert f"round {recorded.pk} was removed." in printed

    def test_inserted_are_found(self, recorded: Round) -> None:
        with full_rights() as cursor:
            cursor.execute(
                "INSERT INTO decisions_access (organisation_id, reference, page, channel, by_id, at) "
                "SELECT organisation_id, reference, page, channel, by_id, at FROM decisions_access LIMIT 1"
            )
        printed, code = verify()
        assert code == 1
        assert (
            f"access {Access.objects.latest('pk').pk} was inserted: the ledger has no entry of it." in printed
        )

    @pytest.mark.usefixtures("recorded")
    @pytest.mark.parametrize("model", [Round, Access, LedgerEntry], ids=lambda model: model.__name__)
    def test_that_change_places_are_found(self, model: type[models.Model]) -> None:
        first, second = model._default_manager.order_by("pk").values_list("pk", flat=True)[:2]
        with full_rights() as cursor:
            for old, new in [(first, 0), (second, first), (0, second)]:
                cursor.execute(f"UPDATE {model._meta.db_table} SET id = %s WHERE id = %s", [new, old])
        printed, code = verify()
        assert code == 1
        assert ": 2 faults." in printed


@pytest.mark.usefixtures("recorded")
class TestEntries:
    def test_deleted_from_the_middle_leave_a_gap(self) -> None:
        entry = LedgerEntry.objects.get(kind="access", subject=Access.objects.earliest("pk").pk)
        with full_rights() as cursor:
            cursor.execute("DELETE FROM decisions_ledgerentry WHERE id = %s", [entry.pk])
            cursor.execute("DELETE FROM decisions_access WHERE id = %s", [entry.subject])
        printed, _ = verify()
        assert f"entry {entry.sequence + 1}: entry {entry.sequence} is missing before it." in printed

    def test_deleted_and_renumbered_are_found(self) -> None:
        entry = LedgerEntry.objects.get(kind="access", subject=Access.objects.earliest("pk").pk)
        with full_rights() as cursor:
            cursor.execute("DELETE FROM decisions_ledgerentry WHERE id = %s", [entry.pk])
            cursor.execute("DELETE FROM decisions_access WHERE id = %s", [entry.subject])
            cursor.execute(
                "UPDATE decisions_ledgerentry SET sequence = sequence - 1, previous = %s WHERE organisation_id = %s "
                "AND sequence = %s",
                [entry.previous, entry.organisation_id, entry.sequence + 1],
            )
            cursor.execute(
                "UPDATE decisions_ledgerentry SET sequence = sequence - 1 WHERE organisation_id = %s AND sequence > %s",
                [entry.organisation_id, entry.sequence + 1],
            )
        printed, code = verify()
        assert code == 1
        assert (
            f"First: Organisation {entry.organisation_id}, entry {entry.sequence}: the entry is not"
            in printed
        )

    def test_that_change_places_are_found(self) -> None:
        organisation = LedgerEntry.objects.latest("pk").organisation_id
        with full_rights() as cursor:
            for old, new in [(1, 999), (2, 1), (999, 2)]:
                cursor.execute(
                    "UPDATE decisions_ledgerentry SET sequence = %s WHERE organisation_id = %s AND sequence = %s",
                    [new, organisation, old],
                )
        printed, _ = verify()
        assert (
            f"First: Organisation {organisation}, entry 1: it does not follow the entry before it." in printed
        )

    def test_cut_off_the_end_are_found_with_a_checkpoint_only(self, tmp_path: Any) -> None:
        kept = tmp_path / "checkpoint"
        kept.write_text(checkpoint())
        last = LedgerEntry.objects.latest("pk")
        with full_rights() as cursor:
            cursor.execute("DELETE FROM decisions_ledgerentry WHERE id = %s", [last.pk])
            cursor.execute("DELETE FROM decisions_access WHERE id = %s", [last.subject])
        assert verify()[1] == 0
        printed, code = verify(kept)
        assert code == 1
        assert (
            f"First: Organisation {last.organisation_id}, entry {last.sequence}: "
            "the entry of the checkpoint is gone: the end was cut off."
        ) in printed

    def test_all_deleted_are_found_with_a_checkpoint(self) -> None:
        kept = checkpoint()
        with full_rights() as cursor:
            for kind in set(KINDS) - {"round"}:
                cursor.execute(f"DELETE FROM {KINDS[kind].rows().model._meta.db_table}")
            cursor.execute("TRUNCATE decisions_ledgerentry")
            cursor.execute("UPDATE decisions_round SET recorded_at = NULL")
        assert verify()[1] == 0
        assert verify(kept)[1] == 1

    def test_all_taken_away_but_a_look_are_found_without_one(self) -> None:
        with full_rights() as cursor:
            for kind in set(KINDS) - {"round", "access"}:
                cursor.execute(f"DELETE FROM {KINDS[kind].rows().model._meta.db_table}")
            cursor.execute("TRUNCATE decisions_ledgerentry")
            cursor.execute("UPDATE decisions_round SET recorded_at = NULL")
        printed, code = verify()
        assert (code, "was inserted: the ledger has no entry of it." in printed) == (1, True)

    def test_none_at_all_is_said_to_prove_nothing(self) -> None:
        with full_rights() as cursor:
            for kind in set(KINDS) - {"round"}:
                cursor.execute(f"DELETE FROM {KINDS[kind].rows().model._meta.db_table}")
            cursor.execute("TRUNCATE decisions_ledgerentry")
            cursor.execute("UPDATE decisions_round SET recorded_at = NULL")
        assert "The ledger is empty. Only a checkpoint can show whether it always was." in verify()[0]

    def test_written_anew_from_the_first_to_the_last_are_found_with_a_checkpoint(self) -> None:
        kept = checkpoint()
        with full_rights() as cursor:
            cursor.execute("TRUNCATE decisions_ledgerentry")
        for kind in reversed(KINDS.values()):
            for row in kind.rows():
                record_in_ledger(by=getattr(row, "by", None) or row.author, row=row)
        assert verify()[1] == 0
        printed, code = verify(kept)
        assert code == 1
        assert "it is not the entry of the checkpoint." in printed


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "ALTER TABLE decisions_access DISABLE TRIGGER USER",
            "the trigger append_only of decisions_access is off or gone.",
        ),
        (
            f"DROP TRIGGER {NEVER_EMPTIED} ON decisions_round",
            "the trigger no_truncate of decisions_round is off or gone.",
        ),
        (
            f"CREATE OR REPLACE FUNCTION {NEVER_EMPTIED}() RETURNS trigger AS 'BEGIN END' LANGUAGE plpgsql",
            "the trigger no_truncate of decisions_round does something else.",
        ),
        (
            "ALTER TABLE decisions_share DISABLE ROW LEVEL SECURITY",
            "row security of decisions_share is off or not forced.",
        ),
        (
            "ALTER TABLE decisions_share NO FORCE ROW LEVEL SECURITY",
            "row security of decisions_share is off or not forced.",
        ),
        (
            "DROP POLICY tenant_isolation ON decisions_share",
            "the policies of decisions_share are not those that keep organisations apart.",
        ),
        (
            "CREATE POLICY everything ON decisions_share USING (true)",
            "the policies of decisions_share are not those that keep organisations apart.",
        ),
        (
            "ALTER POLICY owner_access ON decisions_share TO PUBLIC",
            "the policies of decisions_share are not those that keep organisations apart.",
        ),
    ],
)
def test_a_missing_protection_is_found(statement: str, words: str, db: None) -> None:
    assert verify()[1] == 0
    with connection.cursor() as cursor:
        cursor.execute(statement)
    printed, code = verify()
    assert (words in printed, code) == (True, 1)


@pytest.mark.usefixtures("recorded")
class TestCheckpoints:
    def test_hold_by_value_and_from_a_file_and_later(self, tmp_path: Path) -> None:
        kept = tmp_path / "checkpoint"
        kept.write_text(checkpoint())
        first, second = checkpoint().splitlines()
        recorded_round(author=Round.objects.recorded().latest("pk").author)
        assert verify(kept)[1] == verify(first, second)[1] == 0

    @pytest.mark.parametrize("given", ["nowhere.txt", "1 2 3"])
    def test_that_are_malformed_are_refused_with_a_message(self, given: str) -> None:
        with pytest.raises(CommandError, match="neither a checkpoint nor a file"):
            verify(given)

    def test_a_file_of_something_else_is_refused_with_its_line(self, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.write_text("# kept\nDear all,\n")
        with pytest.raises(CommandError, match="Line 2 is not a checkpoint"):
            verify(other)
