"""Facts stated after recording: follow-ups, postponements, closing and reopening."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from decisions import actions, policies
from decisions.errors import DecisionIsClosed, DraftFirst, NotAllowed, NothingRecorded
from decisions.models import Closure, Decision, FollowUp, Postponement
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide_throughout")

TODAY = timezone.localdate()
IN_A_WEEK = TODAY + datetime.timedelta(days=7)


def day(days):
    return TODAY + datetime.timedelta(days=days)


def follow_up(round, **facts):
    return actions.add_follow_up(by=round.author, decision=round.decision, **{"kind": "received", **facts})


def move(round, to=IN_A_WEEK, **facts):
    reason = facts.pop("reason", "They are away")
    return actions.move_look_again(
        by=round.author, decision=round.decision, look_again_on=to, reason=reason, **facts
    )


def close(round, **facts):
    return actions.close_decision(
        by=round.author, decision=round.decision, **{"reason": "They moved away", **facts}
    )


def go_round_again(round):
    return actions.start_round(by=round.author, decision=round.decision, changed="")


def state(round, on=TODAY):
    return Decision.objects.with_state(on).get(pk=round.decision_id)


EACH = [follow_up, move, close]


class TestWhoMayAndWhen:
    @pytest.mark.parametrize("act", EACH)
    def test_requires_a_recorded_round(self, act):
        draft = DraftFactory()
        with pytest.raises(NothingRecorded) as refusal:
            act(draft)
        assert refusal.value.next_url == draft.get_absolute_url()

    @pytest.mark.parametrize(
        "may", [policies.can_follow_up, policies.can_move_look_again, policies.can_close]
    )
    @pytest.mark.parametrize("role", ["practitioner", "manager", "ig_manager", "administrator"])
    def test_it_is_the_authors_alone(self, may, role):
        round = recorded_round()
        assert may(round.author, round.decision)
        assert not may(PersonFactory(roles=[role], team=round.author.team), round.decision)

    @pytest.mark.parametrize("act", EACH)
    def test_somebody_else_is_refused(self, act):
        round = recorded_round()
        round.author = PersonFactory(team=round.author.team)
        with pytest.raises(NotAllowed):
            act(round)

    @pytest.mark.parametrize("act", [move, close])
    def test_a_draft_in_progress_comes_first(self, act):
        round = recorded_round()
        draft = go_round_again(round)
        with pytest.raises(DraftFirst, match=r"Round 2 is a draft\. Record it or discard it") as refusal:
            act(round)
        assert refusal.value.next_url == draft.get_absolute_url()

    def test_what_happened_can_be_said_during_a_draft_and_after_closing(self):
        round = recorded_round()
        close(round)
        follow_up(round)
        go_round_again(round)
        follow_up(round, kind="changed", note="They came back")
        assert round.decision.follow_ups.count() == 2

    @pytest.mark.parametrize("act", [move, close])
    def test_a_closed_decision_is_refused(self, act):
        round = recorded_round()
        close(round, reason="They are safe")
        with pytest.raises(DecisionIsClosed):
            act(round)

    @pytest.mark.parametrize("act", EACH)
    def test_a_repeated_submission_is_recorded_once(self, act):
        round = recorded_round()
        assert act(round) == act(round)

    def test_the_same_can_happen_again_later(self):
        round = recorded_round()
        follow_up(round, kind="no-answer", at=timezone.now() - datetime.timedelta(hours=1))
        follow_up(round, kind="no-answer")
        assert round.decision.follow_ups.count() == 2

    def test_moving_the_day_back_to_what_it_was_is_no_repetition(self):
        round = recorded_round()
        for days in [9, 2, 9]:
            move(round, day(days))
        assert state(round).look_again_on == day(9)

    def test_the_same_words_of_somebody_else_are_not_a_repetition(self):
        round = recorded_round()
        close(round)
        round.author = PersonFactory(team=round.author.team)
        with pytest.raises(NotAllowed):
            close(round)


class TestState:
    def test_the_day_of_the_answer_applies(self):
        round = recorded_round(answers={"decide.review_on": IN_A_WEEK.isoformat()})
        assert state(round).look_again_on == IN_A_WEEK

    @pytest.mark.parametrize(
        ("days", "is_due", "is_overdue"), [(1, False, False), (0, True, False), (-1, True, True)]
    )
    def test_due_on_the_day_and_overdue_after_it(self, days, is_due, is_overdue):
        found = state(recorded_round(answers={"decide.review_on": day(days).isoformat()}))
        assert (found.is_due, found.is_overdue, found.is_open) == (is_due, is_overdue, is_due)

    @pytest.mark.parametrize(
        ("on", "is_due", "is_overdue"),
        [("2026-03-07", False, False), ("2026-03-09", True, False), ("2026-03-10", True, True)],
    )
    def test_an_urgent_round_is_due_by_the_next_working_day_and_overdue_after_it(
        self, on, is_due, is_overdue
    ):
        friday_night = datetime.datetime(2026, 3, 6, 23, 30, tzinfo=datetime.UTC)
        draft = DraftFactory(urgent=True, answers=ENOUGH_TO_RECORD)
        round = actions.record_round(by=draft.author, round=draft, at=friday_night)
        assert round.complete_by == datetime.date(2026, 3, 9)
        found = state(round, on=datetime.date.fromisoformat(on))
        assert (found.is_due, found.is_overdue, found.is_open) == (is_due, is_overdue, True)
        go_round_again(round)
        assert not state(round, on=datetime.date.fromisoformat(on)).is_due

    def test_the_latest_day_it_was_moved_to_counts_earlier_or_later(self):
        round = recorded_round(answers={"decide.review_on": day(-3).isoformat()})
        move(round, day(9))
        move(round, day(2))
        found = state(round)
        assert found.look_again_on == day(2)
        assert not found.is_open
        assert state(round, on=day(2)).is_due

    def test_a_day_can_be_chosen_where_there_was_none(self):
        round = recorded_round()
        assert state(round).look_again_on is None
        move(round)
        assert state(round).look_again_on == IN_A_WEEK

    def test_the_next_round_has_the_day_of_its_own_answer(self):
        first = recorded_round(answers={"decide.review_on": day(-3).isoformat()})
        move(first, day(9))
        second = go_round_again(first)
        assert state(first).look_again_on is None
        actions.record_round(by=first.author, round=second)
        assert state(first).is_overdue

    def test_a_closed_decision_is_neither_due_nor_open(self):
        round = recorded_round(answers={"decide.review_on": day(-3).isoformat()})
        close(round)
        found = state(round)
        assert found.is_closed
        assert (found.is_open, found.is_due, found.is_overdue) == (False, False, False)
        assert found.look_again_on is None

    def test_an_urgent_round_that_is_closed_is_not_to_be_completed(self, practitioner):
        round = actions.record_urgent_round(
            by=practitioner, direction="share", what="They left", with_whom="Police", why="Cold", when=TODAY
        )
        assert state(round).is_to_be_completed
        close(round)
        assert not state(round).is_to_be_completed
        assert not state(round).is_open

    def test_going_round_again_opens_a_closed_decision_and_discarding_closes_it(self):
        first = recorded_round()
        close(first)
        second = go_round_again(first)
        assert not state(first).is_closed
        actions.discard_draft(by=first.author, round=second)
        assert state(first).is_closed
        actions.record_round(by=first.author, round=go_round_again(first))
        assert not state(first).is_closed

    def test_each_decision_is_annotated_once(self):
        first = recorded_round()
        move(first)
        move(first)
        actions.record_round(by=first.author, round=go_round_again(first))
        DraftFactory()
        assert Decision.objects.with_state(TODAY).count() == Decision.objects.count() == 2


class TestTheDatabaseRefuses:
    @pytest.fixture
    def facts(self):
        round = recorded_round()
        return {FollowUp: follow_up(round), Postponement: move(round), Closure: close(round)}

    @pytest.mark.parametrize("model", [FollowUp, Postponement, Closure])
    @pytest.mark.parametrize("change", ["update", "delete", "truncate"])
    def test_any_change_to_what_is_recorded(self, facts, model, change):
        table = model._meta.db_table
        statement = {
            "update": f"UPDATE {table} SET at = now()",
            "delete": f"DELETE FROM {table}",
            "truncate": f"TRUNCATE {table}",
        }[change]
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else what is pending would refuse it first
            with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
                cursor.execute(statement)
        assert model.objects.get() == facts[model]

    def test_a_reason_left_out(self):
        round = recorded_round()
        for act, constraint in [
            (move, "postponement_gives_a_reason"),
            (close, "closure_gives_a_reason"),
        ]:
            with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
                act(round, reason="")

    @pytest.mark.parametrize("kind", FollowUp.NEED_A_NOTE)
    def test_a_change_without_words(self, kind):
        with pytest.raises(IntegrityError, match="follow_up_says_what"):
            follow_up(recorded_round(), kind=kind)

    def test_an_unknown_kind(self):
        with pytest.raises(IntegrityError, match="follow_up_kind_known"):
            follow_up(recorded_round(), kind="sideways")

    @pytest.mark.parametrize("model", [Postponement, Closure])
    def test_a_round_that_is_a_draft_or_not_the_latest(self, model):
        first = recorded_round()
        second = go_round_again(first)
        facts = {"reason": "Because", "at": timezone.now(), "by": first.author}
        if model is Postponement:
            facts["look_again_on"] = IN_A_WEEK
        for round in [first, second]:
            with pytest.raises(IntegrityError, match="Only the latest round"), transaction.atomic():
                model.objects.create(round=round, **facts)

    def test_a_follow_up_to_a_draft(self):
        draft = DraftFactory()
        with pytest.raises(IntegrityError, match="once a round of it is recorded"):
            FollowUp.objects.create(
                decision=draft.decision, kind="received", at=timezone.now(), by=draft.author
            )
