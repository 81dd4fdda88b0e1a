import pytest

from decisions import policies
from decisions.errors import NotAllowed, RoundIsRecorded
from tests.decisions.factories import DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide_throughout")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("practitioner", True),
        ("manager", True),
        ("ig_manager", True),
        ("guide_editor", False),
        ("administrator", False),
    ],
)
def test_who_may_start_a_decision(role, may):
    assert policies.can_start(PersonFactory(roles=[role])) is may


def test_superuser_without_a_team_may_not_start_a_decision():
    person = PersonFactory(roles=["practitioner"], team=None, is_superuser=True)
    assert not policies.can_start(person)
    person.team = PersonFactory().team
    assert policies.can_start(person)


def test_author_may_write_their_draft():
    draft = DraftFactory()
    assert policies.can_write(draft.author, draft)


@pytest.mark.parametrize("role", ["practitioner", "manager", "ig_manager", "administrator"])
def test_nobody_else_may_write_a_draft(role):
    draft = DraftFactory()
    colleague = PersonFactory(roles=[role], team=draft.author.team)
    assert not policies.can_write(colleague, draft)
    with pytest.raises(NotAllowed):
        policies.check_can_write(colleague, draft)


def test_recorded_round_takes_no_more_answers():
    round = recorded_round()
    assert not policies.can_write(round.author, round)
    with pytest.raises(RoundIsRecorded):
        policies.check_can_write(round.author, round)


def test_description_can_change_until_the_first_round_is_recorded():
    draft = DraftFactory()
    policies.check_can_describe(draft.author, draft.decision)
    with pytest.raises(NotAllowed):
        policies.check_can_describe(PersonFactory(), draft.decision)
    round = recorded_round()
    with pytest.raises(RoundIsRecorded):
        policies.check_can_describe(round.author, round.decision)
