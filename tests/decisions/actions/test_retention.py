"""Retention: rules, due dates, legal holds, and disposal by two people."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from decisions import actions
from decisions.actions.retention import related_models
from decisions.domain.retention_rules import Rules, years_after, years_before
from decisions.errors import (
    AlreadyProposed,
    NotAllowed,
    NotDue,
    NothingRecorded,
    NotProposed,
    OnHold,
)
from decisions.ledger.facts import KINDS
from decisions.ledger.verification import Verification
from decisions.models import (
    Access,
    Decision,
    DisclosureMark,
    DisposalAnswer,
    DisposalProposal,
    FollowUp,
    LedgerEntry,
    PassageToWithhold,
    RetentionRule,
    Round,
)
from decisions.models.retention_queries import for_disposal, retention_of
from guidance.models import Example, GuideVersion
from sharingwell.accounts.models import User
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round, state_learning
from tests.decisions.full_rights import full_rights
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory

YEAR = datetime.timedelta(days=366)
TABLES = ["decision", "round", "followup", "postponement", "closure", "hold", "release", "disclosuremark"]


def faults() -> list[str]:
    return [str(fault) for fault in Verification().faults()]


@pytest.fixture
def author(guide: GuideVersion) -> User:
    return PersonFactory()


@pytest.fixture
def ig_manager(author: User) -> User:
    return PersonFactory(roles=["ig_manager"], team=TeamFactory(organisation=author.organisation))


@pytest.fixture
def colleague(ig_manager: User) -> User:
    """A second IG manager of the organisation."""
    return PersonFactory(roles=["ig_manager"], team=ig_manager.team)


def recorded_long_ago(author: User, years: int = 7, **outcome: str) -> Decision:
    when = timezone.now() - years * YEAR
    decision = DecisionFactory(author=author, started_at=when)
    draft = DraftFactory(
        decision=decision,
        started_at=when,
        answers={"decide.outcome": "share-part", "decide.reasoning": "Enough.", **outcome},
    )
    return actions.record_round(by=author, round=draft, at=when).decision


@pytest.fixture
def old(author: User) -> Decision:
    """Seven years old, with one of everything that can hang on a decision, and another beside it that stays."""
    recorded_long_ago(author)
    decision = recorded_long_ago(author)
    when = timezone.now() - 7 * YEAR
    about = {"by": author, "decision": decision, "at": when}
    actions.add_follow_up(**about, kind="received", note="They rang back about the heating.")
    actions.move_look_again(**about, look_again_on=when.date(), reason="They are away.")
    actions.close_decision(**about, reason="They have moved.")
    adviser = PersonFactory(team=author.team)
    asked = actions.ask_advice(
        by=author, round=decision.rounds.get(), question="Is that enough?", adviser=adviser, at=when
    )
    actions.reply_to_advice(by=adviser, advice=asked, words="It is.", at=when)
    return decision


def asked_about_long_ago(author: User) -> Decision:
    """A draft, with a question about it."""
    when = timezone.now() - 7 * YEAR
    draft = DraftFactory(decision=DecisionFactory(author=author, started_at=when), started_at=when)
    adviser = PersonFactory(team=author.team)
    actions.ask_advice(by=author, round=draft, question="May we?", adviser=adviser, at=when)
    return draft.decision


def disposed(decision: Decision, ig_manager: User, colleague: User) -> DisposalAnswer:
    actions.propose_disposal(by=ig_manager, decision=decision)
    return actions.confirm_disposal(by=colleague, decision=decision)


def held_once(decision: Decision, ig_manager: User) -> None:
    hold = actions.hold_decision(by=ig_manager, decision=decision, reason="A coroner has asked.")
    actions.lift_hold(by=ig_manager, hold=hold, reason="The inquest is over.")


class TestYears:
    @pytest.mark.parametrize(
        ("day", "years", "after"),
        [("2020-03-20", 6, "2026-03-20"), ("2020-02-29", 6, "2026-03-01"), ("2020-02-29", 8, "2028-02-29")],
    )
    def test_are_counted_by_the_calendar_and_never_a_day_too_few(
        self, day: str, years: int, after: str
    ) -> None:
        assert str(years_after(datetime.date.fromisoformat(day), years)) == after

    def test_before_and_after_agree_on_every_day(self) -> None:
        for days in range(3000):
            day = datetime.date(2020, 1, 1) + datetime.timedelta(days=days)
            assert years_after(years_before(day, 6), 6) <= day
            assert years_after(years_before(day, 6) + datetime.timedelta(days=1), 6) > day

    def test_are_six_unless_the_outcome_has_its_own(self) -> None:
        rules = Rules(by_outcome={"share": 10})
        assert (rules.years_for("share"), rules.years_for("do-not-share")) == (10, 6)


class TestRules:
    def test_default_to_six_years(self, ig_manager: User) -> None:
        assert RetentionRule.objects.current(ig_manager.organisation) == Rules(6, {})

    def test_that_are_latest_count(self, ig_manager: User) -> None:
        for years in [8, 7]:
            actions.set_retention_rule(by=ig_manager, years=years)
        actions.set_retention_rule(by=ig_manager, years=10, outcome="share")
        actions.set_retention_rule(by=ig_manager, years=12, outcome="ask")
        actions.set_retention_rule(by=ig_manager, years=None, outcome="ask")
        assert RetentionRule.objects.current(ig_manager.organisation) == Rules(7, {"share": 10})
        assert not faults()

    def test_that_are_set_together_count_together_or_not_at_all(self, ig_manager: User) -> None:
        actions.set_retention_rules(by=ig_manager, years={"": 8, "share": 10})
        assert RetentionRule.objects.current(ig_manager.organisation) == Rules(8, {"share": 10})
        with pytest.raises(IntegrityError):
            actions.set_retention_rules(by=ig_manager, years={"": 9, "share": 101})
        assert RetentionRule.objects.current(ig_manager.organisation) == Rules(8, {"share": 10})

    def test_are_of_one_organisation(self, ig_manager: User) -> None:
        actions.set_retention_rule(by=ig_manager, years=8)
        assert RetentionRule.objects.current(PersonFactory().organisation).years == 6

    def test_are_for_ig_managers_to_make(self, author: User) -> None:
        with pytest.raises(NotAllowed):
            actions.set_retention_rule(by=author, years=1)

    @pytest.mark.parametrize(("years", "outcome"), [(0, ""), (101, ""), (None, "")])
    def test_without_a_length_are_refused_by_the_database(
        self, ig_manager: User, years: int | None, outcome: str
    ) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            actions.set_retention_rule(by=ig_manager, years=years, outcome=outcome)


class TestWhatFallsDue:
    def listed(self, ig_manager: User, on: datetime.date | None = None) -> list[Decision]:
        rules = RetentionRule.objects.current(ig_manager.organisation)
        return list(for_disposal(Decision.objects.visible_to(ig_manager), rules, on or timezone.localdate()))

    def test_is_a_decision_without_activity_for_six_years(self, author: User, ig_manager: User) -> None:
        long_ago = recorded_long_ago(author)
        recorded_long_ago(author, years=5)
        recorded_long_ago(PersonFactory())
        DraftFactory(decision__author=author, decision__started_at=timezone.now() - 7 * YEAR)
        asked_about = asked_about_long_ago(author)
        assert self.listed(ig_manager) == [long_ago, asked_about]

    def test_begins_on_the_day_shown(self, author: User, ig_manager: User) -> None:
        decision = recorded_long_ago(author, years=2)
        _, _, on = retention_of(decision)
        assert self.listed(ig_manager, on) == [decision]
        assert not self.listed(ig_manager, on - datetime.timedelta(days=1))

    @pytest.mark.parametrize("what", ["a follow-up", "another day", "the end", "another round", "a draft"])
    def test_counts_from_the_last_activity(self, author: User, ig_manager: User, what: str) -> None:
        decision, other = recorded_long_ago(author), recorded_long_ago(author)
        about = {"by": author, "decision": decision}
        if what == "a follow-up":
            actions.add_follow_up(**about, kind="received")
        elif what == "another day":
            actions.move_look_again(**about, look_again_on=timezone.localdate(), reason="They are away.")
        elif what == "the end":
            actions.close_decision(**about, reason="They have moved.")
        else:
            draft = actions.start_round(**about, changed="They rang.")
            if what == "another round":
                actions.record_round(by=author, round=draft)
        assert self.listed(ig_manager) == [other]

    def test_goes_by_the_rule_for_its_outcome(self, author: User, ig_manager: User) -> None:
        shared = recorded_long_ago(author, **{"decide.outcome": "share-asked"})
        refused = recorded_long_ago(author, **{"decide.outcome": "do-not-share"})
        assert self.listed(ig_manager) == [shared, refused]
        actions.set_retention_rule(by=ig_manager, years=10, outcome="share-asked")
        assert self.listed(ig_manager) == [refused]
        actions.set_retention_rule(by=ig_manager, years=10)
        actions.set_retention_rule(by=ig_manager, years=5, outcome="share-asked")
        assert self.listed(ig_manager) == [shared]

    def test_is_not_what_is_held_or_proposed(self, old: Decision, author: User, ig_manager: User) -> None:
        [other] = [each for each in self.listed(ig_manager) if each != old]
        actions.propose_disposal(by=ig_manager, decision=other)
        hold = actions.hold_decision(by=ig_manager, decision=old, reason="A coroner has asked.")
        assert not self.listed(ig_manager)
        actions.lift_hold(by=ig_manager, hold=hold, reason="The inquest is over.")
        actions.decline_disposal(by=ig_manager, decision=other, reason="A complaint is open.")
        assert set(self.listed(ig_manager)) == {old, other}


class TestAHold:
    def test_and_its_release_are_both_recorded(self, old: Decision, ig_manager: User) -> None:
        held_once(old, ig_manager)
        hold = old.holds.get()
        assert (hold.reason, hold.release.reason) == ("A coroner has asked.", "The inquest is over.")
        assert not faults()

    def test_is_one_at_a_time_and_ends_once(self, old: Decision, ig_manager: User) -> None:
        hold = actions.hold_decision(by=ig_manager, decision=old, reason="A coroner has asked.")
        with pytest.raises(OnHold):
            actions.hold_decision(by=ig_manager, decision=old, reason="Another.")
        first = actions.lift_hold(by=ig_manager, hold=hold, reason="It is over.")
        assert actions.lift_hold(by=ig_manager, hold=hold, reason="It is over twice.") == first

    def test_is_for_ig_managers_of_the_organisation(self, old: Decision, author: User) -> None:
        for somebody in [author, PersonFactory(roles=["ig_manager"])]:
            with pytest.raises(NotAllowed):
                actions.hold_decision(by=somebody, decision=old, reason="Because.")

    def test_requires_a_recorded_fact(self, author: User, ig_manager: User) -> None:
        draft = DraftFactory(decision__author=author)
        with pytest.raises(NothingRecorded):
            actions.hold_decision(by=ig_manager, decision=draft.decision, reason="Because.")

    def test_keeps_the_draft_beside_what_is_recorded(self, author: User, ig_manager: User) -> None:
        decision = recorded_round(author=author).decision
        draft = actions.start_round(by=author, decision=decision, changed="They rang.")
        actions.hold_decision(by=ig_manager, decision=decision, reason="A coroner has asked.")
        with pytest.raises(OnHold):
            actions.discard_draft(by=author, round=draft)
        with pytest.raises(IntegrityError, match="legal hold"), transaction.atomic():
            draft.delete()


class TestDisposal:
    def test_leaves_nothing_but_a_stub(self, old: Decision, ig_manager: User, colleague: User) -> None:
        cache.clear()  # of pages of the guide, which other tests have read
        held_once(old, ig_manager)
        actions.mark_for_disclosure(
            by=ig_manager, decision=old, passage="summary", withheld=True, reason="It names a neighbour."
        )
        share = actions.share_decision(by=old.author, decision=old, person=colleague)
        actions.end_share(by=old.author, share=share)
        actions.hand_over_decision(
            by=ig_manager, decision=old, to=colleague, reason="Its author is in hospital."
        )
        example = state_learning(old.rounds.get()).example
        PassageToWithhold.objects.create(
            round=old.rounds.get(), passage="summary", reason="It names a street."
        )
        key, reference, summary = old.pk, old.reference, old.summary
        rounds = list(old.rounds.values_list("pk", flat=True))
        assert all(
            model._default_manager.filter(**{path: old}).exists() for model, path in related_models(Decision)
        )

        answer = disposed(old, ig_manager, colleague)

        assert not Decision.objects.filter(pk=key).exists()
        assert not Round.objects.filter(pk__in=rounds).exists()
        assert Decision.objects.count() == Round.objects.count() == 1
        assert FollowUp.objects.count() == DisclosureMark.objects.count() == 0
        assert Example.objects.filter(slug=example).exists()  # written anew, and of nobody
        stub = DisposalProposal.objects.disposed().get()
        assert (stub.reference, stub.by, stub.answer.by, stub.years) == (reference, ig_manager, colleague, 6)
        assert set(answer.removed) == set(KINDS) - {
            "access", "advice_target", "export", "export_end", "retention_rule", "sample_rule",
            "disposal_proposal", "disposal_answer", "subject_access",
        }  # fmt: skip
        assert [(entry.actor, entry.kind) for entry in stub.hand_overs] == [(ig_manager, "hand_over")]
        assert not faults()
        for word in [summary, "heating", "coroner", "neighbour", "hospital"]:
            assert (word, tables_that_mention(word)) == (word, [])

    def test_takes_a_second_person(self, old: Decision, ig_manager: User) -> None:
        with pytest.raises(NotAllowed, match="Another IG manager"):
            disposed(old, ig_manager, ig_manager)
        with pytest.raises(IntegrityError, match="Another person confirms"), transaction.atomic():
            DisposalAnswer.objects.create(
                proposal=DisposalProposal.objects.get(),
                confirmed=True,
                removed={"round": [1]},
                by=ig_manager,
                at=timezone.now(),
            )

    def test_is_not_for_another_organisation_nor_for_the_author(
        self, old: Decision, author: User, ig_manager: User
    ) -> None:
        actions.propose_disposal(by=ig_manager, decision=old)
        for somebody in [author, PersonFactory(roles=["ig_manager"])]:
            with pytest.raises(NotAllowed):
                actions.confirm_disposal(by=somebody, decision=old)
            with pytest.raises(NotAllowed):
                actions.decline_disposal(by=somebody, decision=old, reason="No.")

    def test_may_be_declined_and_proposed_again(
        self, old: Decision, ig_manager: User, colleague: User
    ) -> None:
        actions.propose_disposal(by=ig_manager, decision=old)
        with pytest.raises(AlreadyProposed):
            actions.propose_disposal(by=colleague, decision=old)
        actions.decline_disposal(by=colleague, decision=old, reason="A complaint is open.")
        with pytest.raises(NotProposed):
            actions.confirm_disposal(by=colleague, decision=old)
        assert old.rounds.exists()
        disposed(old, colleague, ig_manager)
        assert not faults()

    def test_is_declined_with_why_its_reason_holds_an_identifier(
        self, old: Decision, ig_manager: User
    ) -> None:
        actions.propose_disposal(by=ig_manager, decision=old)
        answer = actions.decline_disposal(
            by=ig_manager, decision=old, reason="Complaint HO-1234.", identifier_reason="Its number."
        )
        answer.refresh_from_db()
        assert answer.identifier_reason == "Its number."
        assert KINDS["disposal_answer"].fact(answer)["disposal_answer"]["identifier_reason"] == "Its number."
        assert not faults()

    def test_is_of_what_is_due_when_it_is_proposed_and_still_when_it_is_confirmed(
        self, old: Decision, author: User, ig_manager: User, colleague: User
    ) -> None:
        draft = DraftFactory(decision__author=author, decision__started_at=timezone.now() - 7 * YEAR)
        Round.objects.filter(pk=draft.pk).update(started_at=timezone.now() - 7 * YEAR)
        for not_due in [recorded_round(author=author).decision, draft.decision]:
            with pytest.raises(NotDue):
                actions.propose_disposal(by=ig_manager, decision=not_due)
        actions.propose_disposal(by=ig_manager, decision=old)
        actions.add_follow_up(by=author, decision=old, kind="received")
        with pytest.raises(NotDue):
            actions.confirm_disposal(by=colleague, decision=old)

    def test_that_was_proposed_before_is_possible_again_once_a_draft_begun_since_is_discarded(
        self, author: User, ig_manager: User, colleague: User
    ) -> None:
        """Nothing is left of the draft: what the record says happened last is as long ago as before."""
        decision = recorded_long_ago(author)
        actions.propose_disposal(by=ig_manager, decision=decision)
        draft = actions.start_round(by=author, decision=decision, changed="The ward rang back.")
        with pytest.raises(NotDue):
            actions.confirm_disposal(by=colleague, decision=decision)
        actions.discard_draft(by=author, round=draft)
        actions.confirm_disposal(by=colleague, decision=decision)
        assert not Decision.objects.filter(pk=decision.pk).exists()
        assert not faults()

    def test_is_possible_for_a_draft_with_advice(
        self, author: User, ig_manager: User, colleague: User
    ) -> None:
        """No other way removes it: what was said to an adviser is part of the record."""
        decision = asked_about_long_ago(author)
        answer = disposed(decision, ig_manager, colleague)
        assert not Decision.objects.filter(pk=decision.pk).exists()
        assert (answer.proposal.years, answer.proposal.outcome) == (6, "")
        assert not faults()

    def test_stops_at_a_hold(self, old: Decision, ig_manager: User, colleague: User) -> None:
        actions.propose_disposal(by=ig_manager, decision=old)
        actions.hold_decision(by=ig_manager, decision=old, reason="A coroner has asked.")
        with pytest.raises(OnHold):
            actions.confirm_disposal(by=colleague, decision=old)
        with pytest.raises(IntegrityError, match="nothing that is held"), transaction.atomic():
            DisposalAnswer.objects.create(
                proposal=DisposalProposal.objects.get(),
                confirmed=True,
                removed={"round": [1]},
                by=colleague,
                at=timezone.now(),
            )

    def test_keeps_the_access_log(self, old: Decision, ig_manager: User, colleague: User) -> None:
        look = actions.log_access(by=ig_manager, decision=old, page="decisions:decision", channel="page")
        disposed(old, ig_manager, colleague)
        assert Access.objects.get() == look


def tables_that_mention(word: str) -> list[str]:
    """Of all tables, whatever they are for; a row as text shows its search vectors, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [table for (table,) in cursor.fetchall() if not table.startswith("guidance_")]
        found = []
        for table in tables:
            cursor.execute(f'SELECT 1 FROM "{table}" AS row WHERE row::text ILIKE %s LIMIT 1', [f"%{word}%"])
            if cursor.fetchone():
                found.append(table)
    return found


