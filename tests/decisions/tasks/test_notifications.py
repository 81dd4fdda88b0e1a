"""Notifications about advice and reviews contain a link and a reference only."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from decisions import actions
from decisions.models import Round
from decisions.tasks import periodic
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from sharingwell.notifications.models import Kind, Notification
from sharingwell.tenancy.current import use_organisation
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory, recorded_round
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory
from tests.sharingwell.notifications.queue import send_all
from tests.sharingwell.reading import page

QUESTION = "Is the date enough?"


@pytest.fixture
def draft(guide: GuideVersion) -> Round:
    return DraftFactory(answers=ENOUGH_TO_RECORD)


@pytest.fixture
def colleague(draft: Round) -> User:
    return PersonFactory(team=TeamFactory(organisation=draft.decision.organisation))


@pytest.fixture
def ig_managers(draft: Round) -> list[User]:
    team = TeamFactory(organisation=draft.decision.organisation)
    return [PersonFactory(roles=["ig_manager"], team=team) for _ in range(2)]


def ask(draft: Round, **facts: Any) -> Any:
    return actions.ask_advice(by=draft.author, round=draft, question=QUESTION, **facts)


def newly_told() -> set[tuple[Any, ...]]:
    """Notifications created since the last call."""
    told = {(notice.to, notice.kind) for notice in Notification.objects.select_related("to")}
    Notification.objects.all().delete()
    return told


def waiting_page(client: Client) -> str:
    """Text of the inbox page, including the count in the header."""
    return " ".join(page(client.get("/decisions/waiting/")).get_text(" ").split())


class TestAdvice:
    def test_notifies_the_person_with_the_next_step(
        self, draft: Round, colleague: User, ig_managers: list[User]
    ) -> None:
        one, other = ig_managers
        advice = ask(draft, adviser=colleague)
        assert newly_told() == {(colleague, Kind.ADVICE_ASKED)}
        actions.send_back_advice(by=colleague, advice=advice, words="Which date?")
        assert newly_told() == {(draft.author, Kind.ADVICE_REPLIED)}
        actions.answer_adviser(by=draft.author, advice=advice, words="Of the eviction.")
        assert newly_told() == {(colleague, Kind.ADVICE_ASKED)}
        actions.release_advice(by=colleague, advice=advice)
        assert newly_told() == {(one, Kind.ADVICE_ASKED), (other, Kind.ADVICE_ASKED)}
        actions.take_advice(by=one, advice=advice)
        assert not newly_told()
        actions.hand_on_advice(by=one, advice=advice, to=other)
        assert newly_told() == {(other, Kind.ADVICE_ASKED)}
        actions.reply_to_advice(by=other, advice=advice, words="It is.")
        assert newly_told() == {(draft.author, Kind.ADVICE_REPLIED)}
        actions.settle_advice(by=draft.author, advice=advice, followed=True)
        assert not newly_told()

    def test_notifies_once_and_not_when_rolled_back(self, draft: Round, colleague: User) -> None:
        with transaction.atomic():
            ask(draft, adviser=colleague)
            transaction.set_rollback(True)
        assert not Notification.objects.exists()
        for _ in range(2):
            ask(draft, adviser=colleague)
        assert Notification.objects.count() == 1

    def test_that_is_urgent_sends_at_once_without_case_details(self, draft: Round, colleague: User) -> None:
        colleague.email_frequency = User.EmailFrequency.DAILY
        colleague.save()
        advice = ask(draft, adviser=colleague, urgent=True)
        send_all()
        [message] = mail.outbox
        assert message.to == [colleague.email]
        assert draft.decision.reference in message.body
        assert advice.get_absolute_url() in message.body
        for words in [QUESTION, draft.decision.summary, draft.author.name]:
            assert words not in f"{message.subject} {message.body}"

    def test_that_is_overdue_notifies_once(self, draft: Round, colleague: User) -> None:
        ask(draft, adviser=colleague, at=timezone.now() - datetime.timedelta(days=14))
        ask(draft, adviser=PersonFactory(team=colleague.team))
        newly_told()
        for _ in range(2):
            with serving(), use_organisation(None):
                periodic.remind(timestamp=0)
        assert [(each.to, each.kind) for each in Notification.objects.all()] == [
            (colleague, Kind.ADVICE_OVERDUE)
        ]

    def test_is_in_the_inbox_of_its_adviser_or_of_the_ig_team(
        self, draft: Round, colleague: User, ig_managers: list[User], client: Client
    ) -> None:
        ask(draft, adviser=colleague)
        advice = ask(draft, urgent=True)
        for person in [colleague, ig_managers[0]]:
            client.force_login(person)
            shown = waiting_page(client)
            assert "Waiting for me: 1" in shown
            assert draft.decision.summary in shown
        actions.take_advice(by=ig_managers[1], advice=advice)
        assert "Waiting for me: 0" in waiting_page(client)


class TestReviews:
    def test_that_ask_something_notify_the_responsible_person(
        self, guide: GuideVersion, client: Client
    ) -> None:
        author = PersonFactory()
        round = recorded_round(author=author)
        reviewer = PersonFactory(roles=["ig_manager"], team=author.team)
        actions.review_round(by=reviewer, round=round, finding="well-reasoned")
        assert not newly_told()
        actions.review_round(by=reviewer, round=round, finding="follow-up", comment="What came of it?")
        assert newly_told() == {(author, Kind.FOLLOW_UP_ASKED)}
        client.force_login(author)
        shown = waiting_page(client)
        assert "Waiting for me: 1" in shown
        assert "Follow up with the author" in shown

    def test_that_are_due_notify_the_ig_managers_after_the_month(self, guide: GuideVersion) -> None:
        author = PersonFactory()
        reviewer = PersonFactory(roles=["ig_manager"], team=author.team)
        last_month = timezone.now().replace(day=1) - datetime.timedelta(days=3)
        with serving(), use_organisation(None):
            periodic.remind(timestamp=0)
        assert not newly_told()
        round = DraftFactory(
            decision__author=author,
            decision__started_at=last_month,
            started_at=last_month,
            answers={**ENOUGH_TO_RECORD, "what.urgency": "now"},
        )
        actions.record_round(by=author, round=round, at=last_month)
        for _ in range(2):
            with serving(), use_organisation(None):
                periodic.remind(timestamp=0)
        assert [(each.to, each.kind) for each in Notification.objects.all()] == [(reviewer, Kind.REVIEW_DUE)]
