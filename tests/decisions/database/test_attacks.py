"""Attacks on what is recorded and published, in SQL, by somebody who has the address of the role that serves.

Each is tried on every table that it could be tried on; afterwards every row is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import psycopg.types.json
import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from psycopg import errors, sql
from pytest_django import DjangoDbBlocker

from decisions.ledger.canonical import digest_of
from decisions.ledger.facts import columns_of
from decisions.models import Decision, DisposalAnswer
from sharingwell.accounts.models import User
from sharingwell.database.base import DatabaseWrapper
from sharingwell.database.roles import append_only_tables
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from tests.databases import connected_as, named_database, rolled_back
from tests.decisions.actions.test_retention import recorded_long_ago
from tests.decisions.factories import DraftFactory, recorded_round, state_all_that_can_follow
from tests.guidance.factories import load_first_version
from tests.installation import OWNER
from tests.sharingwell.accounts.factories import PersonFactory

IMMUTABLE = ["decisions_decision", "decisions_round", *append_only_tables()]
TABLES_OF_THE_SCHEMA = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
TRIGGER_FUNCTIONS = """
    SELECT DISTINCT tgfoid::regproc::text FROM pg_trigger
    WHERE NOT tgisinternal AND tgname NOT LIKE 'procrastinate%' ORDER BY 1
"""
IDENTITY_SEQUENCES = """
    SELECT objid::regclass::text FROM pg_depend JOIN pg_class ON pg_class.oid = objid
    WHERE relkind = 'S' AND deptype = 'i' AND relnamespace = 'public'::regnamespace
"""
ORGANISATION = "SELECT set_config('sharingwell.organisation', '{organisation}', false)"
DISPOSED_IN_TEMPORARY_TABLES = [
    "CREATE TEMP TABLE decisions_disposalproposal AS SELECT id, id AS decision_key FROM public.decisions_decision",
    (
        "CREATE TEMP TABLE decisions_disposalanswer AS "
        "SELECT id, id AS proposal_id, true AS confirmed FROM public.decisions_decision"
    ),
    (
        "CREATE TEMP TABLE decisions_ledgerentry AS "
        "SELECT 'disposal_answer' AS kind, id AS subject, {organisation} AS organisation_id "
        "FROM public.decisions_decision"
    ),
]

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A database with a recorded round of each of two organisations, all that can follow, and a draft."""

    name: str
    author: User
    decision: Decision
    other: Decision
    draft: Decision
    old: Decision
    ig_managers: list[User]
    strangers: list[User]

    def connect(self, role: str) -> psycopg.Connection:
        settings = {**connection.settings_dict, "NAME": self.name, "USER": role, "PASSWORD": ""}
        given = DatabaseWrapper(settings, "default").get_connection_params()
        return psycopg.connect(**{**given, "cursor_factory": psycopg.Cursor}, autocommit=True)

    def attack(self, *statements: str) -> None:
        """In one transaction, worked for the first organisation. Raises what PostgreSQL says."""
        with self.connect(LOCAL_APPLICATION_ROLE) as attacker, attacker.transaction():
            for statement in [ORGANISATION, *statements]:
                attacker.execute(statement.replace("{organisation}", str(self.decision.organisation_id)))

    def as_superuser(self, statement: str) -> list[Any]:
        with self.connect(connection.settings_dict["USER"]) as superuser:
            cursor = superuser.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def names(self, query: str) -> list[str]:
        return [name for (name,) in self.as_superuser(query)]

    def rows(self) -> dict[str, Any]:
        tables = self.names(TABLES_OF_THE_SCHEMA)
        with self.connect(connection.settings_dict["USER"]) as superuser:
            return {
                table: superuser.execute(
                    f"SELECT array(SELECT row::text FROM {table} AS row ORDER BY 1)"
                ).fetchone()
                for table in tables
            }

    @contextmanager
    def refuses(self, *expected: type[Exception]) -> Iterator[None]:
        """The attack fails with one of these errors, and changes nothing."""
        with pytest.raises(expected or (psycopg.Error,)):
            yield


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        with rolled_back():  # what is kept of the guide for all tests is of their own database
            load_first_version()
        superuser = connection.settings_dict["USER"]
        with named_database(OWNER, template=connection.settings_dict["TEST"]["TEMPLATE"]) as name:
            with connected_as(superuser, name):
                load_first_version()
                continue_keys()
                made = recorded_world(name)
            yield made


