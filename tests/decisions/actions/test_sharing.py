"""Sharing a decision, handing it over, and losing access."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from decisions import actions, policies
from decisions.errors import NotAColleague, NotAllowed, NothingRecorded
from decisions.ledger.verification import Verification
from decisions.models import Decision, HandOver, LedgerEntry, Round, Share
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.decisions.factories import DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.usefixtures("guide_throughout")


@pytest.fixture
def round(guide: GuideVersion) -> Round:
    return recorded_round(author=PersonFactory(roles=["practitioner"]))


@pytest.fixture
def decision(round: Round) -> Decision:
    return round.decision


@pytest.fixture
def colleague(decision: Decision) -> User:
    return PersonFactory(roles=["practitioner"], team=decision.team)


@pytest.fixture
def manager(decision: Decision) -> User:
    return PersonFactory(roles=["manager"], team=decision.team)


def fresh(decision: Decision) -> Decision:
    return Decision.objects.get(pk=decision.pk)


class TestSharing:
    def test_lets_a_colleague_read_until_it_ends(
        self, decision: Decision, colleague: User, client: Client
    ) -> None:
        client.force_login(decision.author)
        where = f"{decision.get_absolute_url()}share/"
        response = client.post(where, {"email": colleague.email.upper()}, follow=True)
        assert f"{colleague} can read this decision now." in content_of(response)

        client.force_login(colleague)
        assert client.get(decision.get_absolute_url()).status_code == 200
        assert "Shared with me" in content_of(client.get("/decisions/"))

        client.force_login(decision.author)
        response = client.post(f"{where}{Share.objects.get().pk}/end/", follow=True)
        assert f"{colleague} cannot read this decision any more." in content_of(response)
        client.force_login(colleague)
        assert client.get(decision.get_absolute_url()).status_code == 404
        assert list(LedgerEntry.objects.filter(kind__startswith="share").values_list("kind", flat=True)) == [
            "share",
            "share_end",
        ]
        assert not list(Verification().faults())

    def test_shows_no_word_of_a_draft(self, decision: Decision, colleague: User, client: Client) -> None:
        draft = actions.start_round(by=decision.author, decision=decision, changed="They rang about the key.")
        actions.share_decision(by=decision.author, decision=decision, person=colleague)
        client.force_login(colleague)
        assert "about the key" not in content_of(client.get(decision.get_absolute_url()))
        assert client.get(f"{draft.get_absolute_url()}what/").status_code == 403

    def test_twice_shares_once(self, decision: Decision, colleague: User) -> None:
        share = actions.share_decision(by=decision.author, decision=decision, person=colleague)
        assert actions.share_decision(by=decision.author, decision=decision, person=colleague) == share
        end = actions.end_share(by=decision.author, share=share)
        assert actions.end_share(by=decision.author, share=share) == end
        actions.share_decision(by=decision.author, decision=decision, person=colleague)
        assert Share.objects.open().count() == 1

    def test_requires_a_recorded_round_to_share(self, colleague: User) -> None:
        draft = DraftFactory(author=PersonFactory(team=colleague.team, roles=["practitioner"]))
        draft.decision.author = draft.author
        with pytest.raises(NothingRecorded):
            policies.check_can_share(draft.author, draft.decision)

    @pytest.mark.parametrize("address", ["stranger@elsewhere.example", "", "nobody"])
    def test_with_somebody_elsewhere_is_refused_in_words(
        self, address: str, decision: Decision, client: Client
    ) -> None:
        PersonFactory(email="stranger@elsewhere.example")
        client.force_login(decision.author)
        response = client.post(f"{decision.get_absolute_url()}share/", {"email": address})
        assert "There is a problem" in content_of(response)
        assert not Share.objects.exists()

    def test_is_kept_in_the_organisation_by_the_database_too(self, decision: Decision) -> None:
        stranger = PersonFactory()
        with pytest.raises(NotAColleague):
            actions.share_decision(by=decision.author, decision=decision, person=stranger)
        with pytest.raises(IntegrityError, match="Only somebody of the organisation"), transaction.atomic():
            Share.objects.create(decision=decision, person=stranger, by=decision.author, at=timezone.now())


class TestHandingOver:
    def test_moves_a_decision_to_another_list_with_its_draft_and_all_that_can_be_done(
        self, decision: Decision, colleague: User, manager: User, client: Client
    ) -> None:
        draft = actions.start_round(by=decision.author, decision=decision, changed="They rang about the key.")
        client.force_login(manager)
        response = client.post(
            f"{decision.get_absolute_url()}hand-over/",
            {"email": colleague.email, "reason": "They have left us."},
            follow=True,
        )
        text = content_of(response)
        assert f"{colleague} looks after this decision now." in text
        for words in ["Looked after by", f"Handed over to {colleague}", "They have left us."]:
            assert words in text
        assert "about the key" not in text

        client.force_login(colleague)
        assert decision.summary in content_of(client.get("/decisions/"))
        assert "about the key" in content_of(client.get(decision.get_absolute_url()))
        assert client.get(f"{draft.get_absolute_url()}what/").status_code == 200

        client.force_login(decision.author)
        assert decision.summary not in content_of(client.get("/decisions/"))
        assert client.get(f"{draft.get_absolute_url()}what/").status_code == 403
        with pytest.raises(NotAllowed):
            actions.add_follow_up(by=decision.author, decision=fresh(decision), kind="received")
        actions.add_follow_up(by=colleague, decision=fresh(decision), kind="received")
        assert not list(Verification().faults())

    def test_can_be_done_again_and_the_last_one_counts(
        self, decision: Decision, colleague: User, manager: User
    ) -> None:
        actions.hand_over_decision(by=manager, decision=decision, to=colleague, reason="Away.")
        actions.hand_over_decision(by=manager, decision=decision, to=manager, reason="Back.")
        assert fresh(decision).responsible_person == manager
        assert fresh(decision) not in Decision.objects.visible_to(colleague)
        assert list(Decision.objects.assigned_to(manager)) == [decision]
        assert not Decision.objects.assigned_to(colleague).exists()

    def test_of_a_draft_alone_outlives_it(self, colleague: User, manager: User) -> None:
        author = PersonFactory(roles=["practitioner"], team=manager.team)
        draft = DraftFactory(decision__author=author)
        actions.hand_over_decision(by=manager, decision=draft.decision, to=colleague, reason="Left.")
        actions.discard_draft(by=colleague, round=draft)
        assert not Decision.objects.filter(pk=draft.decision_id).exists()
        assert HandOver.objects.count() == 1
        assert not list(Verification().faults())

    def test_requires_an_active_colleague_who_records_decisions(
        self, decision: Decision, manager: User
    ) -> None:
        for person in [
            PersonFactory(roles=["guide_editor"], team=decision.team),
            PersonFactory(roles=["practitioner"], team=decision.team, is_active=False),
            PersonFactory(roles=["practitioner"]),
            decision.author,
        ]:
            assert not policies.can_be_handed(person, decision)
            with pytest.raises(NotAColleague):
                actions.hand_over_decision(by=manager, decision=decision, to=person, reason="Left.")

    def test_is_part_of_the_copy_of_all_rounds(
        self, decision: Decision, colleague: User, manager: User, client: Client
    ) -> None:
        actions.hand_over_decision(by=manager, decision=decision, to=colleague, reason="They left.")
        client.force_login(colleague)
        assert "HANDED OVER TO" in content_of(client.get(f"{decision.get_absolute_url()}thread.txt"))


def test_deactivated_people_lose_access_at_their_next_request(decision: Decision, client: Client) -> None:
    client.force_login(decision.author)
    assert client.get(decision.get_absolute_url()).status_code == 200
    User.objects.filter(pk=decision.author_id).update(is_active=False)
    response: Any = client.get(decision.get_absolute_url())
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_a_person_who_moves_to_another_organisation_leaves_its_decisions_behind(
    decision: Decision, client: Client
) -> None:
    author = decision.author
    author.team = PersonFactory().team
    author.save()
    client.force_login(author)
    assert client.get(decision.get_absolute_url()).status_code == 404
    assert decision.summary not in content_of(client.get("/decisions/"))
