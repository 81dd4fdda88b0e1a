"""Monthly review samples: all rounds that the rule requires, and a share of the others drawn by digest."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions import actions
from decisions.domain.periods import Month
from decisions.errors import NotAllowed
from decisions.models import Decision, LedgerEntry, Round, SampleRule
from decisions.models.sample import not_reviewed, progress, review_by, sampled
from sharingwell.accounts.models import User
from tests.decisions.factories import ENOUGH_TO_RECORD, recorded_round, state_review
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

MARCH = Month(2026, 3)
TODAY = timezone.localdate()


@pytest.fixture
def author(db: None) -> User:
    return PersonFactory(roles=["practitioner"])


@pytest.fixture
def ig_manager(author: User) -> User:
    return PersonFactory(roles=["ig_manager"], team=author.team)


def recorded_in(month: Month, author: User, **answers: Any) -> Round:
    """On the tenth of it."""
    at = month.begins + datetime.timedelta(days=9, hours=10)
    decision = actions.start_decision(by=author, direction="asked", summary="Ward asks", at=at)
    draft = actions.save_answers(
        by=author, round=decision.rounds.get(), answers={**ENOUGH_TO_RECORD, **answers}
    )
    return actions.record_round(by=author, round=draft, at=at)


def overdue(author: User, on: datetime.date) -> bool:
    return any(month.overdue for month in progress(author.organisation, on))


def set_rule(by: User, share: int, **rule: bool) -> SampleRule:
    return actions.set_sample_rule(by=by, share=share, **{"urgent": False, "refusals": False, **rule})


def drawn(month: Month, reference: str, share: int) -> bool:
    """As anybody can compute it again."""
    digest = hashlib.sha256(f"{month} {reference}".encode()).hexdigest()
    return int(digest[:8], 16) < share * 16**8 // 100


class TestMonths:
    def test_are_read_written_and_counted(self) -> None:
        assert Month.parse("2026-11") == Month(2026, 11)
        for other in ["2026-13", "26-11", "2026-1", "", "2026-11-01", "0000-01", "٢٠٢٦-11"]:
            assert Month.parse(other) is None
        assert str(Month(2026, 1).before()) == "2025-12"
        assert Month(2026, 12).after().name == "January 2027"
        assert Month(2024, 2).last_day == datetime.date(2024, 2, 29)

    def test_begin_at_midnight_uk_time(self) -> None:
        assert Month(2026, 7).begins.astimezone(datetime.UTC).hour == 23


class TestASample:
    def test_has_all_urgent_rounds_and_refusals_and_a_share_of_the_others(
        self, author: User, ig_manager: User
    ) -> None:
        urgent = recorded_in(MARCH, author, **{"what.urgency": "now"})
        refusal = recorded_in(MARCH, author, **{"decide.outcome": "do-not-share"})
        others = [recorded_in(MARCH, author) for _ in range(12)]
        recorded_in(MARCH.after(), author, **{"what.urgency": "now"})
        expected = {urgent, refusal, *(each for each in others if drawn(MARCH, each.decision.reference, 10))}
        assert set(sampled(author.organisation, [MARCH])) == expected
        now = Month.of(TODAY)
        here = [recorded_in(now, author) for _ in range(12)]
        for share in [0, 50, 100]:
            set_rule(ig_manager, share)
            found = set(sampled(author.organisation, [now]))
            assert found == {each for each in here if drawn(now, each.decision.reference, share)}

    def test_of_a_past_month_keeps_its_rule(self, author: User, ig_manager: User) -> None:
        recorded_in(MARCH, author, **{"what.urgency": "now"})
        set_rule(ig_manager, 0)
        rules = SampleRule.objects.at(author.organisation, [MARCH, Month.of(TODAY)])
        assert (rules[MARCH].share, rules[Month.of(TODAY)].share) == (10, 0)
        assert sampled(author.organisation, [MARCH]).count() == 1

    def test_has_the_last_round_of_the_month_and_a_review_of_a_later_round_counts(self, author: User) -> None:
        first = recorded_in(MARCH, author, **{"what.urgency": "now"})
        at = first.recorded_at + datetime.timedelta(days=3)
        again = actions.start_round(by=author, decision=first.decision, changed="They rang.", at=at)
        second = actions.record_round(by=author, round=again, at=at)
        assert list(sampled(author.organisation, [MARCH])) == [second]
        state_review(first, "well-reasoned")
        assert list(not_reviewed(author.organisation, [MARCH])) == [second]
        later = actions.start_round(by=author, decision=first.decision, changed="Again.")
        state_review(actions.record_round(by=author, round=later), "well-reasoned")
        assert not not_reviewed(author.organisation, [MARCH]).exists()

    def test_is_due_by_the_end_of_the_next_month(self, author: User) -> None:
        round = recorded_in(MARCH, author, **{"what.urgency": "now"})
        assert review_by(MARCH) == datetime.date(2026, 4, 30)
        assert not overdue(author, datetime.date(2026, 4, 30))
        assert overdue(author, datetime.date(2026, 5, 1))
        state_review(round, "well-reasoned")
        assert not overdue(author, datetime.date(2026, 5, 1))

    def test_has_progress(self, author: User) -> None:
        rounds = [recorded_in(MARCH, author, **{"what.urgency": "now"}) for _ in range(3)]
        recorded_round(answers={"what.urgency": "now"})  # elsewhere
        state_review(rounds[0], "well-reasoned")
        of_march = progress(author.organisation, datetime.date(2026, 5, 2))[2]
        assert (of_march.month, of_march.sampled, of_march.reviewed) == (MARCH, 3, 1)
        assert of_march.overdue
        assert not of_march.is_done


class TestItsPages:
    def test_show_each_month_in_few_queries_however_much_there_is(
        self, author: User, ig_manager: User, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(ig_manager)
        state_review(recorded_in(Month.of(TODAY), author, **{"what.urgency": "now"}), "well-reasoned")
        where = reverse("decisions:reviews")
        with django_assert_max_num_queries(12) as one:
            assert f"1 of 1 reviewed in {TODAY:%B %Y}" in content_of(client.get(where))
        for _ in range(4):
            recorded_in(Month.of(TODAY), author, **{"what.urgency": "now"})
        with django_assert_max_num_queries(len(one)):
            assert f"1 of 5 reviewed in {TODAY:%B %Y}" in content_of(client.get(where))
        waiting = client.get(
            reverse("admin:decisions_decision_changelist"), {"sample": f"{Month.of(TODAY)}.to-review"}
        )
        assert content_of(waiting).count("Not reviewed</td>") == 4

    def test_change_the_sample_rule_as_a_recorded_fact(self, ig_manager: User, client: Client) -> None:
        client.force_login(ig_manager)
        where = reverse("decisions:sample")
        for typed in ["", "101", "-1", "ten", "٣"]:
            assert "There is a problem" in content_of(client.post(where, {"share": typed}))
        assert not SampleRule.objects.exists()
        assert client.post(where, {"share": "25", "always": ["refusals"]}).status_code == 302
        rule = SampleRule.objects.get()
        assert (rule.share, rule.urgent, rule.refusals, rule.by) == (25, False, True, ig_manager)
        assert LedgerEntry.objects.get(kind="sample_rule").subject == rule.pk
        assert "all refusals, and 25 in a hundred" in " ".join(
            content_of(client.get(reverse("decisions:reviews"))).split()
        )

    def test_are_for_ig_managers(self, author: User) -> None:
        with pytest.raises(NotAllowed):
            set_rule(author, 10)
        assert not Decision.objects.exists()