def continue_keys() -> None:
    """After the rows of the guide, which were copied with theirs."""
    models = apps.get_app_config("guidance").get_models()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def recorded_world(name: str) -> World:
    rounds = []
    for _ in range(2):
        round = recorded_round()
        state_all_that_can_follow(round)
        rounds.append(round)
    author = rounds[0].author
    return World(
        name=name,
        author=author,
        decision=rounds[0].decision,
        other=rounds[1].decision,
        draft=DraftFactory(decision__author=author).decision,
        old=recorded_long_ago(author, years=12),  # due by the clock of the machine as well
        ig_managers=[PersonFactory(roles=["ig_manager"], team=author.team) for _ in range(2)],
        strangers=[PersonFactory(roles=["ig_manager"], team=rounds[1].author.team) for _ in range(2)],
    )


@pytest.fixture(autouse=True)
def rows_stay(world: World) -> Iterator[None]:
    before = world.rows()
    yield
    after = world.rows()
    assert {table for table in before if before[table] != after[table]} == set()


@pytest.fixture(params=["with the right to make temporary tables", "without it"])
def temporary_tables(request: pytest.FixtureRequest, world: World) -> Iterator[bool]:
    """Whether an administrator has given the right back: what is recorded does not hang on it alone."""
    allowed = request.param == "with the right to make temporary tables"
    on = f'TEMPORARY ON DATABASE "{world.name}"'
    if allowed:
        world.as_superuser(f"GRANT {on} TO {LOCAL_APPLICATION_ROLE}")
    yield allowed
    world.as_superuser(f"REVOKE {on} FROM {LOCAL_APPLICATION_ROLE}")


