"""Subject access: everything about one person, without the passages withheld."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from decisions import actions
from decisions.errors import NotAllowed
from decisions.ledger.verification import Verification
from decisions.models import Access, Decision, DisclosureMark, PassageToWithhold, SubjectAccess
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.clock import NOW
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory, recorded_round, state_afterwards
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory
from tests.sharingwell.reading import content_of, page, text_of

CASE = "HO-2231"
SECRET = "The neighbour rang us at night."


@pytest.fixture
def author(guide: GuideVersion) -> User:
    return PersonFactory()


@pytest.fixture
def ig_manager(author: User) -> User:
    return PersonFactory(roles=["ig_manager"], team=TeamFactory(organisation=author.organisation))


@pytest.fixture
def decision(author: User) -> Decision:
    answers = {"what.request": SECRET, "decide.reasoning": "They need the date and nothing else."}
    round = recorded_round(author=author, case_reference=CASE, answers=answers)
    state_afterwards(round)
    return round.decision


def prepare(client: Client, case_reference: str = CASE) -> str:
    """The address of what is found."""
    response = client.post("/decisions/subject-access/", {"case_reference": case_reference})
    assert response.status_code == 302
    assert case_reference not in response.url
    return str(response.url)


def copies(client: Client, found: str) -> tuple[dict[str, Any], str]:
    """As JSON, and the words of the PDF."""
    document = client.get(f"{found}records.json")
    pdf = client.get(f"{found}records.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(pdf.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return json.loads(document.content), " ".join(
        " ".join(page.extract_text() for page in reader.pages).split()
    )


def withhold(by: User, decision: Decision, passage: str, reason: str = "It is about a neighbour.") -> None:
    actions.mark_for_disclosure(by=by, decision=decision, passage=passage, withheld=True, reason=reason)


class TestEverythingAboutOnePerson:
    def test_is_found_by_case_reference_ignoring_case(
        self, decision: Decision, author: User, ig_manager: User, client: Client
    ) -> None:
        second = recorded_round(author=author, case_reference=CASE.lower()).decision
        recorded_round(author=author, case_reference="HO-1")
        recorded_round(case_reference=CASE)
        client.force_login(ig_manager)
        document, words = copies(client, prepare(client))
        references = [decision.reference, second.reference]
        assert [each["reference"] for each in document["decisions"]] == references
        for said in [*references, SECRET, "They rang back.", "They are away.", "They have moved."]:
            assert said in words
            assert said in json.dumps(document)
        assert not any(each["withheld"] for each in document["decisions"])

    def test_leaves_out_what_is_withheld_and_lists_it_with_the_reason(
        self, decision: Decision, author: User, ig_manager: User, client: Client
    ) -> None:
        withhold(author, decision, "round.1.what.request")
        withhold(ig_manager, decision, "follow-up.1", "It would put somebody at risk.")
        withhold(ig_manager, decision, "summary", "It names a street.")
        client.force_login(ig_manager)
        document, words = copies(client, prepare(client))
        whole = json.dumps(document, ensure_ascii=False)
        for secret in [SECRET, decision.summary, "They rang back."]:
            assert secret not in words
            assert secret not in whole
        [each] = document["decisions"]
        assert {line["reason"] for line in each["withheld"]} == {
            "It is about a neighbour.",
            "It would put somebody at risk.",
            "It names a street.",
        }
        for reason in ["It is about a neighbour.", "It would put somebody at risk."]:
            assert reason in words
        assert "3 passages, listed with the reason" in words
        assert "They need the date and nothing else." in words
        assert '"digest"' not in whole

    def test_leaves_out_what_follows_from_a_withheld_answer(
        self, author: User, ig_manager: User, client: Client
    ) -> None:
        answers = {
            "what.kinds": ["offending"],
            "decide.outcome": "share-asked",
            "decide.shared_on": "2028-06-01",
        }
        round = recorded_round(author=author, case_reference=CASE, answers=answers)
        because = {each["key"]: each["because"] for each in round.record["considerations"]}
        brought_up = {key for key, questions in because.items() if "what.kinds" in questions}
        assert brought_up
        assert (round.record["categories"], round.record["recorded_afterwards"]) == (
            ["Criminal offence data"],
            True,
        )
        for passage in ["what.kinds", "decide.shared_on"]:
            withhold(author, round.decision, f"round.1.{passage}")
        client.force_login(ig_manager)
        document, words = copies(client, prepare(client))
        record = document["decisions"][0]["happened"][0]["record"]
        assert record["recorded_afterwards"] is False
        assert "Criminal offence data" not in words + json.dumps(document)
        assert not brought_up & {each["key"] for each in record["considerations"]}
        assert "because" not in json.dumps(document)

    def test_leaves_out_the_names_of_staff_who_are_withheld(self, ig_manager: User, client: Client) -> None:
        author, colleague = (
            PersonFactory(name=name, team=ig_manager.team) for name in ["Tom Hale", "Nia Penn"]
        )
        decision = recorded_round(author=author, case_reference=CASE).decision
        actions.hand_over_decision(by=ig_manager, decision=decision, to=colleague, reason="I am away.")
        client.force_login(ig_manager)
        shown = page(client.get(f"/decisions/{decision.reference}/disclosure/"))
        rows = {row.dd.text.strip(): row.a["href"] for row in shown.select(".govuk-summary-list__row")}
        for passage in [author.name, colleague.name, "I am away."]:
            client.post(rows[passage], {"answer": "withhold", "reason": "They would be at risk."})
        document, words = copies(client, prepare(client))
        for name in [author.name, colleague.name, author.job_title]:
            assert name not in words + json.dumps(document)
        [_, handed_over] = document["decisions"][0]["happened"]
        assert handed_over["title"] == "Handed over to a member of staff"
        assert handed_over["by"] == ig_manager.name

    def test_holds_the_reasons_of_hand_overs_and_legal_holds(
        self, author: User, ig_manager: User, client: Client
    ) -> None:
        decision = recorded_round(author=author, case_reference=CASE).decision
        actions.hand_over_decision(
            by=ig_manager, decision=decision, to=PersonFactory(team=author.team), reason="I am away."
        )
        hold = actions.hold_decision(by=ig_manager, decision=decision, reason="A court has asked for it.")
        actions.lift_hold(by=ig_manager, hold=hold, reason="The court has ruled.")
        client.force_login(ig_manager)
        document, words = copies(client, prepare(client))
        for said in ["I am away.", "A court has asked for it.", "The court has ruled."]:
            assert said in words
            assert said in json.dumps(document)

    def test_stays_withheld_when_an_event_with_an_earlier_time_is_added(
        self, author: User, ig_manager: User, client: Client
    ) -> None:
        decision = recorded_round(author=author, case_reference=CASE).decision
        follow_up = actions.add_follow_up(by=author, decision=decision, kind="meant", note=SECRET)
        withhold(author, decision, "follow-up.1")
        with time_machine.travel(follow_up.at - timedelta(seconds=30)):  # a server whose clock is behind
            actions.add_follow_up(by=author, decision=decision, kind="meant", note="They rang back.")
        client.force_login(ig_manager)
        _, words = copies(client, prepare(client))
        assert SECRET not in words
        assert "They rang back." in words

    def test_says_when_the_copy_was_made(self, decision: Decision, ig_manager: User, client: Client) -> None:
        client.force_login(ig_manager)
        with time_machine.travel(NOW - timedelta(days=3)):
            found = prepare(client)
        client.force_login(ig_manager)
        document, _ = copies(client, found)
        assert document["prepared_at"][:10] == f"{NOW:%Y-%m-%d}"

    @pytest.mark.parametrize("end", [actions.discard_draft, actions.record_round])
    def test_stays_withheld_when_a_draft_is_recorded_or_discarded(
        self, end: Any, author: User, ig_manager: User, client: Client
    ) -> None:
        decision = recorded_round(author=author, case_reference=CASE).decision
        actions.close_decision(by=author, decision=decision, reason="Nothing more to do.")
        draft = actions.start_round(by=author, decision=decision, changed="They moved.")
        actions.add_follow_up(by=author, decision=decision, kind="meant", note=SECRET)
        client.force_login(ig_manager)
        shown = client.get(f"/decisions/{decision.reference}/disclosure/")
        [row] = [row for row in page(shown).select(".govuk-summary-list__row") if SECRET in row.text]
        [link] = row.select("a")
        client.post(link["href"], {"answer": "withhold", "reason": "It is about a neighbour."})
        end(by=author, round=draft)
        document, words = copies(client, prepare(client))
        assert SECRET not in words
        assert SECRET not in json.dumps(document)

    def test_withholds_passages_marked_in_the_draft(
        self, author: User, ig_manager: User, client: Client
    ) -> None:
        answers = {**ENOUGH_TO_RECORD, "what.request": SECRET, "what.context": "Another time."}
        draft = DraftFactory(decision__author=author, decision__case_reference=CASE, answers=answers)
        client.force_login(author)
        assert "/rounds/1/withhold/" in content_of(client.get(draft.check_url()))
        address = f"{draft.get_absolute_url()}withhold/"
        for passage in ["round.1.what.request", "round.1.what.context", "round.1.decide.reasoning"]:
            sent = {"answer": "withhold", "reason": "It is about a neighbour."}
            assert client.post(f"{address}{passage}/", sent).url == address
        page = content_of(client.get(address))
        assert page.count("Not for disclosure") == 3
        client.post(f"{address}round.1.decide.reasoning/", {"answer": "disclose", "reason": "They know."})
        actions.save_answers(by=author, round=draft, answers={"what.context": ""})
        assert client.get(f"{address}round.1.what.context/").status_code == 404
        assert client.post(f"{address}round.1.what.request/", {"answer": "withhold"}).status_code == 200
        assert not DisclosureMark.objects.exists()
        actions.record_round(by=author, round=draft)
        [mark] = DisclosureMark.objects.all()
        assert (mark.passage, mark.by, mark.withheld) == ("round.1.what.request", author, True)
        assert not PassageToWithhold.objects.exists()
        assert client.get(address).url == draft.get_absolute_url()
        client.force_login(ig_manager)
        assert SECRET not in copies(client, prepare(client))[1]

    def test_discloses_a_passage_when_the_latest_mark_says_so(
        self, decision: Decision, author: User, ig_manager: User, client: Client
    ) -> None:
        withhold(author, decision, "round.1.what.request")
        actions.mark_for_disclosure(
            by=ig_manager,
            decision=decision,
            passage="round.1.what.request",
            withheld=False,
            reason="They know.",
        )
        client.force_login(ig_manager)
        assert SECRET in copies(client, prepare(client))[1]
        assert DisclosureMark.objects.count() == 2

    def test_says_how_many_drafts_are_not_in_it(
        self, decision: Decision, author: User, ig_manager: User, client: Client
    ) -> None:
        DraftFactory(
            decision__author=author, decision__case_reference=CASE, answers={"what.request": "Not yet"}
        )
        client.force_login(ig_manager)
        found = prepare(client)
        document, words = copies(client, found)
        assert "1 round still being written is not in the copies" in text_of(client.get(found))
        assert document["drafts_not_included"] == 1
        assert len(document["decisions"]) == 1
        assert "Not yet" not in words

    def test_is_empty_for_an_unknown_case_reference(self, ig_manager: User, client: Client) -> None:
        client.force_login(ig_manager)
        response = client.post("/decisions/subject-access/", {"case_reference": "HO-9"})
        assert "Nothing is kept under this case reference" in text_of(response)
        assert not SubjectAccess.objects.exists()

    def test_is_for_ig_managers_of_the_organisation(
        self, decision: Decision, author: User, ig_manager: User, client: Client
    ) -> None:
        client.force_login(ig_manager)
        found = prepare(client)
        for person, status in [(author, 403), (PersonFactory(roles=["ig_manager"]), 404)]:
            client.force_login(person)
            for address in [found, f"{found}records.pdf", f"{found}records.json"]:
                assert client.get(address).status_code == status


class TestThePreparation:
    def test_is_recorded_and_each_copy_is_logged_as_access(
        self, decision: Decision, author: User, ig_manager: User, client: Client
    ) -> None:
        second = recorded_round(author=author, case_reference=CASE).decision
        client.force_login(ig_manager)
        found = prepare(client)
        prepared = SubjectAccess.objects.get()
        assert (prepared.by, prepared.references) == (
            ig_manager,
            sorted([decision.reference, second.reference]),
        )
        client.get(found)
        copies(client, found)
        looks = Access.objects.order_by("pk").values_list("reference", "channel", "by")
        assert list(looks) == [
            (reference, channel, ig_manager.pk)
            for channel in ["page", "json", "pdf"]
            for reference in [decision.reference, second.reference]
        ]
        assert not list(Verification().faults())

    def test_takes_a_constant_number_of_queries(
        self,
        decision: Decision,
        author: User,
        ig_manager: User,
        client: Client,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for _ in range(3):
            recorded_round(author=author, case_reference=CASE)
        client.force_login(ig_manager)
        found = prepare(client)
        for address in [found, f"{found}records.json"]:
            with django_assert_max_num_queries(18):
                assert client.get(address).status_code == 200


class TestMarking:
    def test_by_the_author_from_the_recorded_round(
        self, decision: Decision, author: User, client: Client
    ) -> None:
        client.force_login(author)
        assert "Mark some of it as not for disclosure" in text_of(
            client.get(f"{decision.get_absolute_url()}rounds/1/")
        )
        where = f"/decisions/{decision.reference}/disclosure/"
        assert SECRET in text_of(client.get(where))
        one = f"{where}round.1.what.request/"
        assert "Say why." in text_of(client.post(one, {"answer": "withhold", "reason": ""}))
        client.post(one, {"answer": "withhold", "reason": "It is about a neighbour."})
        assert "Not for disclosure It is about a neighbour." in text_of(client.get(where))
        assert DisclosureMark.objects.get().by == author

    def test_requires_an_existing_passage(self, decision: Decision, author: User, client: Client) -> None:
        client.force_login(author)
        for passage in ["round.2.what.request", "elsewhere"]:
            where = f"/decisions/{decision.reference}/disclosure/{passage}/"
            assert client.get(where).status_code == 404
            assert client.post(where, {"answer": "withhold", "reason": "No."}).status_code == 404
        assert not DisclosureMark.objects.exists()

    def test_is_for_the_author_and_the_organisation_s_ig_managers(self, decision: Decision) -> None:
        for somebody in [PersonFactory(), PersonFactory(roles=["ig_manager"])]:
            with pytest.raises(NotAllowed):
                withhold(somebody, decision, "summary")

    def test_waits_until_something_is_recorded(self, author: User, client: Client) -> None:
        client.force_login(author)
        reference = DraftFactory(decision__author=author).decision.reference
        assert client.get(f"/decisions/{reference}/disclosure/").status_code == 409
