"""The second wall: PostgreSQL keeps the decisions of one organisation from requests of every other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db import DatabaseError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path, reverse
from psycopg import errors

from decisions import actions
from decisions.models import Decision, DecisionQuerySet, Round, RoundQuerySet
from guidance.models import GuideVersion
from sharingwell import urls
from sharingwell.accounts.models import User
from sharingwell.database.base import DatabaseWrapper
from sharingwell.database.checks import check_serving_role
from sharingwell.database.roles import append_only_tables
from sharingwell.database.timeouts import SERVING, use_timeouts
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from sharingwell.tenancy.current import EVERY_ORGANISATION, current_organisation, use_organisation
from tests.databases import named_database
from tests.decisions.factories import (
    DraftFactory,
    recorded_round,
    state_all_that_can_follow,
)
from tests.guidance.factories import load_first_version
from tests.installation import OWNER, manage
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

TABLES = sorted(model._meta.db_table for model in apps.get_app_config("decisions").get_models())

LEFT = """
    SELECT pg_backend_pid(),
        ARRAY(SELECT id FROM decisions_decision),
        concat(
            current_setting('sharingwell.organisation', true), current_setting('sharingwell.every_organisation', true)
        ),
        ARRAY(SELECT name FROM pg_prepared_statements),
        ARRAY(SELECT name FROM pg_cursors WHERE is_holdable),
        ARRAY(SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
        ARRAY(SELECT pg_listening_channels()),
        pg_my_temp_schema()
"""
NOTHING = ([], "", [], [], [], [], 0)


def forgetful(request: HttpRequest) -> HttpResponse:
    """A view that does not say who is asking."""
    return JsonResponse({"references": list(Decision.objects.values_list("reference", flat=True))})


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    return forgetful(request)


def raw(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_user::text, array(SELECT id FROM {request.GET['table']})")
        user, keys = cursor.fetchone()
    return JsonResponse({"user": user, "keys": keys})


@transaction.atomic
def failing(request: HttpRequest) -> HttpResponse:
    """Ends in a transaction that PostgreSQL has given up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    raise AssertionError


@transaction.atomic
def refusing(request: HttpRequest) -> HttpResponse:
    list(Decision.objects.all())
    raise BadRequest


urlpatterns = [
    *urls.urlpatterns,
    path("forgetful/", forgetful),
    path("public/", public),
    path("raw/", raw),
    path("failing/", failing),
    path("refusing/", refusing),
]


@pytest.fixture
def two(guide: GuideVersion) -> tuple[Round, Round]:
    """A recorded round, with all that can follow, and a draft, in each of two organisations."""
    rounds = []
    for _ in range(2):
        author = PersonFactory(roles=["practitioner", "ig_manager"])
        round = recorded_round(author=author)
        state_all_that_can_follow(round)
        draft = DraftFactory(decision__author=author)
        actions.withhold_draft_passage(
            by=author, round=draft, passage="round.1.what.request", reason="A neighbour."
        )
        rounds.append(round)
    return rounds[0], rounds[1]


def keys_of(table: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return [key for (key,) in cursor.fetchall()]


class TestTheTables:
    def test_that_hold_decisions_are_all_behind_it(self, db: None, subtests: pytest.Subtests) -> None:
        for table in TABLES:
            with subtests.test(table), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
                    [table],
                )
                assert cursor.fetchone() == (True, True)
                cursor.execute(
                    "SELECT policyname, cmd FROM pg_policies WHERE tablename = %s ORDER BY 1", [table]
                )
                assert cursor.fetchall() == [("owner_access", "ALL"), ("tenant_isolation", "ALL")]

    def test_show_one_organisation_its_own_and_nobody_nothing(self, two: tuple[Round, Round]) -> None:
        for table in TABLES:
            everything = set(keys_of(table))
            with serving():
                with use_organisation(two[0].decision.organisation):
                    one = set(keys_of(table))
                with use_organisation(two[1].decision.organisation):
                    other = set(keys_of(table))
                for nobody in [None, EVERY_ORGANISATION]:
                    with use_organisation(nobody):
                        assert keys_of(table) == []
            assert one, table
            assert other, table
            assert not one & other
            assert one | other == everything

    def test_take_nothing_for_another_organisation(self, two: tuple[Round, Round]) -> None:
        mine, theirs = two
        draft = Round.objects.get(decision__organisation=theirs.decision.organisation, recorded_at=None)
        with serving(), use_organisation(mine.decision.organisation):
            for written in [
                lambda: actions.log_access(
                    by=mine.author, decision=theirs.decision, page="x", channel="page"
                ),
                lambda: DraftFactory(decision=theirs.decision, author=mine.author, number=2),
            ]:
                with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                    written()
            assert Round.objects.filter(pk=draft.pk).update(changed="Forged") == 0
            assert Decision.objects.filter(pk=draft.decision_id).delete()[0] == 0
        assert Round.objects.get(pk=draft.pk).changed == ""


@pytest.mark.urls(__name__)
class TestARequest:
    def test_with_sql_typed_in_by_hand_sees_its_organisation_alone(
        self, two: tuple[Round, Round], client: Client
    ) -> None:
        for table in TABLES:
            seen = []
            for round in two:
                client.force_login(round.author)
                answer = client.get("/raw/", {"table": table}).json()
                assert answer["user"] == LOCAL_APPLICATION_ROLE
                assert answer["keys"]
                seen.append(set(answer["keys"]))
            assert not seen[0] & seen[1]

    def test_to_a_view_that_forgets_who_asks_sees_its_organisation_alone(
        self, two: tuple[Round, Round], client: Client
    ) -> None:
        mine = two[0].decision
        client.force_login(two[0].author)
        references = client.get("/forgetful/").json()["references"]
        assert set(references) == set(
            Decision.objects.filter(organisation=mine.organisation).values_list("reference", flat=True)
        )

    def test_without_an_organisation_sees_nothing(self, two: tuple[Round, Round], client: Client) -> None:
        assert client.get("/public/").json() == {"references": []}
        client.force_login(two[0].author)
        assert client.get("/public/").json() == {"references": []}
        client.force_login(PersonFactory(team=None, is_superuser=True))
        assert client.get("/forgetful/").json() == {"references": []}

    def test_finds_nothing_of_another_where_every_rule_of_ours_is_forgotten(
        self, two: tuple[Round, Round], client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine, theirs = two
        for rows in [DecisionQuerySet, RoundQuerySet]:
            monkeypatch.setattr(rows, "visible_to", lambda self, user: self.all())
        client.force_login(mine.author)
        assert client.get(mine.get_absolute_url()).status_code == 200
        assert client.get(theirs.get_absolute_url()).status_code == 404
        for kind, ours, others in [("decision", mine.decision, theirs.decision), ("round", mine, theirs)]:
            assert client.get(reverse(f"admin:decisions_{kind}_change", args=[ours.pk])).status_code == 200
            assert client.get(reverse(f"admin:decisions_{kind}_change", args=[others.pk])).status_code == 302
            listed = content_of(client.get(reverse(f"admin:decisions_{kind}_changelist"), follow=True))
            assert mine.decision.reference in listed
            assert theirs.decision.reference not in listed


class TestActing:
    def test_ends_where_it_says_also_after_an_error(self, two: tuple[Round, Round]) -> None:
        one, other = (round.decision.organisation for round in two)
        with serving(), use_organisation(one):
            with pytest.raises(DatabaseError), use_organisation(other), transaction.atomic():
                keys_of("no_such_table")
            assert current_organisation() == one.pk
            assert set(Decision.objects.values_list("organisation", flat=True)) == {one.pk}
            with pytest.raises(DatabaseError), transaction.atomic(), use_organisation(other):
                keys_of("no_such_table")
            assert set(Decision.objects.values_list("organisation", flat=True)) == {one.pk}
        assert current_organisation() is None
        with serving():
            assert not Decision.objects.exists()


@contextmanager
def pooled() -> Iterator[DatabaseWrapper]:
    """This thread's connection is the one connection of a pool, opened by signing in as the role that serves."""
    tests = connections["default"]
    wrapper = DatabaseWrapper(
        {
            **connection.settings_dict,
            "USER": LOCAL_APPLICATION_ROLE,
            "PASSWORD": "",
            "OPTIONS": {**connection.settings_dict["OPTIONS"], "pool": {"min_size": 1, "max_size": 1}},
        },
        "default",
    )
    wrapper.inc_thread_sharing()
    connections["default"] = wrapper
    try:
        yield wrapper
    finally:
        wrapper.close()
        connections["default"] = tests


def left_by_others(wrapper: DatabaseWrapper) -> tuple[int, tuple[Any, ...]]:
    """The server's process, and what there is in its session for somebody who says nothing."""
    with wrapper.cursor() as cursor:
        cursor.execute(LEFT)
        backend, *left = cursor.fetchone()
    return backend, tuple(left)


@pytest.mark.urls(__name__)
class TestThePool:
    @pytest.fixture
    def guide(self, transactional_db: None) -> GuideVersion:
        return load_first_version()

    def test_carries_nothing_from_one_request_to_the_next(self, two: tuple[Round, Round]) -> None:
        """Two organisations take turns with one connection, some of the requests fail, and some are nobody's."""
        expected = {
            round.author: list(
                Decision.objects.filter(organisation=round.decision.organisation).values_list(
                    "reference", flat=True
                )
            )
            for round in two
        }
        wrong: list[Any] = []
        backends = set()

        def ask_again_and_again(person: User) -> None:
            with pooled() as wrapper:
                client = Client(raise_request_exception=False)
                client.force_login(person)
                wrapper.close()
                for turn in range(12):
                    where = ["/forgetful/", "/failing/", "/forgetful/", "/refusing/", "/public/"][turn % 5]
                    response = client.get(where)
                    backend, left = left_by_others(wrapper)
                    backends.add(backend)
                    wrapper.close()
                    if left != NOTHING:
                        wrong.append((where, left))
                    if where == "/public/" and response.json()["references"]:
                        wrong.append((where, response.json()))
                    if where == "/forgetful/" and response.json()["references"] != expected[person]:
                        wrong.append((where, response.json()))

        threads = [threading.Thread(target=ask_again_and_again, args=[person]) for person in expected]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        finally:
            with pooled() as wrapper:
                wrapper.close_pool()
        assert not wrong
        assert len(backends) == 1

    def test_gives_out_a_connection_whose_last_user_left_something_said(
        self, two: tuple[Round, Round]
    ) -> None:
        try:
            with pooled() as wrapper:
                with use_organisation(two[0].decision.organisation):
                    assert Decision.objects.exists()
                    wrapper.close()  # gone before anything was taken back
                assert not Decision.objects.exists()
        finally:
            with pooled() as wrapper:
                wrapper.close_pool()


class TestTheRoleThatServes:
    @pytest.fixture
    def signed_in_as_it(self, transactional_db: None) -> Iterator[psycopg.Connection]:
        given = DatabaseWrapper(
            {**connection.settings_dict, "USER": LOCAL_APPLICATION_ROLE, "PASSWORD": ""}, "default"
        ).get_connection_params()
        with psycopg.connect(**{**given, "cursor_factory": psycopg.Cursor}, autocommit=True) as connected:
            yield connected

    @pytest.mark.parametrize(
        "statement",
        [
            "ALTER TABLE decisions_decision DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE decisions_decision NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY tenant_isolation ON decisions_decision",
            "CREATE POLICY all_of_it ON decisions_decision USING (true)",
            "ALTER TABLE decisions_decision DISABLE TRIGGER ALL",
            "ALTER ROLE CURRENT_USER BYPASSRLS",
            "SET ROLE postgres",
            "SET SESSION AUTHORIZATION postgres",
            "SET session_replication_role = replica",
            "SET row_security = off; SELECT * FROM decisions_decision",
            "TRUNCATE decisions_round CASCADE",
            "UPDATE decisions_access SET channel = 'page'",
            "DELETE FROM decisions_ledgerentry",
            "DELETE FROM django_migrations",
            "CREATE TABLE mine (id int)",
        ],
    )
    def test_cannot_switch_it_off_or_walk_round_it(
        self, statement: str, signed_in_as_it: psycopg.Connection
    ) -> None:
        with pytest.raises((errors.InsufficientPrivilege, errors.InvalidParameterValue)):
            signed_in_as_it.execute(statement)

    def test_may_only_add_to_what_never_changes(self, signed_in_as_it: psycopg.Connection) -> None:
        assert append_only_tables()["decisions_ledgerentry"] == "SELECT, INSERT"
        for table, rights in append_only_tables().items():
            may = signed_in_as_it.execute(
                "SELECT array_agg(privilege_type::text ORDER BY 1) FROM information_schema.role_table_grants "
                "WHERE grantee = current_user AND table_name = %s",
                [table],
            ).fetchone()
            assert may is not None
            assert set(may[0]) == set(rights.split(", "))
            assert "UPDATE" not in may[0]

    def test_is_checked_before_it_serves(self, db: None) -> None:
        assert {fault.id for fault in check_serving_role(databases=["default"])} == {
            "sharingwell.E001",
            "sharingwell.E002",
            "sharingwell.E003",
            "sharingwell.E005",
        }
        with serving(), use_timeouts(SERVING):
            assert check_serving_role(databases=["default"]) == []

    def test_is_told_of_prepared_transactions(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sharingwell.database.checks.PREPARED", "SELECT true")
        with serving(), use_timeouts(SERVING):
            assert [fault.id for fault in check_serving_role(databases=["default"])] == ["sharingwell.E008"]

    def test_is_told_of_a_table_without_a_wall(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE decisions_closure NO FORCE ROW LEVEL SECURITY")
        with serving(), use_timeouts(SERVING):
            (fault,) = check_serving_role(databases=["default"])
        assert (fault.id, "decisions_closure" in fault.msg) == ("sharingwell.E004", True)


class TestAnInstallation:
    """As docs/running.md sets it up, and as every test has a copy of it."""

    @pytest.fixture
    def database(self, transactional_db: None) -> Iterator[dict[str, Any]]:
        with named_database(OWNER, template=connection.settings_dict["TEST"]["TEMPLATE"]) as name:
            yield {**connection.settings_dict, "NAME": name}

    def test_has_two_roles(self, database: dict[str, Any]) -> None:
        check = ["check", "--deploy", "--database", "default"]
        filled = manage(
            database,
            ["load_guide", "guidance/content/2026-03-20"],
            ["add_demonstration_data"],
            local=True,
        )
        assert filled.returncode == 0, filled.stderr
        done = manage(
            database,
            ["migrate", "--check"],
            [*check, "--fail-level", "WARNING"],
            ["verify_ledger"],
            ["ledger_checkpoint"],
        )
        assert done.returncode == 0, done.stderr
        verified, checkpoints = done.stdout.split("nothing wrong.\n")
        assert "Checked 0 entries" not in verified
        assert len(checkpoints.splitlines()) > 1
        refused = manage(database, check, serving_role=OWNER)
        assert (refused.returncode, "sharingwell.E003" in refused.stderr) == (1, True)
