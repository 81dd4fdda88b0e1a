import pgtrigger
import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from guidance.models import Question
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory

pytestmark = pytest.mark.usefixtures("guide")

DECISIONS = "/admin/decisions/decision/"
ROUNDS = "/admin/decisions/round/"


@pytest.fixture
def ig_manager(db):
    return PersonFactory(roles=["ig_manager"])


@pytest.fixture
def as_ig_manager(client, ig_manager):
    client.force_login(ig_manager)
    return client


@pytest.fixture
def colleague(ig_manager):
    return PersonFactory(team=TeamFactory(organisation=ig_manager.organisation))


def rows(response):
    assert response.status_code == 200
    return [" ".join(row.get_text(" ").split()) for row in page(response).select("#result_list tbody tr")]


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def text_of(response):
    return " ".join(page(response).select_one("#content").get_text(" ").split())


class TestTheList:
    def test_holds_the_decisions_of_the_organisation_and_no_others(self, as_ig_manager, colleague):
        recorded_round(author=colleague, summary="Ours")
        recorded_round(summary="Theirs")
        [row] = rows(as_ig_manager.get(DECISIONS))
        assert "Ours" in row

    def test_says_outcome_direction_and_state(self, as_ig_manager, colleague):
        recorded_round(author=colleague)
        [row] = rows(as_ig_manager.get(DECISIONS))
        for words in [
            "Share part of it",
            "We were asked for information",
            "round 1 recorded",
            colleague.organisation.name,
        ]:
            assert words in row

    def test_shows_a_draft_without_an_outcome(self, as_ig_manager, colleague):
        DraftFactory(decision=DecisionFactory(author=colleague), answers={"decide.outcome": "do-not-share"})
        [row] = rows(as_ig_manager.get(DECISIONS))
        assert "round 1 in draft" in row
        assert "Do not share" not in row

    def test_is_searched_by_reference_and_summary(self, as_ig_manager, colleague):
        found = recorded_round(author=colleague, summary="Hospital asks").decision
        recorded_round(author=colleague, summary="Neighbour worries")
        for words in ["hospital", found.reference, found.reference.lower()]:
            [row] = rows(as_ig_manager.get(DECISIONS, {"q": words}))
            assert found.reference in row

    @pytest.mark.parametrize("address", [DECISIONS, ROUNDS])
    @pytest.mark.parametrize(
        ("field", "value"),
        [("outcome", "do-not-share"), ("urgency", "now"), ("direction", "share")],
    )
    def test_is_filtered(self, as_ig_manager, colleague, address, field, value):
        wanted = recorded_round(
            author=colleague,
            direction="share",
            answers={"decide.outcome": "do-not-share", "what.urgency": "now"},
        )
        recorded_round(author=colleague, answers={"what.urgency": "planned"})
        name = f"decision__{field}__exact" if address == ROUNDS else f"{field}__exact"
        response = as_ig_manager.get(address, {name if field == "direction" else field: value})
        [row] = rows(response)
        assert wanted.decision.reference in row

    def test_is_filtered_by_organisation_and_offers_only_those_there_are(self, as_ig_manager, colleague):
        recorded_round(author=colleague)
        other = recorded_round().decision.organisation
        shown = as_ig_manager.get(DECISIONS, {"organisation__id__exact": colleague.organisation.pk})
        assert len(rows(shown)) == 1
        assert other.name not in text_of(shown)
        assert rows(as_ig_manager.get(DECISIONS, {"organisation__id__exact": other.pk})) == []

    @pytest.mark.parametrize(("address", "field"), [(DECISIONS, "started_at"), (ROUNDS, "recorded_at")])
    def test_is_narrowed_by_date(self, as_ig_manager, colleague, address, field):
        recorded_round(author=colleague)
        assert len(rows(as_ig_manager.get(address))) == 1
        assert rows(as_ig_manager.get(address, {f"{field}__year": 2001})) == []

    def test_of_rounds_holds_recorded_ones_only(self, as_ig_manager, colleague):
        DraftFactory(decision=DecisionFactory(author=colleague))
        assert rows(as_ig_manager.get(ROUNDS)) == []

    @pytest.mark.parametrize("address", [DECISIONS, ROUNDS])
    def test_asks_no_more_of_the_database_as_it_grows(
        self, as_ig_manager, colleague, address, django_assert_max_num_queries
    ):
        recorded_round(author=colleague)
        as_ig_manager.get(address)  # the guide is read once in each process
        with django_assert_max_num_queries(12) as one:
            as_ig_manager.get(address)
        for _ in range(10):
            recorded_round(author=colleague)
        with django_assert_max_num_queries(len(one)):
            as_ig_manager.get(address)