class TestTheDatabase:
    def test_refuses_deletion_without_a_confirmed_disposal(self, old: Decision, ig_manager: User) -> None:
        actions.propose_disposal(by=ig_manager, decision=old)
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            old.follow_ups.all().delete()

    def test_refuses_deletion_without_a_ledger_entry_of_the_disposal(
        self, old: Decision, ig_manager: User, colleague: User
    ) -> None:
        proposal = actions.propose_disposal(by=ig_manager, decision=old)
        DisposalAnswer.objects.create(
            proposal=proposal, confirmed=True, removed={"round": [1]}, by=colleague, at=timezone.now()
        )
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            old.follow_ups.all().delete()

    def test_refuses_deletion_of_another_decision(
        self, old: Decision, ig_manager: User, colleague: User
    ) -> None:
        disposed(old, ig_manager, colleague)
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Round.objects.recorded().delete()

    def test_refuses_updates_during_a_disposal(
        self, old: Decision, ig_manager: User, colleague: User
    ) -> None:
        proposal = actions.propose_disposal(by=ig_manager, decision=old)
        answer = DisposalAnswer.objects.create(
            proposal=proposal, confirmed=True, removed={"round": [1]}, by=colleague, at=timezone.now()
        )
        actions.record_in_ledger(by=colleague, row=answer)
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            old.follow_ups.update(note="Otherwise")
        assert "decision" in faults()[0]

    @pytest.mark.django_db
    def test_permits_disposal_on_every_dependent_table(self) -> None:
        """A new kind of fact about a decision says `append_only(of=…)`, or no decision that has one can go."""
        for model, _ in related_models(Decision):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT string_agg(pg_get_functiondef(tgfoid), '') FROM pg_trigger "
                    "WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgtype & 8 = 8",  # fires at DELETE
                    [model._meta.db_table],
                )
                [definition] = cursor.fetchone()
            assert "disposal_answer" in (definition or "disposal_answer"), model


