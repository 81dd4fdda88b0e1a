"""From an installation of before the ledger, with what people had written, to the product as it is."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from decisions.ledger.facts import KINDS
from decisions.models import Decision, LedgerEntry, Round
from sharingwell.accounts.models import User
from sharingwell.database.protections import guards_taken_away
from sharingwell.database.roles import grant_application_role
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from tests.databases import database_beside
from tests.decisions.ledger.conftest import verify

BEFORE_THE_LEDGER = ("decisions", "0002_afterwards")
THE_WALL = ("decisions", "0040_one_organisation")
RECORDED_ON = datetime.datetime(2026, 4, 1, 9, 30, tzinfo=datetime.UTC)
RECORD = {
    "format": 1,
    "guide": {"date": "2026-03-20", "title": "Sharing well"},
    "decided_by": {"name": "Robin Vale", "job_title": "", "team": "Housing", "organisation": "Northmoor"},
    "changed": "",
    "urgent": False,
    "needed": [],
    "recorded_afterwards": False,
    "categories": [],
    "considerations": [],
    "parts": [
        {
            "part": "decide",
            "title": "Decide",
            "answers": [
                {
                    "key": "decide.reasoning",
                    "kind": "text",
                    "question": "Why?",
                    "answer": ["They asked us to."],
                    "identifier_needed": "",
                }
            ],
        }
    ],
}


def write_as_people_did(then: Any) -> None:
    """A thread of two rounds and all that could follow, and a draft; with the tables as they were."""

    def add(model: str, **values: Any) -> Any:
        return then.get_model(*model.split(".")).objects.create(**values)

    organisation = add("accounts.Organisation", name="Northmoor Council")
    team = add("accounts.Team", organisation=organisation, name="Housing")
    person = add(
        "accounts.User", email="robin@northmoor.example", name="Robin Vale", team=team, roles=["practitioner"]
    )
    version = add(
        "guidance.GuideVersion",
        title="Sharing well",
        date="2026-03-20",
        change_note="The first.",
    )
    version.significance, version.published_at = "major", RECORDED_ON
    version.save()

    def start(reference: str) -> Any:
        return add(
            "decisions.Decision",
            reference=reference,
            organisation=organisation,
            team=team,
            author=person,
            direction="asked",
            summary="The ward asks about a placement",
            started_at=RECORDED_ON,
        )

    def write(decision: Any, number: int, **values: Any) -> Any:
        return add(
            "decisions.Round",
            decision=decision,
            number=number,
            version=version,
            author=person,
            started_at=RECORDED_ON,
            answers={"decide.outcome": "share-part", "decide.reasoning": "They asked us to."},
            **values,
        )

    thread = start("SW-7K3M-Q9XD")
    write(thread, 1, recorded_at=RECORDED_ON, record=RECORD)
    last = write(thread, 2, changed="They rang.", recorded_at=RECORDED_ON, record=RECORD)
    add(
        "decisions.FollowUp",
        decision=thread,
        by=person,
        at=RECORDED_ON,
        kind="changed",
        note="They rang back.",
    )
    moved = {"look_again_on": datetime.date(2026, 5, 1), "reason": "They are away."}
    add("decisions.Postponement", round=last, by=person, at=RECORDED_ON, **moved)
    add("decisions.Closure", round=last, by=person, at=RECORDED_ON, reason="They have moved.")
    write(start("SW-4H2N-T8WC"), 1, changed="A draft.")


def guards_there() -> tuple[set[str], dict[str, list[str]]]:
    """Of the catalogue: triggers that are on; by table that has row security forced, its policies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        triggers = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT relname, array(SELECT polname::text FROM pg_policy WHERE polrelid = pg_class.oid ORDER BY 1) "
            "FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        )
        return triggers, dict(cursor.fetchall())


def guards_promised(state: Any, migrated: set[Any]) -> tuple[set[str], dict[str, list[str]]]:
    """By the migrations so far: each trigger that was added, and once there is the wall, every table behind it."""
    triggers = {
        re.search(r"TRIGGER\s+(pgtrigger_\w+)", trigger.install_sql)[1]  # type: ignore[index]
        for model in state.models.values()
        for trigger in model.options.get("triggers", [])
    }
    behind = [name for app, name in state.models if app == "decisions"] if THE_WALL in migrated else []
    return triggers, {
        f"decisions_{name}": ["of_every_organisation", "of_one_organisation"] for name in behind
    }


@pytest.mark.django_db(transaction=True)
def test_what_was_written_before_the_ledger_is_read_guarded_and_verified() -> None:
    looked_at = []

    def look(event: str, migration: Any = None, fake: bool = False) -> None:
        if event == "apply_success" and migration.app_label in {"decisions", "guidance"}:
            key = (migration.app_label, migration.name)
            there, walls = guards_there()
            promised, walled = guards_promised(
                executor.loader.project_state(key), set(executor.loader.graph.forwards_plan(key))
            )
            assert promised <= there, key
            assert walled.items() <= walls.items(), key
            looked_at.append(key)

    with database_beside(connection.settings_dict["USER"]):
        executor = MigrationExecutor(connection, look)
        write_as_people_did(executor.migrate([BEFORE_THE_LEDGER]).apps)
        executor = MigrationExecutor(connection, look)
        executor.migrate(executor.loader.graph.leaf_nodes())
        grant_application_role(LOCAL_APPLICATION_ROLE)

        assert {BEFORE_THE_LEDGER, THE_WALL} < set(looked_at)
        assert not list(guards_taken_away())
        printed, code = verify()
        assert (code, "Checked 5 entries" in printed) == (0, True)
        person = User.objects.get()
        assert list(LedgerEntry.objects.values_list("sequence", "kind", "actor")) == [
            (number, kind, person.pk)
            for number, kind in enumerate(["round", "round", "follow_up", "postponement", "closure"], start=1)
        ]
        client = Client()
        client.force_login(person)
        page = client.get("/decisions/SW-7K3M-Q9XD/").content.decode()
        for words in [
            "They rang.",
            "They rang back.",
            "They are away.",
            "They have moved.",
        ]:
            assert words in page
        assert "A draft." in client.get("/decisions/SW-4H2N-T8WC/").content.decode()
        assert client.get("/decisions/SW-7K3M-Q9XD/rounds/1/record.json").json()["parts"] == RECORD["parts"]
        assert LedgerEntry.objects.filter(kind="access").count() == 3
        assert verify()[1] == 0
        for model in apps.get_app_config("decisions").get_models():
            list(model._default_manager.all())
        assert (Decision.objects.count(), Round.objects.recorded().count()) == (2, 2)
        assert set(KINDS) >= set(LedgerEntry.objects.values_list("kind", flat=True))
