"""Retention views of IG managers."""

from __future__ import annotations

from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from decisions import actions
from decisions.domain.retention_rules import DEFAULT_YEARS, Rules, years_after
from decisions.models import Decision, DisposalProposal, Hold, RetentionRule
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.decisions.actions.test_retention import asked_about_long_ago, disposed, recorded_long_ago
from tests.decisions.factories import DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory
from tests.sharingwell.reading import content_of, text_of

LISTS = ["", "proposed/", "held/", "disposed/", "rules/"]


@pytest.fixture
def author(guide: GuideVersion) -> User:
    return PersonFactory()


@pytest.fixture
def ig_manager(author: User) -> User:
    return PersonFactory(roles=["ig_manager"], team=TeamFactory(organisation=author.organisation))


@pytest.fixture
def colleague(ig_manager: User) -> User:
    return PersonFactory(roles=["ig_manager"], team=ig_manager.team)


@pytest.fixture
def old(author: User) -> Decision:
    return recorded_long_ago(author)


class TestLists:
    @pytest.mark.parametrize("where", LISTS)
    def test_are_for_ig_managers(self, where: str, author: User, ig_manager: User, client: Client) -> None:
        for person, status in [(author, 403), (ig_manager, 200)]:
            client.force_login(person)
            assert client.get(f"/decisions/retention/{where}").status_code == status

    @pytest.mark.parametrize("where", LISTS)
    def test_show_nothing_of_another_organisation(
        self, where: str, old: Decision, author: User, ig_manager: User, colleague: User, client: Client
    ) -> None:
        held, gone, waiting = (recorded_long_ago(author) for _ in range(3))
        actions.hold_decision(by=ig_manager, decision=held, reason="A court has asked.")
        disposed(gone, ig_manager, colleague)
        actions.propose_disposal(by=ig_manager, decision=waiting)
        client.force_login(PersonFactory(roles=["ig_manager"]))
        assert "SW-" not in text_of(client.get(f"/decisions/retention/{where}"))

    @pytest.mark.parametrize("where", LISTS[:4])
    def test_take_a_constant_number_of_queries(
        self,
        where: str,
        author: User,
        ig_manager: User,
        colleague: User,
        client: Client,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client.force_login(ig_manager)
        for _ in range(3):
            recorded_long_ago(author)
            actions.hold_decision(by=ig_manager, decision=recorded_long_ago(author), reason="A court.")
            disposed(recorded_long_ago(author), ig_manager, colleague)
            actions.propose_disposal(by=ig_manager, decision=recorded_long_ago(author))
        with django_assert_max_num_queries(8):
            assert text_of(client.get(f"/decisions/retention/{where}")).count("SW-") >= 3

    def test_have_keyset_pages(
        self, author: User, ig_manager: User, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("decisions.views.retention.PAGE_SIZE", 2)
        client.force_login(ig_manager)
        decisions = [recorded_long_ago(author) for _ in range(3)]
        first = client.get("/decisions/retention/")
        assert decisions[2].reference not in text_of(first)
        rest = text_of(client.get(f"/decisions/retention/?after={decisions[1].pk}"))
        assert decisions[2].reference in rest
        assert decisions[1].reference not in rest


class TestRules:
    def test_are_set_and_only_what_changed_is_recorded(
        self, ig_manager: User, author: User, client: Client
    ) -> None:
        client.force_login(ig_manager)
        sent = {"years": "6", "outcome.share": "10"}
        assert client.post("/decisions/retention/rules/", sent).status_code == 302
        assert RetentionRule.objects.current(author.organisation) == Rules(6, {"share": 10})
        assert RetentionRule.objects.count() == 1
        client.post("/decisions/retention/rules/", {"years": "7", "outcome.share": ""})
        assert RetentionRule.objects.current(author.organisation) == Rules(7, {})

    def test_are_set_together_or_not_at_all(self, ig_manager: User, client: Client) -> None:
        client.force_login(ig_manager)
        client.raise_request_exception = False
        sent = {"years": "7", "outcome.share": "10"}
        with mock.patch("decisions.actions.retention.record_in_ledger", side_effect=[None, RuntimeError]):
            assert client.post("/decisions/retention/rules/", sent).status_code == 500
        assert not RetentionRule.objects.exists()

    @pytest.mark.parametrize("years", ["", "0", "101", "six", "6.5", "²"])
    def test_that_are_invalid_show_errors(self, years: str, ig_manager: User, client: Client) -> None:
        client.force_login(ig_manager)
        response = client.post("/decisions/retention/rules/", {"years": years})
        assert "There is a problem" in text_of(response)
        assert not RetentionRule.objects.exists()


class TestOneDecision:
    def test_is_held_and_released(self, old: Decision, ig_manager: User, client: Client) -> None:
        client.force_login(ig_manager)
        where = f"/decisions/{old.reference}/hold/"
        assert "Say why it must be kept." in text_of(client.post(where, {"hold": "", "reason": ""}))
        client.post(where, {"hold": "", "reason": "A coroner has asked."})
        hold = Hold.objects.get()
        again = client.post(where, {"hold": "", "reason": "A coroner has asked."}, follow=True)
        assert "Somebody else has changed this meanwhile" in content_of(again)
        assert "A coroner has asked." in text_of(client.get(where))
        client.post(where, {"hold": str(hold.pk), "reason": "The inquest is over."})
        said = text_of(client.get(f"/decisions/{old.reference}/disposal/"))
        assert "The inquest is over." in said
        assert not Hold.objects.in_force().exists()

    def test_says_when_it_is_due(self, author: User, ig_manager: User, client: Client) -> None:
        client.force_login(ig_manager)
        decision = recorded_round(author=author).decision
        said = text_of(client.get(f"/decisions/{decision.reference}/disposal/"))
        due = years_after(timezone.localdate(), DEFAULT_YEARS)
        assert f"From {due:%-d %B %Y} on you can propose" in said
        assert "Propose to dispose of it" not in said

    def test_that_is_a_draft_has_no_retention(self, author: User, ig_manager: User, client: Client) -> None:
        client.force_login(ig_manager)
        reference = DraftFactory(decision__author=author).decision.reference
        assert "Nothing of it is recorded yet" in text_of(client.get(f"/decisions/{reference}/disposal/"))
        assert client.get(f"/decisions/{reference}/hold/").status_code == 409

    def test_that_is_a_draft_with_advice_can_be_disposed_of(
        self, author: User, ig_manager: User, client: Client
    ) -> None:
        client.force_login(ig_manager)
        reference = asked_about_long_ago(author).reference
        assert reference in text_of(client.get("/decisions/retention/"))
        assert "Propose to dispose of it" in text_of(client.get(f"/decisions/{reference}/disposal/"))
        said = text_of(client.post(f"/decisions/{reference}/disposal/", {"propose": "yes"}, follow=True))
        assert "Another IG manager has to confirm it." in said

    @pytest.mark.parametrize("page", ["hold", "disposal"])
    def test_has_no_retention_page_for_its_author(
        self, page: str, old: Decision, author: User, client: Client
    ) -> None:
        client.force_login(author)
        assert client.get(f"/decisions/{old.reference}/{page}/").status_code == 403

    def test_is_disposed_of_when_a_second_person_confirms(
        self, old: Decision, author: User, ig_manager: User, colleague: User, client: Client
    ) -> None:
        summary, where = old.summary, f"/decisions/{old.reference}/disposal/"
        client.force_login(author)
        client.get(old.get_absolute_url())
        client.force_login(ig_manager)
        client.post(where, {"propose": "yes"})
        assert "Dispose of it" not in text_of(client.get(where))
        assert client.post(where, {"answer": "confirm"}).status_code == 200  # no such choice for the proposer
        client.force_login(colleague)
        assert "Choose whether it is to go." in text_of(client.post(where, {}))
        response = client.post(where, {"answer": "confirm"}, follow=True)
        assert f"{old.reference} is disposed of" in text_of(response)
        assert summary not in text_of(response)
        for person, status in [
            (author, 410),
            (ig_manager, 410),
            (PersonFactory(), 404),
            (PersonFactory(roles=["ig_manager"]), 404),
        ]:
            client.force_login(person)
            for address in ["", "rounds/1/", "rounds/1/record.pdf", "thread.json", "disposal/", "access/"]:
                gone = client.get(f"/decisions/{old.reference}/{address}")
                assert summary not in content_of(gone, status), address

    def test_is_kept_when_the_second_person_declines(
        self, old: Decision, ig_manager: User, colleague: User, client: Client
    ) -> None:
        where = f"/decisions/{old.reference}/disposal/"
        actions.propose_disposal(by=ig_manager, decision=old)
        client.force_login(colleague)
        assert "Say why it is to be kept." in text_of(client.post(where, {"answer": "decline"}))
        client.post(where, {"answer": "decline", "reason": "A complaint is open."})
        assert DisposalProposal.objects.get().answer.reason == "A complaint is open."
        assert client.get(old.get_absolute_url()).status_code == 200
