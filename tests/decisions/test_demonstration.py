import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from decisions.demonstration import add_demonstration_data, sign_ins
from decisions.domain.periods import last_complete_quarter
from decisions.models import Advice, Decision, FollowUp, Postponement, Review, ReviewState, Round
from decisions.models.open_reviews import open_reviews_for
from guidance.choices import Direction
from guidance.reading import questions
from sharingwell.accounts.models import Organisation, Role, User
from sharingwell.tenancy.current import use_organisation
from tests.databases import module_rows
from tests.guidance.factories import load_first_version

pytestmark = pytest.mark.usefixtures("guide_throughout")


@pytest.fixture(scope="class")
def _added(django_db_setup, django_db_blocker):
    def add():
        load_first_version()
        add_demonstration_data()

    with module_rows(django_db_blocker, add):
        yield


@pytest.mark.usefixtures("_added")
class TestDemonstrationData:
    def test_has_two_organisations_and_a_person_for_each_role(self):
        assert Organisation.objects.count() == 2
        assert {role for person in User.objects.all() for role in person.roles} == set(Role.values)

    def test_is_described_as_invented(self):
        assert all("invented" in organisation.name for organisation in Organisation.objects.all())
        assert all(person.email.endswith(".example") for person in User.objects.all())

    def test_has_a_dozen_decisions_in_every_direction_and_a_quarter_to_count(self):
        before = Decision.objects.filter(
            rounds__recorded_at__lt=last_complete_quarter(timezone.localdate()).ends
        ).distinct()
        assert Decision.objects.count() - before.count() <= 12
        assert before.count() >= 19
        assert set(Decision.objects.values_list("direction", flat=True)) == set(Direction.values)

    def test_shows_what_happens_afterwards(self):
        states = Decision.objects.with_state(timezone.localdate())
        assert states.filter(is_closed=True).count() == 22
        assert states.filter(is_overdue=True).exists()
        assert Postponement.objects.count() == 1
        assert FollowUp.objects.count() >= 5
        for follow_up in FollowUp.objects.select_related("decision"):
            assert follow_up.at > follow_up.decision.rounds.latest("number").recorded_at
            assert follow_up.at < timezone.now()

    def test_has_advice_that_was_given_and_some_that_waits(self):
        asked = Advice.objects.with_state(timezone.now())
        assert asked.filter(replied_at__isnull=False).count() == 1
        with use_organisation(Organisation.objects.get(name__startswith="Fenbridge")):
            assert asked.in_queue().count() == 1
        assert asked.filter(is_overdue=True, adviser__isnull=False).count() == 1

    def test_shows_reviews_in_every_state(self):
        states = Decision.objects.with_review_state().values_list("review_state", flat=True)
        assert set(states) == set(ReviewState.values)
        author = User.objects.get(email="practitioner@fenbridge.example")
        assert open_reviews_for(author).count() == 1
        assert not Review.objects.filter(at__gt=timezone.now()).exists()

    def test_answers_only_what_the_guide_asks_with_what_it_offers(self, guide):
        asked = {question.key: question for question in questions(guide)}
        for round in Round.objects.select_related("decision"):
            for key, answer in round.answers.items():
                offered = {option.key for option in asked[key].options_for(round.decision.direction)}
                if asked[key].kind in {"one", "several"}:
                    assert {answer} <= offered if isinstance(answer, str) else set(answer) <= offered, (
                        key,
                        answer,
                    )

    def test_each_listed_account_can_sign_in(self, client):
        for sign_in in sign_ins():
            response = client.post("/accounts/login/", {"login": sign_in.email, "password": sign_in.password})
            assert response.status_code == 302, sign_in.email
            client.logout()

    def test_is_added_once(self, capsys):
        call_command("add_demonstration_data")
        assert "there already" in capsys.readouterr().out
        assert Decision.objects.count() == 31


def test_demonstration_data_is_refused_outside_local_work(db, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="passwords are public"):
        call_command("add_demonstration_data")
    assert not User.objects.exists()
