"""The expiry of unchanged drafts: announced, then deleted."""

from __future__ import annotations

import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from decisions import actions
from decisions.ledger.verification import Verification
from decisions.models import Access, Decision, Round
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of


@pytest.fixture
def author(guide: GuideVersion) -> User:
    return PersonFactory()


def days_ago(days: int) -> datetime.datetime:
    """At the same local time, across changes to and from summer time."""
    return timezone.localtime() - datetime.timedelta(days=days)


def draft_of(author: User, days: int, **draft: object) -> Round:
    decision = DecisionFactory(author=author, started_at=days_ago(days))
    return DraftFactory(decision=decision, started_at=days_ago(days), **draft)


def saved(days: int) -> dict[str, dict[str, object]]:
    return {
        "what.request": {"at": days_ago(days + 5).isoformat(), "page": "a", "revision": 1},
        "why.purpose": {"at": days_ago(days).isoformat(), "page": "a", "revision": 2},
    }


def delete_expired_drafts() -> str:
    printed = StringIO()
    call_command("delete_expired_drafts", stdout=printed)
    return printed.getvalue()


class TestADraftOfSixtyDays:
    def test_is_deleted_with_its_decision(self, author: User) -> None:
        draft_of(author, 60)
        young = draft_of(author, 59)
        assert delete_expired_drafts() == "1 draft removed.\n"
        assert Round.objects.get() == young
        assert Decision.objects.get() == young.decision

    def test_with_later_changes_stays(self, author: User) -> None:
        draft_of(author, 90, saved=saved(59))
        assert delete_expired_drafts() == "0 drafts removed.\n"
        draft_of(author, 90, saved=saved(60))
        assert delete_expired_drafts() == "1 draft removed.\n"

    def test_keeps_recorded_rounds_and_the_access_log(self, author: User) -> None:
        decision = recorded_round(author=author).decision
        draft = DraftFactory(decision=decision, number=2, started_at=days_ago(61))
        look = actions.log_access(by=author, decision=decision, round_number=2, page="x", channel="page")
        delete_expired_drafts()
        assert not Round.objects.filter(pk=draft.pk).exists()
        assert decision.rounds.get().is_recorded
        assert Access.objects.get() == look
        assert not list(Verification().faults())

    def test_stays_while_its_decision_is_on_legal_hold(self, author: User) -> None:
        decision = recorded_round(author=author).decision
        DraftFactory(decision=decision, number=2, started_at=days_ago(61))
        ig_manager = PersonFactory(roles=["ig_manager"], team=author.team)
        hold = actions.hold_decision(by=ig_manager, decision=decision, reason="A court has asked.")
        assert delete_expired_drafts() == "0 drafts removed.\n"
        actions.lift_hold(by=ig_manager, hold=hold, reason="It is over.")
        assert delete_expired_drafts() == "1 draft removed.\n"

    def test_has_a_configurable_age(self, author: User, settings: Any) -> None:
        settings.DRAFTS_REMOVED_AFTER_DAYS = 10
        draft_of(author, 10)
        draft_of(author, 9)
        assert delete_expired_drafts() == "1 draft removed.\n"

    def test_is_deleted_on_the_date_announced(self, author: User) -> None:
        draft = draft_of(author, 40)
        on = datetime.datetime.combine(
            draft.expires_on, datetime.time(0, 30), timezone.get_current_timezone()
        )
        assert actions.delete_expired_drafts(now=on - datetime.timedelta(hours=1)) == 0
        assert actions.delete_expired_drafts(now=on) == 1


class TestWritingInADraft:
    def test_is_dated_alike_in_python_and_in_the_database(self, author: User) -> None:
        draft = draft_of(author, 90, saved=saved(31))
        [found] = Round.objects.expiring()
        assert found.last_written == found.written_at == draft.written_at
        assert draft.is_expiring

    @pytest.mark.parametrize("by", ["saving", "describing", "keeping"])
    def test_postpones_its_expiry(self, author: User, by: str) -> None:
        draft = draft_of(author, 59)
        match by:
            case "saving":
                actions.save_answers(by=author, round=draft, answers={"what.request": "A room"})
            case "describing":
                about = {"direction": "asked", "summary": "Another", "case_reference": ""}
                actions.describe_decision(by=author, decision=draft.decision, words=about)
            case "keeping":
                actions.keep_draft(by=author, round=draft)
        draft.refresh_from_db()
        assert not draft.is_expiring
        assert draft.expires_on == timezone.localdate() + datetime.timedelta(days=60)

    def test_is_saved_after_the_draft_was_kept(self, author: User) -> None:
        draft = draft_of(author, 59)
        actions.keep_draft(by=author, round=draft)
        saving = actions.save_answers(by=author, round=draft, answers={"what.request": "A room"})
        assert saving.words["what.request"] == "A room"


class TestItsWriter:
    def test_is_told_from_the_thirtieth_day_and_can_keep_it(self, author: User, client: Client) -> None:
        client.force_login(author)
        draft = draft_of(author, 30)
        announced = f"{draft.expires_on:%-d %B %Y}"
        for where in ["/decisions/", draft.get_absolute_url()]:
            assert announced in content_of(client.get(where))
        response = client.post(f"{draft.get_absolute_url()}keep/", follow=True)
        assert "The draft is kept." in content_of(response)
        assert announced not in content_of(response)
        assert "have not written in" not in content_of(client.get("/decisions/"))

    def test_is_not_told_before(self, author: User, client: Client) -> None:
        client.force_login(author)
        draft = draft_of(author, 29)
        for where in ["/decisions/", draft.get_absolute_url()]:
            assert f"{draft.expires_on:%-d %B %Y}" not in content_of(client.get(where))

    def test_only_they_can_keep_it(self, author: User, client: Client) -> None:
        draft = draft_of(author, 59)
        client.force_login(PersonFactory(roles=["ig_manager"], team=author.team))
        assert client.post(f"{draft.get_absolute_url()}keep/").status_code == 403
