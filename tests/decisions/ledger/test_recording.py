"""Every recorded fact has an entry in its organisation's chain, under concurrency too."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from decisions import actions
from decisions.demonstration import add_demonstration_data
from decisions.ledger.chain import digest_of_entry
from decisions.ledger.facts import KINDS
from decisions.ledger.verification import Verification, stored_entries
from decisions.models import Closure, LedgerEntry, Round
from sharingwell.accounts.models import User
from tests.decisions.factories import (
    ENOUGH_TO_RECORD,
    DecisionFactory,
    DraftFactory,
    recorded_round,
)
from tests.decisions.full_rights import full_rights
from tests.decisions.ledger.conftest import verify
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory


@pytest.mark.usefixtures("guide")
class TestRecording:
    def test_enters_the_round_with_its_author_once(self) -> None:
        round = recorded_round()
        actions.record_round(by=round.author, round=round)
        entry = LedgerEntry.objects.get()
        assert (entry.kind, entry.subject, entry.actor) == ("round", round.pk, round.author)
        assert (entry.organisation, entry.sequence) == (round.decision.organisation, 1)

    def test_enters_an_urgent_round(self, practitioner: User) -> None:
        round = actions.record_urgent_round(
            by=practitioner,
            direction="share",
            what="They left the ward",
            with_whom="The police",
            why="They may come to harm",
            when=practitioner.date_joined.date(),
        )
        assert LedgerEntry.objects.get().subject == round.pk
        assert verify()[1] == 0

    def test_enters_nothing_of_a_draft(self) -> None:
        draft = DraftFactory()
        actions.save_answers(by=draft.author, round=draft, answers=ENOUGH_TO_RECORD)
        assert not LedgerEntry.objects.exists()
        actions.record_round(by=draft.author, round=draft)
        assert LedgerEntry.objects.get().kind == "round"

    def test_is_rolled_back_if_the_ledger_entry_fails(self) -> None:
        draft = DraftFactory(answers=ENOUGH_TO_RECORD)
        with (
            mock.patch("decisions.models.LedgerEntry.objects.create", side_effect=RuntimeError("Disk full")),
            pytest.raises(RuntimeError),
        ):
            actions.record_round(by=draft.author, round=draft)
        assert not Round.objects.recorded().exists()

    def test_chains_each_organisation_by_itself(self, recorded: Round) -> None:
        for entries in [list(LedgerEntry.objects.filter(organisation=each)) for each in _organisations()]:
            assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
            assert entries[0].previous == "0" * 64
            for before, entry in pairwise(entries):
                assert entry.previous == before.digest
        assert len(_organisations()) == 2

    def test_gives_every_entry_the_digest_that_is_documented(self, recorded: Round) -> None:
        entries = list(stored_entries())
        assert len(entries) == LedgerEntry.objects.count() > 20
        assert all(digest_of_entry(entry) == entry.digest for entry in entries)

    def test_leaves_no_gap_after_a_rollback(self) -> None:
        round = recorded_round()
        draft = DraftFactory(decision=DecisionFactory(author=round.author), answers=ENOUGH_TO_RECORD)
        with transaction.atomic():
            actions.record_round(by=draft.author, round=draft)
            transaction.set_rollback(True)
        actions.record_round(by=draft.author, round=draft)
        assert [entry.sequence for entry in LedgerEntry.objects.all()] == [1, 2]

    def test_ignores_sequence_time_and_digest_from_the_client(self) -> None:
        entry = LedgerEntry.objects.get(subject=recorded_round().pk)
        again = LedgerEntry.objects.create(
            organisation=entry.organisation,
            kind="closure",
            subject=closed_without_entry(entry).pk,
            actor=entry.actor,
            fact=entry.fact,
            sequence=77,
            previous="f" * 64,
            digest="f" * 64,
        )
        again.refresh_from_db()
        assert (again.sequence, again.previous) == (2, entry.digest)

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"kind": "round", "subject": None}, "ledger_enters_a_row_once"),
            ({"kind": 'closure"'}, "about a row that is there"),
            ({"subject": 2**62}, "about a row that is there"),
            ({"fact": "F" * 64}, "ledger_fact_is_a_digest"),
        ],
    )
    def test_is_refused_by_the_database_if_malformed(
        self, values: dict[str, object], constraint: str
    ) -> None:
        entry = LedgerEntry.objects.get(subject=recorded_round().pk)
        made = {"kind": "closure", "subject": closed_without_entry(entry).pk, "fact": entry.fact, **values}
        made["subject"] = made["subject"] or entry.subject
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            LedgerEntry.objects.create(organisation=entry.organisation, actor=entry.actor, **made)


def closed_without_entry(entry: LedgerEntry) -> Closure:
    """A row that is to be entered."""
    return Closure.objects.create(
        round_id=entry.subject, reason="It is over.", by=entry.actor, at=timezone.now()
    )


def _organisations() -> list[int]:
    return sorted(set(LedgerEntry.objects.values_list("organisation", flat=True)))


@pytest.mark.parametrize("name", KINDS)
def test_a_recorded_kind_never_changes(name: str) -> None:
    triggers = {trigger.name for trigger in KINDS[name].rows().model._meta.triggers}
    assert triggers & {"append_only", "recorded_is_final"}


@pytest.mark.usefixtures("guide")
def test_the_demonstration_data_verifies() -> None:
    add_demonstration_data()
    printed, code = verify()
    assert code == 0
    assert LedgerEntry.objects.count() == sum(kind.rows().count() for kind in KINDS.values()) > 10
    assert f"Checked {LedgerEntry.objects.count()} entries" in printed


@pytest.mark.usefixtures("recorded")
class TestVerifying:
    def test_verifies_in_chunks_and_across_their_boundaries(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("decisions.ledger.verification.CHUNK_SIZE", 2)
        verification = Verification()
        assert not list(verification.faults())
        assert verification.checked == LedgerEntry.objects.count()
        third = LedgerEntry.objects.filter(organisation=_organisations()[-1], sequence=3)
        with full_rights() as cursor:
            cursor.execute(
                "UPDATE decisions_ledgerentry SET digest = %s WHERE id = %s", ["f" * 64, third.get().pk]
            )
        assert [fault.sequence for fault in Verification().faults() if fault.sequence] == [3, 4]

    def test_fetches_the_rows_of_a_chunk_in_one_query(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(2 * len(KINDS) + 8) as few:
            list(Verification().faults())
        round = Round.objects.recorded().latest("pk")
        for _ in range(40):
            actions.log_access(
                by=round.author, decision=round.decision, page="decisions:decision", channel="page"
            )
        with django_assert_num_queries(len(few)):
            list(Verification().faults())


@pytest.mark.django_db(transaction=True)
def test_concurrent_recording_and_access_neither_fork_nor_gap_the_chain() -> None:
    load_first_version()
    one, other = PersonFactory(), PersonFactory()
    people = [one, PersonFactory(team=one.team), other, PersonFactory(team=one.team)]
    drafts = [
        [DraftFactory(decision=DecisionFactory(author=person), answers=ENOUGH_TO_RECORD) for _ in range(6)]
        for person in people
    ]
    start_together = threading.Barrier(len(people))
    failures: list[BaseException] = []

    def record(person: User, rounds: list[Round]) -> None:
        try:
            start_together.wait(timeout=20)
            for round in rounds:
                actions.log_access(by=person, decision=round.decision, page="decisions:check", channel="page")
                actions.record_round(by=person, round=round)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=record, args=pair) for pair in zip(people, drafts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert not failures
    for organisation, count in [(one.organisation, 36), (other.organisation, 12)]:
        sequences = LedgerEntry.objects.filter(organisation=organisation).values_list("sequence", flat=True)
        assert list(sequences) == list(range(1, count + 1))
    assert not list(Verification().faults())


def test_the_commands_say_what_they_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--help")
    assert "Exits with 1" in " ".join(capsys.readouterr().out.split())