class TestARecord:
    @pytest.fixture
    def round(self, colleague):
        return recorded_round(
            author=colleague,
            answers={"what.urgency": "days", "what.kinds": ["health"], "why.purpose": "A safe place"},
        )

    @pytest.mark.parametrize("kind", ["decision", "round"])
    def test_reads_as_a_record(self, as_ig_manager, round, kind):
        pk = round.decision.pk if kind == "decision" else round.pk
        text = text_of(as_ig_manager.get(reverse(f"admin:decisions_{kind}_change", args=[pk])))
        for words in [
            "How urgent is the matter? It matters within days",
            "What is the purpose? A safe place",
            "Why is this the right decision for now? They need the date and nothing else.",
            "Special category data",
            f"{round.author.name}, {round.author.job_title}",
        ]:
            assert words in text
        for trace_of_data in ["what.urgency", "days'", "{", "special_category"]:
            assert trace_of_data not in text

    def test_reads_as_it_did_when_the_guide_changes(self, as_ig_manager, round):
        with pgtrigger.ignore():  # the record leans on nothing but itself, not even on what never changes
            Question.objects.update(text="Something else entirely")
        text = text_of(as_ig_manager.get(reverse("admin:decisions_round_change", args=[round.pk])))
        assert "How urgent is the matter? It matters within days" in text

    @pytest.mark.parametrize("kind", ["decision", "round"])
    def test_cannot_be_added_changed_or_deleted(self, as_ig_manager, round, kind):
        pk = round.decision.pk if kind == "decision" else round.pk
        change = reverse(f"admin:decisions_{kind}_change", args=[pk])
        assert not page(as_ig_manager.get(change)).select("#content-main form, #content-main input")
        assert as_ig_manager.post(change, {"summary": "Changed"}).status_code == 403
        assert as_ig_manager.get(reverse(f"admin:decisions_{kind}_add")).status_code == 403
        assert (
            as_ig_manager.post(
                reverse(f"admin:decisions_{kind}_delete", args=[pk]), {"post": "yes"}
            ).status_code
            == 403
        )

    @pytest.mark.parametrize("kind", ["decision", "round"])
    def test_of_another_organisation_is_not_shown(self, as_ig_manager, kind):
        theirs = recorded_round(summary="Theirs")
        pk = theirs.decision.pk if kind == "decision" else theirs.pk
        response = as_ig_manager.get(reverse(f"admin:decisions_{kind}_change", args=[pk]), follow=True)
        assert "Theirs" not in text_of(response)

    def test_draft_is_not_shown_in_its_decision(self, as_ig_manager, colleague):
        draft = DraftFactory(
            decision=DecisionFactory(author=colleague), answers={"what.request": "Half a thought"}
        )
        text = text_of(
            as_ig_manager.get(reverse("admin:decisions_decision_change", args=[draft.decision.pk]))
        )
        assert "No round has been recorded yet." in text
        assert "Half a thought" not in text


class TestWhoComesIn:
    @pytest.mark.parametrize("address", [DECISIONS, ROUNDS])
    @pytest.mark.parametrize("role", ["guide_editor", "administrator", "practitioner", "manager"])
    def test_no_other_role_opens_the_log(self, client, address, role):
        client.force_login(PersonFactory(roles=[role]))
        assert client.get(address).status_code in {302, 403}

    @pytest.mark.parametrize("address", [DECISIONS, ROUNDS])
    def test_being_a_superuser_does_not_open_it(self, client, address):
        client.force_login(PersonFactory(is_superuser=True, roles=[]))
        assert client.get(address).status_code == 403
        assert "decisions" not in client.get("/admin/").content.decode().lower().replace(
            "decisions, people", ""
        )