class TestPlainStatements:
    @pytest.mark.parametrize("table", IMMUTABLE)
    def test_change_nothing(self, world: World, table: str) -> None:
        for statement in [f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"]:
            with world.refuses(errors.RestrictViolation, errors.InsufficientPrivilege):
                world.attack(statement)


class TestTemporaryTables:
    def test_are_not_made(self, world: World) -> None:
        with world.refuses(errors.InsufficientPrivilege):
            world.attack("CREATE TEMP TABLE decisions_round (id int)")

    @pytest.mark.parametrize("table", IMMUTABLE)
    def test_invent_no_disposal(self, world: World, temporary_tables: bool, table: str) -> None:
        with world.refuses(errors.RestrictViolation, errors.InsufficientPrivilege):
            world.attack(*DISPOSED_IN_TEMPORARY_TABLES, f"DELETE FROM public.{table}")

    def test_hide_no_recorded_round(self, world: World, temporary_tables: bool) -> None:
        with world.refuses(errors.RestrictViolation, errors.InsufficientPrivilege):
            world.attack(
                "CREATE TEMP TABLE decisions_round AS SELECT * FROM public.decisions_round LIMIT 0",
                f"UPDATE public.decisions_decision SET summary = 'Forged' WHERE id = {world.decision.pk}",
            )

    def test_hide_no_published_guide(self, world: World, temporary_tables: bool) -> None:
        with world.refuses(errors.RestrictViolation, errors.InsufficientPrivilege):
            world.attack(
                "CREATE TEMP TABLE guidance_guideversion AS SELECT * FROM public.guidance_guideversion LIMIT 0",
                "UPDATE public.guidance_section SET title = 'Forged'",
            )


class TestSettings:
    def test_that_change_in_the_statement_hide_no_recorded_round(self, world: World) -> None:
        with world.refuses(errors.RestrictViolation):
            world.attack(
                f"UPDATE decisions_decision SET summary = 'Forged', organisation_id = {self.switched(world)} "
                f"WHERE id = {world.decision.pk}"
            )

    def switched(self, world: World) -> str:
        """In SQL, the key of the other organisation, which is the one worked for from then on."""
        return f"set_config('sharingwell.organisation', '{world.other.organisation_id}', false)::bigint"

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE guidance_section SET title = 'Forged'", "DELETE FROM guidance_option"],
    )
    def test_switch_off_no_trigger(self, world: World, statement: str) -> None:
        names = world.names("SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal")
        with world.refuses(errors.RestrictViolation):
            world.attack(f"SELECT set_config('pgtrigger.ignore', '{{{','.join(names)}}}', false)", statement)

    def test_ask_for_every_organisation_in_vain(self, world: World) -> None:
        with world.connect(LOCAL_APPLICATION_ROLE) as attacker:
            attacker.execute("SET sharingwell.every_organisation = 'on'")
            for table in ["decisions_decision", "decisions_round", "decisions_ledgerentry"]:
                assert attacker.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
            found = attacker.execute(
                "SELECT count(*) FROM decisions_search_candidates('ward', 0, 1000000, 10)"
            )
            assert found.fetchone() == (0,)

    @pytest.mark.parametrize(
        "table", ["decisions_decision", "accounts_team", "notifications_notification", "notifications_email"]
    )
    def test_move_no_row_to_another_organisation(self, world: World, table: str) -> None:
        """Not of what may change otherwise, either: a decision that is a draft."""
        mine = {"decisions_decision": f"id = {world.draft.pk}"}.get(table, "organisation_id = {organisation}")
        with world.refuses(errors.RestrictViolation):
            world.attack(f"UPDATE {table} SET organisation_id = {self.switched(world)} WHERE {mine}")


class TestFunctions:
    def test_of_triggers_are_on_no_other_table(self, world: World, temporary_tables: bool) -> None:
        for function in world.names(TRIGGER_FUNCTIONS):
            with world.refuses(errors.InsufficientPrivilege):
                world.attack(
                    "CREATE TEMP TABLE mine AS SELECT * FROM public.decisions_closure LIMIT 0",
                    f"CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION {function}()",
                )

    def test_of_triggers_refuse_to_run_for_another_table(self, world: World) -> None:
        """Also where somebody let them be called."""
        for function in world.names(TRIGGER_FUNCTIONS):
            with pytest.raises(errors.RestrictViolation, match="another table"):
                world.as_superuser(
                    "BEGIN; CREATE TEMP TABLE mine (id int); "
                    f"CREATE TRIGGER mine BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION {function}(); "
                    "INSERT INTO mine VALUES (1); ROLLBACK"
                )

    def test_are_not_made(self, world: World, temporary_tables: bool) -> None:
        for schema in ["public", "pg_temp"]:
            with world.refuses(errors.InsufficientPrivilege):
                world.attack(
                    f"CREATE FUNCTION {schema}.let_go() RETURNS trigger LANGUAGE plpgsql "
                    "AS 'BEGIN RETURN OLD; END'",
                    "CREATE TRIGGER let_go BEFORE DELETE ON public.decisions_round "
                    f"FOR EACH ROW EXECUTE FUNCTION {schema}.let_go()",
                )

    @pytest.mark.parametrize("table", IMMUTABLE)
    def test_of_tables_stay_without_rules_and_triggers_of_others(self, world: World, table: str) -> None:
        for statement in [
            f"CREATE RULE quiet AS ON INSERT TO {table} DO INSTEAD NOTHING",
            (
                f"CREATE TRIGGER quiet BEFORE DELETE ON {table} FOR EACH ROW "
                "EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            ),
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        ]:
            with world.refuses(errors.InsufficientPrivilege):
                world.attack(statement)


class TestCopy:
    @pytest.mark.parametrize("table", [*IMMUTABLE, "decisions_search_index", "django_migrations"])
    def test_takes_no_row(self, world: World, table: str) -> None:
        """A table with row security takes none by it, from whoever row security is for."""
        with (
            world.refuses(errors.FeatureNotSupported, errors.InsufficientPrivilege),
            world.connect(LOCAL_APPLICATION_ROLE) as attacker,
            attacker.cursor() as cursor,
            cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))),
        ):
            pass

    def test_reads_and_writes_no_file_and_no_other_organisation(self, world: World) -> None:
        for statement in [
            "COPY decisions_decision TO '/tmp/decisions'",
            "COPY decisions_decision TO PROGRAM 'cat'",
            "COPY decisions_followup FROM PROGRAM 'cat'",
        ]:
            with world.refuses(errors.InsufficientPrivilege):
                world.attack(statement)
        with (
            world.connect(LOCAL_APPLICATION_ROLE) as attacker,
            attacker.cursor() as cursor,
            cursor.copy("COPY (SELECT id FROM decisions_decision) TO STDOUT") as copy,
        ):
            assert list(copy) == []


