"""Reminders are sent once to the responsible people."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from time_machine import TimeMachineFixture

from decisions import actions
from decisions.models import Round
from decisions.tasks import periodic, reminders
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from sharingwell.notifications.actions import delete_old_notifications
from sharingwell.notifications.models import Kind, Notification
from sharingwell.tenancy.current import use_organisation
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.notifications.queue import send_all


@pytest.fixture
def author(guide: GuideVersion) -> User:
    return PersonFactory()


def day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def to_look_again(author: User, days: int) -> Round:
    return recorded_round(author=author, answers={"decide.review_on": day(days).isoformat()})


def old_draft(author: User, days: int) -> Round:
    began = timezone.now() - datetime.timedelta(days=days)
    return DraftFactory(decision=DecisionFactory(author=author, started_at=began), started_at=began)


def remind() -> None:
    """Runs as the worker does, with the application role."""
    with serving(), use_organisation(None):
        periodic.remind(timestamp=0)


def told() -> set[tuple[Any, ...]]:
    return {(notice.to, notice.kind, notice.path) for notice in Notification.objects.select_related("to")}


def test_responsible_people_of_every_organisation_are_reminded(author: User) -> None:
    due, elsewhere = to_look_again(author, 0), to_look_again(PersonFactory(), -3)
    to_look_again(author, 1)
    to_look_again(author, -200)  # before the look-back period
    draft = old_draft(author, 31)
    old_draft(author, 29)
    for _ in range(2):
        remind()
    assert told() == {
        (author, Kind.LOOK_AGAIN, due.decision.get_absolute_url()),
        (elsewhere.author, Kind.LOOK_AGAIN, elsewhere.decision.get_absolute_url()),
        (author, Kind.DRAFT_REMOVED_SOON, draft.get_absolute_url()),
    }
    send_all()
    assert len(mail.outbox) == 3
    assert all(due.decision.summary not in message.body for message in mail.outbox)


def test_a_hand_over_changes_the_recipient_and_a_new_date_reminds_again(author: User) -> None:
    round = to_look_again(author, 0)
    remind()
    manager = PersonFactory(roles=["manager"], team=author.team)
    taker = PersonFactory(team=author.team)
    actions.hand_over_decision(by=manager, decision=round.decision, to=taker, reason="They have left.")
    remind()
    actions.move_look_again(by=taker, decision=round.decision, look_again_on=day(4), reason="They are away.")
    remind()
    assert [notice.to for notice in Notification.objects.all()] == [author, taker]
    with use_organisation(author.organisation):
        reminders.remind(on=day(4))
    assert [notice.to for notice in Notification.objects.all()] == [author, taker, taker]


def test_settled_or_kept_items_cause_no_reminder(author: User) -> None:
    due = to_look_again(author, 0)
    round = to_look_again(author, 0)
    actions.close_decision(by=author, decision=round.decision, reason="They have moved.")
    draft = old_draft(author, 31)
    actions.keep_draft(by=author, round=draft)
    held = actions.start_round(by=author, decision=recorded_round(author=author).decision, changed="")
    ig_manager = PersonFactory(roles=["ig_manager"], team=author.team)
    actions.hold_decision(by=ig_manager, decision=held.decision, reason="A court has asked.")
    Round.objects.filter(pk=held.pk).update(started_at=timezone.now() - datetime.timedelta(days=40), saved={})
    remind()
    assert told() == {(author, Kind.LOOK_AGAIN, due.decision.get_absolute_url())}


def test_no_reminder_is_sent_again_after_its_notification_is_deleted(
    author: User, time_machine: TimeMachineFixture
) -> None:
    """The look-back period is shorter than the retention of notifications."""
    now = timezone.now()
    to_look_again(author, 0)
    draft = old_draft(author, 31)
    waits = to_look_again(author, 300)
    adviser = PersonFactory(team=author.team)
    long_ago = now - datetime.timedelta(days=14)
    actions.ask_advice(by=author, round=waits, question="May we?", adviser=adviser, at=long_ago)
    remind()
    told_once = set(Notification.objects.values_list("pk", flat=True))
    assert told() >= {
        (author, Kind.DRAFT_REMOVED_SOON, draft.get_absolute_url()),
        (adviser, Kind.ADVICE_OVERDUE, waits.advice.get().get_absolute_url()),
    }
    assert len(told_once) == 4  # that advice is asked, too
    for days in range(5, 200, 5):
        time_machine.move_to(now + datetime.timedelta(days=days))
        with use_organisation(author.organisation):
            delete_old_notifications()
        remind()
        assert told_once.issuperset(Notification.objects.values_list("pk", flat=True)), (
            f"told again after {days} days"
        )
    assert not Notification.objects.exists()


def test_expired_drafts_of_every_organisation_are_deleted_daily(author: User) -> None:
    old_draft(author, 61), old_draft(PersonFactory(), 61)
    young = old_draft(author, 59)
    with serving(), use_organisation(None):
        periodic.delete_expired_drafts(timestamp=0)
    assert Round.objects.get() == young
