import pytest
from django.urls import reverse
from django.utils import timezone

from decisions import actions
from decisions.admin import DecisionAdmin
from decisions.domain.periods import Month
from guidance.models import Question
from tests.databases import without_triggers
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round, state_review
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory
from tests.sharingwell.reading import page, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

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


class TestTheList:
    def test_holds_the_decisions_of_the_organisation_and_no_others(self, as_ig_manager, colleague):
        recorded_round(author=colleague, summary="Ours")
        recorded_round(summary="Theirs")
        [row] = rows(as_ig_manager.get(DECISIONS))
        assert "Ours" in row

    def test_shows_the_outcome_and_state(self, as_ig_manager, colleague):
        state_review(
            recorded_round(
                author=colleague,
                answers={
                    "what.urgency": "now",
                    "what.kinds": ["health", "offending"],
                    "who.relationship": "trusted-person",
                    "decide.shared_on": "2026-01-05",
                    "decide.review_on": "2026-01-06",
                },
            )
        )
        [row] = rows(as_ig_manager.get(DECISIONS))
        for words in [
            "Share part of it",
            "We were asked for information",
            "Someone could come to serious harm now",
            "Physical health, Alleged or proven offending",
            "Criminal offence data, Special category data",
            "A trusted person",
            "20 March 2026",
            "Reviewed: reasons need adding",
            "Overdue, Recorded afterwards",
            colleague.team.name,
            colleague.organisation.name,
        ]:
            assert words in row

    def test_shows_no_content_of_a_draft(self, as_ig_manager, colleague):
        DraftFactory(decision=DecisionFactory(author=colleague), answers={"decide.outcome": "do-not-share"})
        [row] = rows(as_ig_manager.get(DECISIONS))
        assert "Draft" in row
        assert "Nothing recorded yet" in row
        assert "Do not share" not in row

    def test_has_keyset_pages_that_keep_the_filters(self, as_ig_manager, colleague, monkeypatch):
        monkeypatch.setattr(DecisionAdmin, "list_per_page", 2)
        numbers = [
            recorded_round(author=colleague, direction="share", summary=f"Matter {number}")
            for number in range(3)
        ]
        recorded_round(author=colleague)
        first = as_ig_manager.get(DECISIONS, {"direction": "share"})
        assert [numbers[2].decision.reference in rows(first)[0], len(rows(first))] == [True, 2]
        [older] = page(first).select("a[rel=next]")
        [row] = rows(as_ig_manager.get(DECISIONS + older["href"]))
        assert numbers[0].decision.reference in row
        assert "Count" not in text_of(first)

    def test_takes_a_constant_number_of_queries(
        self, as_ig_manager, colleague, django_assert_max_num_queries
    ):
        asked = {"outcome": "share-part", "review": "reviewed", "overdue": "no", "q": "placement"}
        state_review(recorded_round(author=colleague))
        as_ig_manager.get(DECISIONS, asked)  # fills the guide cache of the process
        with django_assert_max_num_queries(14) as one:
            assert len(rows(as_ig_manager.get(DECISIONS, asked))) == 1
        assert not [query for query in one.captured_queries if "COUNT(" in query["sql"]]
        assert not [query for query in one.captured_queries if "OFFSET" in query["sql"]]
        for _ in range(5):
            state_review(recorded_round(author=colleague))
        with django_assert_max_num_queries(len(one)):
            assert len(rows(as_ig_manager.get(DECISIONS, asked))) == 6

    def test_of_rounds_redirects_to_decisions(self, as_ig_manager):
        assert as_ig_manager.get(ROUNDS)["Location"] == DECISIONS