class TestVerifying:
    def test_finds_a_row_that_was_deleted_without_a_disposal(
        self, old: Decision, ig_manager: User, colleague: User
    ) -> None:
        disposed(old, ig_manager, colleague)
        other = Round.objects.recorded().get()
        with full_rights() as cursor:
            cursor.execute("DELETE FROM decisions_round WHERE id = %s", [other.pk])
        assert any(f"round {other.pk} was removed." in fault for fault in faults())

    def test_finds_a_row_that_was_added_to_an_earlier_disposal(
        self, old: Decision, ig_manager: User, colleague: User
    ) -> None:
        answer = disposed(old, ig_manager, colleague)
        other = Round.objects.recorded().get()
        with full_rights() as cursor:
            cursor.execute("DELETE FROM decisions_round WHERE id = %s", [other.pk])
            cursor.execute(
                "UPDATE decisions_disposalanswer SET removed = jsonb_set(removed, '{round}', %s::jsonb)",
                [f"[{other.pk}, {answer.removed['round'][0]}]"],
            )
        assert any(f"disposal_answer {answer.pk} is not as it was recorded." in fault for fault in faults())

    def test_finds_a_restored_row(self, old: Decision, ig_manager: User, colleague: User) -> None:
        follow_up = FollowUp.objects.get()
        disposed(old, ig_manager, colleague)
        with full_rights():
            FollowUp.objects.bulk_create([follow_up])
        assert any("was disposed of, and is there." in fault for fault in faults())

    def test_finds_a_deleted_disposal(self, old: Decision, ig_manager: User, colleague: User) -> None:
        answer = disposed(old, ig_manager, colleague)
        with full_rights() as cursor:
            cursor.execute("DELETE FROM decisions_disposalanswer")
        found = " ".join(faults())
        assert f"disposal_answer {answer.pk} was removed." in found
        assert "round" in found

    def test_accepts_the_entries_of_disposed_rows(
        self, old: Decision, ig_manager: User, colleague: User
    ) -> None:
        entries = LedgerEntry.objects.count()
        disposed(old, ig_manager, colleague)
        assert LedgerEntry.objects.count() == entries + 2
