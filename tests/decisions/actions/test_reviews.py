"""Reviews: permissions, the review state of the decision, and required responses."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions import actions, policies
from decisions.errors import NotAllowed, NothingRecorded
from decisions.models import Decision, LedgerEntry, Review, Round
from decisions.models.open_reviews import open_reviews_for
from sharingwell.accounts.models import User
from tests.decisions.factories import DraftFactory, recorded_round, state_review, state_who_else
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide_throughout")

AN_HOUR_AGO = timezone.now() - datetime.timedelta(hours=1)


@pytest.fixture
def round(guide: Any) -> Round:
    return recorded_round()


@pytest.fixture
def ig_manager(round: Round) -> User:
    return PersonFactory(roles=["ig_manager"], team=round.decision.team)


def review(round: Round, by: User, **facts: Any) -> Review:
    return actions.review_round(**{"by": by, "round": round, "finding": "well-reasoned", **facts})


def go_round_again(round: Round) -> Round:
    again = actions.start_round(by=round.author, decision=round.decision, changed="They rang.")
    return actions.record_round(by=round.author, round=again)


def state(decision: Decision) -> str:
    return Decision.objects.with_review_state().get(pk=decision.pk).review_state


class TestWhoReviews:
    def test_an_ig_manager_of_the_organisation_and_nobody_else(self, round: Round, ig_manager: User) -> None:
        assert policies.can_review(ig_manager, round.decision)
        others = [
            *(PersonFactory(roles=[role], team=round.decision.team) for role in ["practitioner", "manager"]),
            PersonFactory(roles=[], is_superuser=True, team=round.decision.team),
            PersonFactory(roles=["ig_manager"]),
        ]
        for person in others:
            with pytest.raises(NotAllowed):
                review(round, person)

    def test_nobody_who_took_part_in_any_role(self) -> None:
        author = PersonFactory(roles=["practitioner", "ig_manager"])
        round = recorded_round(author=author)
        state_who_else(round)
        taker = Decision.objects.get(pk=round.decision_id).responsible_person
        taker.roles = ["practitioner", "ig_manager"]
        taker.save()
        for person in [author, taker]:
            with pytest.raises(NotAllowed, match="You had a part in this decision"):
                review(round, person)
            with pytest.raises(IntegrityError, match="had no part in it"), transaction.atomic():
                Review.objects.create(round=round, finding="well-reasoned", by=person, at=timezone.now())

    def test_not_before_something_is_recorded(self, ig_manager: User, round: Round) -> None:
        draft = DraftFactory(decision__author=round.author)
        with pytest.raises(NothingRecorded):
            review(draft, ig_manager)
        with pytest.raises(IntegrityError, match="A recorded round"), transaction.atomic():
            Review.objects.create(round=draft, finding="well-reasoned", by=ig_manager, at=timezone.now())


class TestAReview:
    def test_is_kept_with_what_was_confirmed_and_is_in_the_ledger(
        self, round: Round, ig_manager: User
    ) -> None:
        found = review(
            round,
            ig_manager,
            finding="concern",
            comment="The police were not told.",
            lawful_basis="public-task",
            special_category_condition="safeguarding",
        )
        assert found.round == round
        assert [name for name, _ in found.confirmed] == ["Lawful basis", "Special category condition"]
        assert LedgerEntry.objects.filter(kind="review", subject=found.pk, actor=ig_manager).exists()

    def test_sent_twice_is_kept_once(self, round: Round, ig_manager: User) -> None:
        assert review(round, ig_manager) == review(round, ig_manager)

    def test_other_than_well_reasoned_requires_a_comment(self, round: Round, ig_manager: User) -> None:
        with pytest.raises(IntegrityError, match="review_says_what"), transaction.atomic():
            review(round, ig_manager, finding="concern")


class TestWhereItLeavesTheDecision:
    def test_reviewed_until_another_round_is_recorded(self, round: Round, ig_manager: User) -> None:
        decision = round.decision
        assert state(DraftFactory().decision) == "nothing-recorded"
        assert state(decision) == "not-reviewed"
        review(round, ig_manager)
        assert state(decision) == "reviewed"
        again = actions.start_round(by=round.author, decision=decision, changed="They rang.")
        assert state(decision) == "reviewed"
        second = actions.record_round(by=round.author, round=again)
        assert state(decision) == "changed"
        review(round, ig_manager, comment="Of the first, once more.")
        assert state(decision) == "changed"
        review(second, ig_manager)
        assert state(decision) == "reviewed"


class TestTheResponse:
    @pytest.mark.parametrize("finding", Review.Finding.values)
    def test_only_reasons_and_follow_up_need_a_response(self, round: Round, finding: str) -> None:
        found = state_review(round, finding)
        asked = list(open_reviews_for(round.author))
        assert asked == ([found] if finding in {"reasons", "follow-up"} else [])

    def test_is_answered_by_a_follow_up_a_round_or_another_review(self, round: Round) -> None:
        rounds = [round, *(recorded_round(author=round.author) for _ in range(2))]
        for each in rounds:
            state_review(each, at=AN_HOUR_AGO)
        assert open_reviews_for(round.author).count() == 3
        actions.add_follow_up(by=round.author, decision=rounds[0].decision, kind="received")
        assert open_reviews_for(round.author).count() == 2
        go_round_again(rounds[1])
        assert open_reviews_for(round.author).count() == 1
        state_review(rounds[2], "well-reasoned")
        assert not open_reviews_for(round.author).exists()

    def test_is_for_the_person_now_responsible(self, round: Round) -> None:
        found = state_review(round)
        state_who_else(round)
        taker = Decision.objects.get(pk=round.decision_id).responsible_person
        assert not open_reviews_for(round.author).exists()
        assert list(open_reviews_for(taker)) == [found]