class TestWhatElseAServerOffers:
    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT lo_import('/etc/hostname')",
            "SELECT lo_export(1, '/tmp/decisions')",
            "DELETE FROM pg_largeobject",
        ],
    )
    def test_large_objects_reach_no_file_and_no_table(self, world: World, statement: str) -> None:
        with world.refuses(errors.InsufficientPrivilege):
            world.attack(statement)

    def test_a_prepared_transaction_holds_nothing(self, world: World) -> None:
        with world.connect(LOCAL_APPLICATION_ROLE) as attacker:
            attacker.execute("BEGIN; SELECT 1")
            with world.refuses(errors.ObjectNotInPrerequisiteState):
                attacker.execute("PREPARE TRANSACTION 'held'")

    def test_an_advisory_lock_delays_recording_and_no_more(self, world: World) -> None:
        organisation = world.decision.organisation_id
        key = f"hashtextextended('decisions_ledgerentry', {organisation})"
        entry = self.entry(organisation, world.author.pk, 999999)
        with world.connect(LOCAL_APPLICATION_ROLE) as attacker:
            attacker.execute(f"SELECT pg_advisory_lock({key})")
            with world.refuses(errors.LockNotAvailable):
                world.attack("SET LOCAL lock_timeout = '100ms'", entry)

    def entry(self, organisation: int, actor: int, subject: int, kind: str = "round") -> str:
        return (
            "INSERT INTO decisions_ledgerentry (organisation_id, kind, subject, actor_id, fact) "
            f"VALUES ({organisation}, '{kind}', {subject}, {actor}, '{'0' * 64}')"
        )

    @pytest.mark.parametrize("kind", ["round", "review", "access", "hold", "advice"])
    def test_an_entry_takes_no_key_of_a_row_that_others_are_to_record(self, world: World, kind: str) -> None:
        """Neither one that is not there yet nor a draft, which is there before it is recorded."""
        drafts = world.names("SELECT id FROM decisions_round WHERE recorded_at IS NULL")
        assert drafts
        for subject in [999_999, *drafts] if kind == "round" else [999_999]:
            with world.refuses(errors.RestrictViolation):
                world.attack(self.entry(world.decision.organisation_id, world.author.pk, subject, kind))

    def test_sequences_tell_no_count(self, world: World) -> None:
        sequences = world.names(IDENTITY_SEQUENCES)
        assert "decisions_decision_id_seq" in sequences
        for sequence in sequences:
            for statement in [
                f"SELECT last_value FROM {sequence}",
                f"SELECT nextval('{sequence}')",
                f"SELECT setval('{sequence}', 1)",
            ]:
                with world.refuses(errors.InsufficientPrivilege):
                    world.attack(statement)


