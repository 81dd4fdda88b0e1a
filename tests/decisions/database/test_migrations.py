"""From an earlier state of the tables, with what people had written, to the product as it is.

Whoever writes a migration leaves `BASELINE` and what is written there as they are: the new migration is then tested
with rows from before it. Where it changes the tables so that old rows are told apart, add what to look for afterwards.
A new kind of recorded fact that came after the baseline goes into `SINCE`.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from decisions.domain.advice_workflow import Step
from decisions.ledger.canonical import digest_of
from decisions.ledger.facts import KINDS, columns_of
from decisions.models import Decision, LedgerEntry, Round
from sharingwell.accounts.models import User
from sharingwell.database.protections import missing_protections
from sharingwell.database.roles import grant_application_role, revoke_temporary_tables
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from tests.databases import database_beside
from tests.decisions.ledger.conftest import verify

BASELINE = [
    ("accounts", "0002_cache_table"),
    ("notifications", "0002_row_security"),
    ("guidance", "0002_triggers"),
    ("decisions", "0003_row_security_and_functions"),
]
SINCE: set[str] = set()  # kinds of recorded facts that came after the baseline
DECISION, DRAFT = "SW-7K3M-Q9XD", "SW-4H2N-T8WC"
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


class Writer:
    """Writes rows through the models as they were, each recorded fact with its entry in the ledger."""

    def __init__(self, then: Any) -> None:
        self.then = then
        self.organisation = self.add("accounts.Organisation", name="Northmoor Council")
        self.team = self.add("accounts.Team", organisation=self.organisation, name="Housing")
        self.author, self.reader, self.ig_manager, self.other_ig_manager = (
            self.add(
                "accounts.User", email=f"{name}@northmoor.example", name=name, team=self.team, roles=[role]
            )
            for name, role in [
                ("robin", "practitioner"),
                ("sasha", "practitioner"),
                ("kit", "ig_manager"),
                ("lou", "ig_manager"),
            ]
        )

    def add(self, model: str, **values: Any) -> Any:
        row = self.then.get_model(*model.split(".")).objects.create(**values)
        row.refresh_from_db()
        return row

    def enter(self, kind: str, row: Any, fact: dict[str, Any], by: Any) -> None:
        self.add(
            "decisions.LedgerEntry",
            organisation=self.organisation,
            kind=kind,
            subject=row.pk,
            actor=by,
            fact=digest_of(fact),
        )

    def state(self, kind: str, /, *, by: Any = None, **values: Any) -> Any:
        """A recorded fact of this kind: its model is called the same."""
        by = by or self.author
        row = self.add(f"decisions.{kind.replace('_', '')}", by=by, at=RECORDED_ON, **values)
        self.enter(kind, row, {kind: columns_of(row)}, by)
        return row

    def publish_guide(self) -> Any:
        values = {"title": "Sharing well", "date": "2026-03-20", "change_note": "The first."}
        version = self.add("guidance.GuideVersion", **values)
        section = {"slug": "who-is-asking", "title": "Who is asking", "body": "Ring back.", "position": 1}
        self.add("guidance.Section", version=version, **section)
        version.significance, version.published_at = "major", RECORDED_ON
        version.save()
        return version

    def start(self, reference: str) -> Any:
        return self.add(
            "decisions.Decision",
            reference=reference,
            organisation=self.organisation,
            team=self.team,
            author=self.author,
            direction="asked",
            summary="The ward asks about a placement",
            started_at=RECORDED_ON,
        )

    def draft(self, decision: Any, version: Any, number: int, changed: str = "") -> Any:
        return self.add(
            "decisions.Round",
            decision=decision,
            number=number,
            version=version,
            author=self.author,
            started_at=RECORDED_ON,
            changed=changed,
            answers={"decide.outcome": "share-part", "decide.reasoning": "They asked us to."},
        )

    def record(self, round: Any) -> Any:
        round.recorded_at, round.record = RECORDED_ON, RECORD
        round.save()
        round.refresh_from_db()
        fact = {"round": columns_of(round), "decision": columns_of(round.decision)}
        self.enter("round", round, fact, self.author)
        return round


def write_as_people_did(then: Any) -> None:
    """Two rounds of a decision and one of each fact that can be recorded; a draft of another."""
    writer = Writer(then)
    version = writer.publish_guide()
    decision = writer.start(DECISION)
    writer.record(writer.draft(decision, version, 1))
    round = writer.record(writer.draft(decision, version, 2, changed="They rang."))
    state_what_followed(writer, decision, round)
    state_what_others_said(writer, decision, round)
    state_what_becomes_of_it(writer, decision)
    draft = writer.draft(writer.start(DRAFT), version, 1, changed="A draft.")
    writer.add("decisions.PassageToWithhold", round=draft, passage="round.1.changed", reason="A neighbour.")


def state_what_followed(writer: Writer, decision: Any, round: Any) -> None:
    writer.state("follow_up", decision=decision, kind="changed", note="They rang back.")
    moved = {"look_again_on": datetime.date(2026, 5, 1), "reason": "They are away."}
    writer.state("postponement", round=round, **moved)
    writer.state("closure", round=round, reason="They have moved.")
    share = writer.state("share", decision=decision, person=writer.reader)
    writer.state("share_end", share=share)
    writer.state(
        "access",
        organisation=writer.organisation,
        reference=DECISION,
        page="decisions:decision",
        channel="page",
    )


def state_what_others_said(writer: Writer, decision: Any, round: Any) -> None:
    ig_manager = {"by": writer.ig_manager}
    asked = {"question": "Is the date enough?", "part": "what", "as_it_stood": RECORD}
    advice = writer.state("advice", decision=decision, round=round, **asked)
    steps = [(Step.TAKEN, {"to": writer.ig_manager}), (Step.REPLIED, {"words": "It is."})]
    for number, (step, values) in enumerate(steps, start=1):
        writer.state("advice_step", **ig_manager, advice=advice, number=number, kind=step, **values)
    writer.state("advice_target", **ig_manager, organisation=writer.organisation, urgent_hours=3, days=4)
    finding = {"finding": "learning", "comment": "Others could learn from this."}
    review = writer.state("review", by=writer.other_ig_manager, round=round, **finding)
    example = {"version_key": 1, "example": "A caller is rung back"}
    writer.state("example_origin", by=writer.other_ig_manager, review=review, **example)
    sample = {"organisation": writer.organisation, "share": 20}
    writer.state("sample_rule", **ig_manager, **sample)
    taken_out = {"filter": "", "format": "csv", "count": 1, "decisions": [decision.pk]}
    export = writer.state("export", **ig_manager, organisation=writer.organisation, **taken_out)
    writer.state("export_end", **ig_manager, export=export, sent=1, is_whole=True)


def state_what_becomes_of_it(writer: Writer, decision: Any) -> None:
    ig_manager = {"by": writer.ig_manager}
    hold = writer.state("hold", **ig_manager, decision=decision, reason="A court has asked.")
    writer.state("release", **ig_manager, hold=hold, reason="It is over.")
    mark = {"passage": "summary", "withheld": True, "reason": "It says too much."}
    writer.state("disclosure_mark", **ig_manager, decision=decision, **mark)
    own = {"organisation": writer.organisation, **ig_manager}
    writer.state("subject_access", **own, references=[DECISION])
    writer.state("retention_rule", **own, years=8, outcome="share")
    stub = {"decision_key": decision.pk, "reference": DECISION, "started_at": RECORDED_ON, "years": 6}
    proposal = writer.state("disposal_proposal", **own, **stub, last_activity_at=RECORDED_ON)
    declined = {"confirmed": False, "reason": "A complaint is open."}
    writer.state("disposal_answer", **ig_manager, proposal=proposal, **declined)
    writer.state("hand_over", **own, decision=decision, to=writer.reader, reason="They have left.")


@pytest.mark.django_db(transaction=True)
def test_what_was_written_at_the_baseline_is_read_protected_and_verified() -> None:
    with database_beside(connection.settings_dict["USER"]):
        executor = MigrationExecutor(connection)
        executor.migrate(BASELINE)
        write_as_people_did(executor.loader.project_state(BASELINE).apps)
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        revoke_temporary_tables()
        grant_application_role(LOCAL_APPLICATION_ROLE)

        assert not list(missing_protections())
        assert set(LedgerEntry.objects.values_list("kind", flat=True)) == set(KINDS) - SINCE
        printed, code = verify()
        assert (code, "nothing wrong" in printed) == (0, True), printed
        assert f"Checked {LedgerEntry.objects.count()} entries" in printed
        for model in apps.get_app_config("decisions").get_models():
            assert list(model._default_manager.all()), model
        assert (Decision.objects.count(), Round.objects.recorded().count()) == (2, 2)
        assert_pages_read()
        assert verify()[1] == 0


def assert_pages_read() -> None:
    client = Client()
    client.force_login(User.objects.get(name="sasha"))
    page = client.get(f"/decisions/{DECISION}/").content.decode()
    for words in ["They rang.", "They rang back.", "They are away.", "They have moved.", "It is."]:
        assert words in page
    assert client.get(f"/decisions/{DECISION}/rounds/1/record.json").json()["parts"] == RECORD["parts"]
    client.force_login(User.objects.get(name="robin"))
    assert "A draft." in client.get(f"/decisions/{DRAFT}/").content.decode()
