"""Views of reviews: the form beside the record, unsaved input, and the author's pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from decisions import actions
from decisions.actions.retention import related_models
from decisions.ledger.facts import KINDS
from decisions.ledger.verification import ledger_state
from decisions.models import Decision, Review, Round
from sharingwell.accounts.models import User
from tests.decisions.actions.test_retention import disposed, recorded_long_ago
from tests.decisions.factories import (
    recorded_round,
    state_afterwards,
    state_retention,
    state_review,
    state_who_else,
)
from tests.decisions.full_rights import full_rights
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of, text_of

pytestmark = pytest.mark.usefixtures("guide_throughout")

DOCS = Path(__file__).resolve().parents[3] / "docs"
WELL = {"finding": "well-reasoned", "comment": ""}


@pytest.fixture
def round(guide: Any) -> Round:
    return recorded_round(answers={"what.kinds": ["health", "offending"], "role.lawful_basis": "not-sure"})


@pytest.fixture
def ig_manager(round: Round, client: Client) -> User:
    person = PersonFactory(roles=["ig_manager"], team=round.decision.team)
    client.force_login(person)
    return person


def address(round: Round) -> str:
    return reverse("decisions:review", args=[round.decision.reference, round.number])


@pytest.mark.usefixtures("ig_manager")
class TestTheForm:
    def test_asks_for_conditions_by_category_beside_the_record(self, round: Round, client: Client) -> None:
        shown = text_of(client.get(address(round)))
        for words in [
            "Condition for special category data",
            "Condition for criminal offence data",
            "The author’s answer: I'm not sure, IG team to confirm.",
            "They need the date and nothing else.",
        ]:
            assert words in shown
        plain = recorded_round(author=round.author)
        assert "Condition for" not in text_of(client.get(address(plain)))

    def test_records_the_finding_and_shows_the_record(self, round: Round, client: Client) -> None:
        response = client.post(
            address(round),
            {
                "finding": "reasons",
                "comment": "Say more of the risk.",
                "lawful_basis": "public-task",
                "special_category_condition": "safeguarding",
                "offence_condition": "safeguarding",
            },
            follow=True,
        )
        shown = text_of(response)
        for words in [
            "Recorded. This decision is reviewed.",
            "Reviewed: Reasons need adding",
            "Say more of the risk.",
            "Lawful basis: Public task",
            "Safeguarding children and individuals at risk: article 9(2)(g), Schedule 1 paragraph 18",
            "As it was recorded.",
        ]:
            assert words in shown

    def test_keeps_input_on_errors_and_warns_about_identifiers(self, round: Round, client: Client) -> None:
        missing = client.post(address(round), {"finding": "", "comment": "Half a thought"})
        assert "Choose what you find." in text_of(missing)
        assert "Half a thought" in text_of(missing)
        silent = client.post(address(round), {"finding": "concern", "comment": ""})
        assert "Say in a few words what you find." in text_of(silent)
        pointed = client.post(address(round), {"finding": "concern", "comment": "Write to a@example.org"})
        assert "This looks like" in text_of(pointed)
        forged = client.post(address(round), {**WELL, "lawful_basis": "because"})
        assert "Choose one of the options shown." in text_of(forged)
        assert not Review.objects.exists()

    def test_keeps_input_with_a_stale_csrf_token(self, round: Round, ig_manager: User) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(ig_manager)
        response = strict.post(
            address(round),
            {"finding": "concern", "comment": "A whole paragraph"},
            headers={"referer": "http://testserver/", "origin": "http://testserver"},
        )
        assert "A whole paragraph" in text_of(response, 403)
        assert not Review.objects.exists()

    def test_says_when_another_round_was_recorded_meanwhile(self, round: Round, client: Client) -> None:
        again = actions.start_round(by=round.author, decision=round.decision, changed="They rang.")
        where = reverse("decisions:review", args=[round.decision.reference, 2])
        assert client.get(where).status_code == 404  # a draft is its writer's alone
        actions.record_round(by=round.author, round=again)
        shown = text_of(client.post(address(round), WELL, follow=True))
        assert "Recorded for round 1. Round 2 has followed it and is to be reviewed." in shown

    def test_says_when_a_colleague_reviewed_it_meanwhile(self, round: Round, client: Client) -> None:
        client.get(address(round))
        colleague = state_review(round).by
        shown = text_of(client.post(address(round), WELL, follow=True))
        assert f"{colleague} reviewed this round on" in shown
        assert [each.by for each in Review.objects.latest_per_round()] != [colleague]
        assert Review.objects.count() == 2

    def test_keeps_input_when_the_decision_was_disposed_of_meanwhile(
        self, round: Round, ig_manager: User, client: Client
    ) -> None:
        old = recorded_long_ago(round.author)
        where = reverse("decisions:review", args=[old.reference, 1])
        assert client.get(where).status_code == 200
        disposed(old, ig_manager, PersonFactory(roles=["ig_manager"], team=ig_manager.team))
        written = {"finding": "concern", "comment": "A whole paragraph"}
        response = client.post(where, written, headers={"origin": "http://testserver"})
        assert response.status_code == 410
        for words in ["The decision was disposed of meanwhile", "Nothing was saved", "A whole paragraph"]:
            assert words in text_of(response, 410)
        assert "This decision is gone" in text_of(client.get(where), 410)


class TestTheAuthor:
    def test_sees_the_request_until_they_answer(self, round: Round, client: Client) -> None:
        state_review(round, comment="Say more of the risk.")
        client.force_login(round.author)
        asked = text_of(client.get(round.decision.get_absolute_url()))
        assert "Reasons need adding to round 1" in asked
        assert "Round 1 reviewed: reasons need adding" in asked
        actions.add_follow_up(by=round.author, decision=round.decision, kind="received")
        answered = text_of(client.get(round.decision.get_absolute_url()))
        assert "Reasons need adding to round 1" not in answered
        assert "Round 1 reviewed: reasons need adding" in answered

    def test_cannot_review_and_is_told_why(self, client: Client) -> None:
        round = recorded_round(author=PersonFactory(roles=["practitioner", "ig_manager"]))
        client.force_login(round.author)
        assert client.get(address(round)).status_code == 403
        shown = text_of(client.get(reverse("admin:decisions_decision_change", args=[round.decision_id])))
        assert "You had a part in this decision. Another IG manager has to review it." in shown
        assert "Review round 1" not in shown


class TestCopies:
    def test_of_a_thread_include_reviews(self, round: Round, client: Client) -> None:
        state_review(round, "learning", comment="Others could learn.", lawful_basis="consent")
        state_who_else(round)
        client.force_login(PersonFactory(roles=["ig_manager"], team=round.decision.team))
        where = [
            reverse("decisions:thread-copy", args=[round.decision.reference, kind])
            for kind in ["json", "txt"]
        ]
        thread = client.get(where[0]).json()
        schema = json.loads((DOCS / "thread.schema.json").read_text())
        record = json.loads((DOCS / "record.schema.json").read_text())
        schema["properties"]["happened"]["items"]["properties"]["record"] = record
        jsonschema.validate(thread, schema)
        [told] = [each for each in thread["happened"] if each["kind"] == "reviewed"]
        assert told["title"] == "Round 1 reviewed: learning for others"
        assert told["confirmed"] == [{"name": "Lawful basis", "words": "Consent"}]
        text = content_of(client.get(where[1]))
        assert "Others could learn." in text
        assert "Lawful basis: Consent" in text

    def test_for_the_data_subject_include_reviews_that_can_be_withheld(
        self, round: Round, client: Client
    ) -> None:
        state_review(round, comment="A word to withhold")
        client.force_login(PersonFactory(roles=["ig_manager"], team=round.decision.team))
        shown = text_of(client.get(reverse("decisions:disclosure", args=[round.decision.reference])))
        assert "A word to withhold" in shown


class TestLedgerOfOneDecision:
    def test_verifies_every_recorded_kind(self, round: Round) -> None:
        for state in [state_afterwards, state_retention, state_review, state_who_else]:
            state(round)
        state_of_it = ledger_state(Decision.objects.get(pk=round.decision_id))
        assert state_of_it.is_intact, state_of_it.faults
        assert {entry.kind for entry in state_of_it.entries} >= {
            "round", "follow_up", "postponement", "closure", "hold", "release", "disclosure_mark", "review",
            "share", "share_end", "hand_over",
        }  # fmt: skip

    def test_covers_every_kind_that_is_part_of_a_decision(self) -> None:
        parts = {model for model, _ in related_models(Decision)}
        kinds = {kind.name for kind in KINDS.values() if kind.rows().model in parts}
        assert {kind.name for kind in KINDS.values() if kind.reference} == kinds

    def test_takes_three_queries_and_one_for_each_kind(
        self, round: Round, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(3 + 1):
            ledger_state(round.decision)

    @pytest.mark.parametrize(
        ("forged", "words"),
        [
            ("UPDATE decisions_round SET changed = 'forged'", "round {0.pk} is not as it was recorded."),
            ("UPDATE decisions_decision SET summary = 'forged'", "round {0.pk} is not as it was recorded."),
            (
                "UPDATE decisions_ledgerentry SET fact = repeat('f', 64)",
                "entry 1: the entry is not as it was written.",
            ),
            ("DELETE FROM decisions_ledgerentry", "the ledger has no entry of it."),
        ],
    )
    def test_names_altered_entries(
        self, forged: str, words: str, round: Round, ig_manager: User, client: Client
    ) -> None:
        with full_rights() as cursor:
            cursor.execute(forged)
        shown = text_of(client.get(reverse("admin:decisions_decision_change", args=[round.decision_id])))
        assert "Not as it was recorded." in shown
        assert words.format(round) in shown