class TestAForgedDisposal:
    """The rows that the product would have written, by somebody who writes them."""

    def test_by_two_people_of_another_organisation_is_refused(self, world: World) -> None:
        with world.refuses(errors.RestrictViolation):
            self.dispose(world, world.old, *world.strangers)

    def test_by_two_people_who_are_no_ig_managers_is_refused(self, world: World) -> None:
        with world.refuses(errors.RestrictViolation):
            self.dispose(world, world.old, world.author, world.ig_managers[0])
        with world.refuses(errors.RestrictViolation):
            self.dispose(world, world.old, world.ig_managers[0], world.author)

    def test_by_one_person_is_refused(self, world: World) -> None:
        with world.refuses(errors.RestrictViolation):
            self.dispose(world, world.old, world.ig_managers[0], world.ig_managers[0])

    def test_of_a_decision_that_is_not_due_is_refused(self, world: World) -> None:
        with world.refuses(errors.RestrictViolation):
            self.dispose(world, world.decision, *world.ig_managers)

    def test_with_another_digest_is_refused(self, world: World) -> None:
        with world.refuses(errors.RestrictViolation):
            self.dispose(world, world.old, *world.ig_managers, digest="0" * 64)

    def test_deletes_no_row_that_it_does_not_name(self, world: World) -> None:
        with world.refuses(errors.RestrictViolation):
            self.dispose(world, world.old, *world.ig_managers, removed={"round": [3, 20], "advice_step": [7]})

    def test_that_keeps_to_every_rule_is_a_disposal(self, world: World) -> None:
        """So that the others are refused for what they say they are."""
        with pytest.raises(ZeroDivisionError):
            self.dispose(world, world.old, *world.ig_managers, afterwards=lambda: 1 / 0)

    def dispose(
        self,
        world: World,
        decision: Decision,
        proposer: User,
        confirmer: User,
        digest: str = "",
        removed: dict[str, list[int]] | None = None,
        afterwards: Any = lambda: None,
    ) -> None:
        organisation = decision.organisation_id
        with world.connect(LOCAL_APPLICATION_ROLE) as attacker, attacker.transaction():
            attacker.execute(ORGANISATION.format(organisation=organisation))
            (proposal,) = attacker.execute(
                "INSERT INTO decisions_disposalproposal (organisation_id, decision_key, reference, started_at, "
                "last_activity_at, years, outcome, at, by_id) VALUES (%s, %s, %s, now(), now(), 6, '', now(), %s) "
                "RETURNING id",
                [organisation, decision.pk, decision.reference, proposer.pk],
            ).fetchone()  # type: ignore[misc]
            rounds = attacker.execute("SELECT id FROM decisions_round WHERE decision_id = %s", [decision.pk])
            removed = removed or {"round": [key for (key,) in rounds], "advice_step": [7, 20]}
            (answer, at) = attacker.execute(
                "INSERT INTO decisions_disposalanswer "
                "(proposal_id, confirmed, reason, identifier_reason, removed, at, by_id) "
                "VALUES (%s, true, '', '', %s, now(), %s) RETURNING id, at",
                [proposal, psycopg.types.json.Jsonb(removed), confirmer.pk],
            ).fetchone()  # type: ignore[misc]
            row = DisposalAnswer(
                pk=answer, proposal_id=proposal, confirmed=True, removed=removed, at=at, by_id=confirmer.pk
            )
            fact = digest or digest_of({"disposal_answer": columns_of(row)})
            attacker.execute(
                "INSERT INTO decisions_ledgerentry (organisation_id, kind, subject, actor_id, fact) "
                "VALUES (%s, 'disposal_answer', %s, %s, %s)",
                [organisation, answer, confirmer.pk, fact],
            )
            deleted = attacker.execute("DELETE FROM decisions_round WHERE decision_id = %s", [decision.pk])
            assert deleted.rowcount == 1
            afterwards()
