"""Asking for and giving advice: permissions, transitions, the record, and the inbox."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from referencing import Registry, Resource

from decisions import actions
from decisions.domain.advice_workflow import TRANSITIONS, State, Step
from decisions.domain.retention_rules import Rules
from decisions.errors import AdviceConflict, AdviceRequested, NoAvailableAdviser, NotAColleague, NotAllowed
from decisions.models import Advice, AdviceStep, AdviceTarget, Decision, LedgerEntry, Round
from decisions.models.retention_queries import fallen_due
from decisions.record.decision_export import thread_of
from decisions.record.export import as_text
from decisions.record.timeline import timeline
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from sharingwell.tenancy.current import use_organisation
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory, recorded_round, state_advice
from tests.guidance.factories import load_first_version
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory

DOCS = Path(__file__).resolve().parents[3] / "docs"
LONDON = ZoneInfo("Europe/London")
MONDAY = datetime.datetime(2026, 3, 16, 10, tzinfo=LONDON)


@pytest.fixture
def draft(guide: GuideVersion) -> Round:
    return DraftFactory(answers={**ENOUGH_TO_RECORD, "what.request": "Whether the room is held."})


@pytest.fixture
def adviser(draft: Round) -> User:
    return PersonFactory(roles=["manager"], team=TeamFactory(organisation=draft.decision.organisation))


@pytest.fixture
def ig_managers(draft: Round) -> list[User]:
    team = TeamFactory(organisation=draft.decision.organisation)
    return [PersonFactory(roles=["ig_manager"], team=team) for _ in range(2)]


@pytest.fixture
def asked(draft: Round, adviser: User) -> Advice:
    return ask(draft, adviser=adviser)


@pytest.fixture
def queued(draft: Round, ig_managers: list[User]) -> Advice:
    return ask(draft)


def ask(round: Round, question: str = "Is the date enough?", **facts: Any) -> Advice:
    return actions.ask_advice(by=round.author, round=round, question=question, **facts)


def now(advice: Advice) -> Advice:
    return Advice.objects.with_state(timezone.now()).with_people().get(pk=advice.pk)


def refused(attempt: Callable[[], Any], words: str) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        attempt()


def queue_of(advice: Advice) -> list[Advice]:
    """The queue that a question would be in, under row-level security."""
    with serving(), use_organisation(advice.decision.organisation):
        return list(Advice.objects.in_queue())


def waiting(person: User) -> list[Advice]:
    with serving(), use_organisation(person.organisation):
        return list(Advice.objects.waiting_for(person))


class TestAsking:
    def test_keeps_the_round_as_it_stood(self, draft: Round, asked: Advice) -> None:
        actions.save_answers(by=draft.author, round=draft, answers={"what.request": "Something else."})
        stood = now(asked).as_it_stood
        assert "Whether the room is held." in str(stood)
        assert "recorded_at" not in stood
        assert stood["considerations"]

    def test_twice_over_asks_once_and_enters_it_in_the_ledger(self, draft: Round, asked: Advice) -> None:
        assert ask(draft, adviser=asked.adviser) == asked
        assert LedgerEntry.objects.filter(kind="advice", subject=asked.pk).count() == 1

    def test_about_a_recorded_round_keeps_its_record(self, guide: GuideVersion) -> None:
        round = recorded_round()
        assert ask(round, adviser=PersonFactory(team=round.author.team)).as_it_stood == round.record

    def test_is_for_the_author_of_the_draft(self, draft: Round, adviser: User) -> None:
        with pytest.raises(NotAllowed):
            actions.ask_advice(by=adviser, round=draft, question="May I?")

    def test_of_someone_who_cannot_be_asked_is_refused(self, draft: Round, adviser: User) -> None:
        adviser.is_active = False
        adviser.save()
        for person, words in [
            (draft.author, "Nobody advises on their own round"),
            (adviser, "has left"),
            (PersonFactory(), "in your organisation"),
        ]:
            with pytest.raises(NotAColleague, match=words):
                ask(draft, adviser=person)
            facts = {"decision": draft.decision, "round": draft, "by": draft.author, "at": timezone.now()}
            refused(
                lambda facts=facts, person=person: Advice.objects.create(
                    **facts, question="May I?", adviser=person, as_it_stood={}
                ),
                "advi[cs]e",
            )

    def test_of_the_ig_team_is_refused_where_nobody_could_take_it_and_so_is_releasing(
        self, draft: Round, adviser: User
    ) -> None:
        draft.author.roles = ["ig_manager"]  # who does not advise on their own round
        draft.author.save()
        PersonFactory(roles=["ig_manager"], team=adviser.team, is_active=False)
        PersonFactory(roles=["ig_manager"])
        facts = {"by": draft.author, "round": draft, "decision": draft.decision, "at": timezone.now()}
        asked = ask(draft, adviser=adviser)
        step = AdviceStep(advice=asked, number=1, kind="released", by=adviser, at=timezone.now())
        for act in [lambda: ask(draft), lambda: actions.release_advice(by=adviser, advice=asked)]:
            with pytest.raises(NoAvailableAdviser, match="Choose somebody by name"):
                act()
        for save in [Advice(**facts, question="May I?", as_it_stood={}).save, step.save]:
            refused(save, "no IG manager who could take it")
        PersonFactory(roles=["ig_manager"], team=adviser.team)
        actions.release_advice(by=adviser, advice=asked)

    def test_keeps_the_draft(self, draft: Round, asked: Advice) -> None:
        with pytest.raises(AdviceRequested, match="part of the record"):
            actions.discard_draft(by=draft.author, round=draft)
        years = timezone.now() + datetime.timedelta(days=4000)
        assert actions.delete_expired_drafts(now=years) == 0
        assert not Round.objects.expiring().exists()
        due = fallen_due(Decision.objects.all(), Rules(years=1), years.date())
        assert list(due) == [draft.decision]

    def test_makes_a_draft_something_to_hold_and_to_mark(
        self, asked: Advice, ig_managers: list[User]
    ) -> None:
        about = {"by": ig_managers[0], "decision": asked.decision}
        actions.mark_for_disclosure(
            **about, passage="advice-asked.1", withheld=True, reason="It is about another."
        )
        actions.hold_decision(**about, reason="A court has asked.")


class TestWhoReadsIt:
    def test_the_adviser_from_when_they_are_asked_until_it_is_withdrawn(
        self, draft: Round, adviser: User
    ) -> None:
        assert draft.decision not in Decision.objects.visible_to(adviser)
        asked = ask(draft, adviser=adviser)
        assert draft.decision in Decision.objects.visible_to(adviser)
        assert asked in Advice.objects.visible_to(adviser)
        actions.withdraw_advice(by=draft.author, advice=asked)
        assert draft.decision not in Decision.objects.visible_to(adviser)
        assert not Advice.objects.visible_to(adviser).exists()

    def test_others_who_read_the_decision_once_its_round_is_recorded(
        self, draft: Round, asked: Advice
    ) -> None:
        manager = PersonFactory(roles=["manager"], team=draft.decision.team)
        assert asked not in Advice.objects.visible_to(manager)
        assert draft.decision not in Decision.objects.search("date", reader=manager)
        actions.record_round(by=draft.author, round=draft)
        assert asked in Advice.objects.visible_to(manager)
        assert draft.decision in Decision.objects.search("date", reader=manager)

    def test_of_one_decision_the_same_as_of_all(
        self, draft: Round, adviser: User, ig_managers: list[User]
    ) -> None:
        replied, open_one = (
            ask(draft, "Is it?", adviser=adviser),
            ask(draft, "Is it enough?", adviser=adviser),
        )
        actions.reply_to_advice(by=adviser, advice=replied, words="It is.")
        ask(draft, "Is it for the IG team?")
        manager = PersonFactory(roles=["manager"], team=draft.decision.team)
        readers = [draft.author, adviser, ig_managers[0], manager]

        def numbers_read() -> Iterator[int]:
            decision = Decision.objects.get(pk=draft.decision_id)
            for reader in readers:
                on_it = set(Advice.objects.visible_on(decision, reader))
                assert on_it == set(Advice.objects.visible_to(reader).filter(decision=decision))
                yield len(on_it)

        assert list(numbers_read()) == [3, 2, 3, 0]
        actions.withdraw_advice(by=draft.author, advice=open_one)
        assert list(numbers_read()) == [3, 1, 3, 0]
        actions.hand_over_decision(by=manager, decision=draft.decision, to=manager, reason="They left.")
        assert list(numbers_read()) == [0, 1, 3, 3]

    def test_nobody_in_another_organisation(self, asked: Advice, queued: Advice) -> None:
        elsewhere = PersonFactory(roles=["ig_manager", "manager"])
        assert not Advice.objects.visible_to(elsewhere).exists()
        with pytest.raises(NotAllowed):
            actions.take_advice(by=elsewhere, advice=queued)
        refused(
            lambda: AdviceStep.objects.create(
                advice=queued, number=1, kind="taken", to=elsewhere, by=elsewhere, at=timezone.now()
            ),
            "advice",
        )


class TestTheWorkflow:
    def test_of_a_question_through_all_steps(
        self, draft: Round, queued: Advice, ig_managers: list[User], adviser: User
    ) -> None:
        first, second = ig_managers
        author = draft.author
        assert now(queued).state is State.QUEUED
        assert queue_of(queued) == [queued]
        assert waiting(first) == waiting(author) == []
        actions.take_advice(by=first, advice=queued)
        assert waiting(first) == [queued]
        assert queue_of(queued) == [queued]  # it says who has taken it
        actions.release_advice(by=first, advice=queued)
        actions.take_advice(by=second, advice=queued)
        actions.hand_on_advice(by=second, advice=queued, to=adviser, words="It is about rent.")
        assert waiting(adviser) == [queued]
        assert queue_of(queued) == []
        actions.send_back_advice(by=adviser, advice=queued, words="Who asked?")
        assert (waiting(adviser), waiting(author)) == ([], [queued])
        actions.answer_adviser(by=author, advice=queued, words="The ward.")
        assert (waiting(adviser), waiting(author)) == ([queued], [])
        actions.reply_to_advice(by=adviser, advice=queued, words="Then it is.")
        assert (waiting(adviser), waiting(author)) == ([], [queued])
        actions.settle_advice(by=author, advice=queued, followed=True)
        assert waiting(author) == []
        settled = now(queued)
        assert settled.state is State.SETTLED
        assert (settled.is_open, settled.is_overdue, settled.holder) == (False, False, adviser)
        assert settled.replied_at is not None
        assert [step.number for step in settled.steps.all()] == list(range(1, 9))
        assert LedgerEntry.objects.filter(kind="advice_step").count() == 8

    def test_ends_with_one_reply(self, draft: Round, asked: Advice, adviser: User) -> None:
        reply = actions.reply_to_advice(by=adviser, advice=asked, words="It is.")
        assert actions.reply_to_advice(by=adviser, advice=asked, words="It is.") == reply  # pressed twice
        with pytest.raises(AdviceConflict, match="a reply to this question already"):
            actions.reply_to_advice(by=adviser, advice=asked, words="It is not.")
        with pytest.raises(AdviceConflict, match="a reply to this question already"):
            actions.withdraw_advice(by=draft.author, advice=asked)

    def test_ends_when_it_is_withdrawn(self, draft: Round, asked: Advice, adviser: User) -> None:
        actions.withdraw_advice(by=draft.author, advice=asked)
        with pytest.raises(AdviceConflict, match="withdrawn"):
            actions.reply_to_advice(by=adviser, advice=asked, words="It is.")

    def test_is_limited_to_the_role_of_each_person(
        self, draft: Round, asked: Advice, ig_managers: list[User]
    ) -> None:
        with pytest.raises(NotAllowed):
            actions.reply_to_advice(by=ig_managers[0], advice=asked, words="It is.")
        with pytest.raises(AdviceConflict, match="this question in hand already"):
            actions.take_advice(by=ig_managers[0], advice=asked)
        for act in [actions.withdraw_advice, actions.answer_adviser]:
            with pytest.raises(NotAllowed):
                act(by=ig_managers[0], advice=asked, words="It is.")
        with pytest.raises(AdviceConflict, match="no reply to this question yet"):
            actions.settle_advice(by=draft.author, advice=asked, followed=True)
        with pytest.raises(NotAColleague, match="own round"):
            actions.hand_on_advice(by=asked.adviser, advice=asked, to=draft.author)

    def test_of_an_adviser_who_has_left_continues_from_the_queue(
        self, asked: Advice, adviser: User, ig_managers: list[User]
    ) -> None:
        adviser.is_active = False
        adviser.save()
        assert queue_of(asked) == [asked]
        assert now(asked).adviser_has_left
        actions.take_advice(by=ig_managers[0], advice=asked)
        assert now(asked).holder == ig_managers[0]

    def test_stops_where_the_decision_is_handed_to_its_adviser(self, draft: Round, asked: Advice) -> None:
        manager = PersonFactory(roles=["manager"], team=draft.decision.team)
        taker = asked.adviser
        assert taker is not None
        actions.hand_over_decision(by=manager, decision=draft.decision, to=taker, reason="They have left.")
        with pytest.raises(NotAllowed, match="own round"):
            actions.reply_to_advice(by=taker, advice=asked, words="It is.")
        reply = AdviceStep(advice=asked, number=1, kind="replied", words="x", by=taker, at=timezone.now())
        refused(reply.save, "Nobody advises on their own round")
        actions.withdraw_advice(by=taker, advice=asked)


class TestTheDatabase:
    @pytest.mark.parametrize("state", [State.QUEUED, State.WITH_ADVISER, State.SENT_BACK, State.REPLIED])
    def test_accepts_only_the_transitions_of_the_table(
        self, draft: Round, adviser: User, ig_managers: list[User], state: State
    ) -> None:
        asked = ask(draft, adviser=None if state is State.QUEUED else adviser)
        if state is State.SENT_BACK:
            actions.send_back_advice(by=adviser, advice=asked, words="Who?")
        if state is State.REPLIED:
            actions.reply_to_advice(by=adviser, advice=asked, words="It is.")
        assert now(asked).state is state
        number = asked.steps.count() + 1
        for kind in Step:
            if kind in TRANSITIONS[state] and (kind is not Step.TAKEN or state is State.QUEUED):
                continue
            to = adviser if kind is Step.HANDED_ON else None
            by = ig_managers[0] if kind is Step.TAKEN else adviser
            step = AdviceStep(advice=asked, number=number, kind=kind, words="x", by=by, at=timezone.now())
            step.to = by if kind is Step.TAKEN else to
            refused(step.save, "does not take that|taken this question already")

    def test_refuses_a_step_out_of_its_place_and_one_by_somebody_else(
        self, asked: Advice, adviser: User, ig_managers: list[User]
    ) -> None:
        def step(number: int, by: User) -> AdviceStep:
            return AdviceStep(
                advice=asked, number=number, kind="replied", words="x", by=by, at=timezone.now()
            )

        refused(step(2, adviser).save, "meanwhile")
        refused(step(1, ig_managers[0]).save, "in hand")


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_take_a_question_at_once() -> None:
    load_first_version()
    draft = DraftFactory()
    team = draft.decision.team
    takers = [PersonFactory(roles=["ig_manager"], team=team) for _ in range(2)]
    queued = ask(draft)
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def take(person: User) -> None:
        try:
            together.wait()
            actions.take_advice(by=person, advice=queued)
            outcomes.append("taken")
        except AdviceConflict as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[person]) for person in takers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "taken" in outcomes
    assert any("has this question in hand already" in outcome for outcome in outcomes)
    assert AdviceStep.objects.count() == 1


class TestTheRecord:
    def test_has_what_was_asked_and_said_until_then(self, draft: Round, asked: Advice, adviser: User) -> None:
        actions.reply_to_advice(by=adviser, advice=asked, words="It is.")
        actions.settle_advice(by=draft.author, advice=asked, followed=False, words="The ward rang.")
        PersonFactory(roles=["ig_manager"], team=adviser.team)
        waits = ask(draft, "Whom do I tell?", urgent=True)
        record = actions.record_round(by=draft.author, round=draft).record  # never waits
        assert record is not None
        text = as_text(record)
        for words in [f"Asked of {adviser}", "Is the date enough?", "It is.", "The ward rang."]:
            assert words in text
        assert "Asked of the IG team, urgent" in text
        assert "No reply when this was recorded" in text
        assert now(waits).is_open

    def test_of_the_whole_decision_has_it_where_it_happened(
        self, draft: Round, asked: Advice, adviser: User
    ) -> None:
        actions.record_round(by=draft.author, round=draft)
        actions.reply_to_advice(by=adviser, advice=asked, words="It is.")
        decision = draft.decision
        advice = decision.advice.with_people()
        thread = thread_of(decision, timeline(decision.rounds.with_history(), [], [], advice))
        assert [event["kind"] for event in thread["happened"]] == ["advice-asked", "round", "advice"]
        assert thread["happened"][0]["as_it_stood"]["round"] == 1
        record_schema, thread_schema = (
            json.loads((DOCS / f"{name}.schema.json").read_text()) for name in ("record", "thread")
        )
        schemas = Registry().with_resource("record.schema.json", Resource.from_contents(record_schema))
        jsonschema.Draft202012Validator(thread_schema, registry=schemas).validate(thread)


class TestOverdue:
    def overdue(self, advice: Advice, at: datetime.datetime) -> bool:
        return Advice.objects.with_state(at).get(pk=advice.pk).is_overdue

    def test_is_counted_in_working_time_and_paused_while_sent_back(
        self, draft: Round, adviser: User, ig_managers: list[User]
    ) -> None:
        hour = datetime.timedelta(hours=1)
        urgent = ask(draft, urgent=True, at=MONDAY, adviser=adviser)
        waits = ask(draft, at=MONDAY + datetime.timedelta(days=4))  # on Friday, so until Tuesday
        assert not self.overdue(urgent, MONDAY + 2 * hour)
        assert self.overdue(urgent, MONDAY + 3 * hour)
        assert not self.overdue(waits, MONDAY + datetime.timedelta(days=7, hours=6))
        assert self.overdue(waits, MONDAY + datetime.timedelta(days=8, hours=1))
        actions.send_back_advice(by=adviser, advice=urgent, words="Who?", at=MONDAY + 3 * hour)
        assert not self.overdue(urgent, MONDAY + 4 * hour)
        actions.answer_adviser(by=draft.author, advice=urgent, words="They.", at=MONDAY + 4 * hour)
        assert not self.overdue(urgent, MONDAY + 5 * hour)
        assert self.overdue(urgent, MONDAY + 7 * hour)

    def test_goes_by_the_organisation_s_own_times(self, draft: Round, ig_managers: list[User]) -> None:
        asked = ask(draft, urgent=True, at=MONDAY)
        with pytest.raises(NotAllowed):
            actions.set_advice_target(by=draft.author, urgent_hours=5, days=3)
        actions.set_advice_target(by=ig_managers[0], urgent_hours=5, days=3)
        assert not self.overdue(asked, MONDAY + datetime.timedelta(hours=4))
        assert AdviceTarget.objects.current(draft.decision.organisation).days == 3


class TestTheFunctionOpenAdvice:
    def test_returns_keys_of_the_current_organisation_only(self, queued: Advice) -> None:
        state_advice(recorded_round())  # of another, whose question to a colleague is open
        assert [each.pk for each in queue_of(queued)] == [queued.pk]
        every = "current_setting('sharingwell.every_organisation', true)"
        open_now = f"SELECT array(SELECT decisions_open_advice()), {every}"
        with serving(), connection.cursor() as cursor:
            cursor.execute(open_now)
            assert cursor.fetchone()[0] == []
            with use_organisation(queued.decision.organisation):
                cursor.execute(open_now)
                keys, left_behind = cursor.fetchone()
        assert queued.pk in keys
        assert set(keys) <= set(
            Advice.objects.filter(decision__organisation=queued.decision.organisation).values_list(
                "pk", flat=True
            )
        )
        assert left_behind == "off"
