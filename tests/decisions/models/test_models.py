import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.utils import timezone

from decisions.models import Decision, Round
from sharingwell.accounts.models import User
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory

pytestmark = pytest.mark.usefixtures("guide_throughout")


def reads(person):
    """Whether this person reads a decision of their own organisation that somebody else recorded."""
    author = PersonFactory(
        team=TeamFactory(organisation=person.organisation) if person.team else TeamFactory()
    )
    decision = recorded_round(author=author).decision
    assert decision in Decision.objects.visible_to(author)
    return decision in Decision.objects.visible_to(person)


class TestWhoReadsADecision:
    def test_author_does(self):
        decision = DecisionFactory()
        assert decision in Decision.objects.visible_to(decision.author)

    def test_ig_manager_of_the_organisation_does(self):
        assert reads(PersonFactory(roles=["ig_manager"]))

    @pytest.mark.parametrize("role", ["practitioner", "manager", "guide_editor", "administrator"])
    def test_no_other_role_does(self, role):
        assert not reads(PersonFactory(roles=[role]))

    def test_superuser_does_not(self):
        assert not reads(PersonFactory(is_superuser=True, roles=[]))

    def test_superuser_without_a_team_does_not(self):
        assert not reads(PersonFactory(is_superuser=True, team=None, roles=["ig_manager"]))

    def test_ig_manager_of_another_organisation_does_not(self):
        decision = recorded_round().decision
        assert decision in Decision.objects.visible_to(decision.author)
        assert decision not in Decision.objects.visible_to(PersonFactory(roles=["ig_manager"]))

    def test_visitor_who_is_signed_out_does_not(self):
        decision = recorded_round().decision
        assert decision in Decision.objects.visible_to(decision.author)
        assert decision not in Decision.objects.visible_to(AnonymousUser())

    def test_author_who_has_left_does_not(self):
        decision = DecisionFactory()
        User.objects.filter(pk=decision.author.pk).update(is_active=False)
        assert decision not in Decision.objects.visible_to(User.objects.get(pk=decision.author.pk))

    def test_rounds_are_read_with_their_decision(self):
        round = recorded_round()
        assert round in Round.objects.visible_to(round.author)
        assert round not in Round.objects.visible_to(PersonFactory(roles=["ig_manager"]))


REASONS = {"decide.outcome": "share-part", "decide.reasoning": "Because"}


class TestTheDatabaseRefuses:
    def refuses(self, constraint):
        return pytest.raises(IntegrityError, match=constraint)

    def record(self, draft, **values):
        Round.objects.filter(pk=draft.pk).update(recorded_at=timezone.now(), **values)

    def test_second_draft_in_one_decision(self):
        draft = DraftFactory()
        with self.refuses("round_one_draft_in_decision"):
            DraftFactory(decision=draft.decision, number=2)

    def test_second_round_of_one_number(self):
        round = recorded_round()
        with self.refuses("round_number_unique_in_decision"):
            DraftFactory(decision=round.decision, number=1)

    @pytest.mark.parametrize(
        "answers",
        [
            {"decide.outcome": "share-part"},
            {"decide.outcome": "share-part", "decide.reasoning": ""},
            {"decide.reasoning": "Because"},
            {"decide.outcome": "", "decide.reasoning": "Because"},
        ],
    )
    def test_recorded_round_without_outcome_and_reasons(self, answers):
        with self.refuses("round_recorded_with_outcome_and_reasoning"):
            self.record(DraftFactory(answers=answers), record={})

    def test_recorded_round_without_its_record(self):
        with self.refuses("round_recorded_with_its_record"):
            self.record(DraftFactory(answers=REASONS))

    def test_draft_with_a_record(self):
        with self.refuses("round_recorded_with_its_record"):
            DraftFactory(record={"reference": "SW-7K3M-Q9XD"})

    def test_unknown_direction(self):
        with self.refuses("decision_direction_known"):
            DecisionFactory(direction="sideways")

    def test_two_decisions_of_one_reference(self):
        reference = DecisionFactory().reference
        with self.refuses("reference"):
            DecisionFactory(reference=reference)