class TestFilters:
    @pytest.fixture
    def wanted(self, colleague):
        """One decision that every filter matches, and one that none matches."""
        recorded_round(author=PersonFactory(team=colleague.team), answers={"what.urgency": "planned"})
        round = recorded_round(
            author=colleague,
            direction="share",
            summary="Hospital asks",
            answers={
                "decide.outcome": "do-not-share",
                "decide.review_on": "2026-01-06",
                "what.urgency": "now",
                "what.kinds": ["health"],
                "who.relationship": "public",
            },
        )
        state_review(round, "concern")
        actions.set_sample_rule(
            by=round.reviews.get().by, share=0, urgent=True, refusals=False
        )  # not matched by chance
        return round

    def test_work_alone_and_combined(self, as_ig_manager, wanted):
        asked = {
            "direction": "share",
            "outcome": "do-not-share",
            "urgency": "now",
            "relationship": "public",
            "kinds": "health",
            "category": "special_category",
            "overdue": "yes",
            "review": "reviewed",
            "finding": "concern",
            "sample": f"{Month.of(timezone.localdate())}",
            "q": "hospital asking",
        }
        reference = wanted.decision.reference
        shown = {name: rows(as_ig_manager.get(DECISIONS, {name: value})) for name, value in asked.items()}
        shown["together"] = rows(as_ig_manager.get(DECISIONS, asked))
        shown["refusals"] = rows(as_ig_manager.get(DECISIONS, {"outcome": "refusal"}))
        shown["reference"] = rows(as_ig_manager.get(DECISIONS, {"q": reference.lower()}))
        assert {
            name for name, found in shown.items() if len(found) != 1 or reference not in found[0]
        } == set()
        for name, value in {
            "category": "neither", "overdue": "no", "review": "not-reviewed",
        }.items():  # fmt: skip
            [row] = rows(as_ig_manager.get(DECISIONS, {name: value}))
            assert reference not in row, name

    def test_tell_what_was_recorded_after_the_information_was_shared(self, as_ig_manager, wanted):
        shared = recorded_round(
            author=wanted.author, answers={"decide.outcome": "share-asked", "decide.shared_on": "2026-01-05"}
        )
        [row] = rows(as_ig_manager.get(DECISIONS, {"afterwards": "yes"}))
        assert shared.decision.reference in row
        assert len(rows(as_ig_manager.get(DECISIONS, {"afterwards": "no"}))) == 2

    def test_include_team_guide_and_date(self, as_ig_manager, wanted):
        decision = wanted.decision
        started = timezone.localdate(decision.started_at)
        year = {"started_at__year": started.year}
        month = {**year, "started_at__month": started.month}
        for asked in [
            {"team": decision.team_id, "organisation": decision.organisation_id, "version": "2026-03-20"},
            year,
            month,
            {**month, "started_at__day": started.day},
        ]:
            response = as_ig_manager.get(DECISIONS, asked)
            assert len(rows(response)) == 2
        for nothing in [{"started_at__year": 2001}, {"sample": "2001-02.to-review"}]:
            assert rows(as_ig_manager.get(DECISIONS, nothing)) == []
        assert "Nothing is in the log that this asks for" in text_of(
            as_ig_manager.get(DECISIONS, {"started_at__year": 2001})
        )

    def test_distinguish_changed_since_review_from_never_reviewed(self, as_ig_manager, wanted):
        again = actions.start_round(by=wanted.author, decision=wanted.decision, changed="They rang.")
        actions.record_round(by=wanted.author, round=again)
        [row] = rows(as_ig_manager.get(DECISIONS, {"review": "changed"}))
        assert wanted.decision.reference in row
        assert "Changed since review" in row

    def test_that_are_common_are_links(self, as_ig_manager, wanted):
        links = page(as_ig_manager.get(DECISIONS)).select(".sw-useful a[href^='?']")
        assert len(links) == 8
        for link in links:
            assert as_ig_manager.get(DECISIONS + link["href"]).status_code == 200

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("?nonsense=1", "“nonsense” is not something that decisions can be filtered by."),
            ("?summary__contains=a", "“summary__contains” is not something"),
            ("?outcome=everything", "“everything” is not one of the choices for “outcome”."),
            ("?team=1%00", "is not one of the choices for “team”."),
            ("?organisation=0", "“0” is not one of the choices for “organisation”."),
            ("?outcome=share&outcome=share", "“outcome” is in the address more than once."),
            ("?sample=2001-13", "is not one of the choices for “monthly sample”."),
            ("?sample=9999-12", "is not one of the choices for “monthly sample”."),
            ("?started_at__year=0", "The address has no day, month or year that there is."),
            ("?started_at__year=2026&started_at__day=3", "The address has no day"),
            ("?started_at__year=2026&started_at__month=2&started_at__day=30", "The address has no day"),
            ("?started_at__year=9999", "The address has no day"),
            ("?q=%00", "Search for plain words"),
            (f"?q={'a' * 201}", "Search for plain words"),
            ("?p=-1", "The address does not say where the page before ended."),
            (f"?p={'9' * 19}", "The address does not say where the page before ended."),
        ],
    )
    def test_that_are_invalid_are_refused_with_an_explanation(self, as_ig_manager, address, words):
        for where in [DECISIONS, f"{DECISIONS}export.csv"]:
            response = as_ig_manager.get(where + address)
            assert words in text_of(response, 400)
            assert page(response, 400).select_one("#result_list") is None


class TestARecord:
    @pytest.fixture
    def round(self, colleague):
        return recorded_round(
            author=colleague,
            answers={"what.urgency": "days", "what.kinds": ["health"], "why.purpose": "A safe place"},
        )

    @pytest.mark.parametrize("kind", ["decision", "round"])
    def test_shows_the_record(self, as_ig_manager, round, kind):
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

    def test_does_not_change_with_the_guide(self, as_ig_manager, round):
        with without_triggers():  # the record must not depend on rows of the guide, even published ones
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


class TestPermissions:
    @pytest.mark.parametrize("address", [DECISIONS, ROUNDS, f"{DECISIONS}export.csv"])
    @pytest.mark.parametrize("role", ["guide_editor", "administrator", "practitioner", "manager"])
    def test_no_other_role_opens_the_log(self, client, address, role):
        client.force_login(PersonFactory(roles=[role]))
        assert client.get(address).status_code in {302, 403}

    @pytest.mark.parametrize("address", [DECISIONS, ROUNDS])
    def test_being_a_superuser_does_not_open_it(self, client, address):
        client.force_login(PersonFactory(is_superuser=True, roles=[]))
        assert client.get(address).status_code == 403
        assert "decisions" not in text_of(client.get("/admin/")).lower().replace("decisions, people", "")
