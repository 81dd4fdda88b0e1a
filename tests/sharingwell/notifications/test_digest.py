"""Daily emails: one per day with all that is new, and none where there is nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone

from sharingwell.accounts.models import User
from sharingwell.notifications import sending, tasks
from sharingwell.notifications.actions import delete_old_notifications, make_digests
from sharingwell.notifications.models import Email, Kind, Notification
from sharingwell.tenancy.current import use_organisation
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.notifications.queue import queued, send_all

Tell = Callable[..., Notification | None]


@pytest.fixture
def person(db: None) -> User:
    return PersonFactory(email_frequency=User.EmailFrequency.DAILY)


def the_day_ends() -> None:
    """Runs with the application role for each organisation, as the worker does."""
    with serving(), use_organisation(None):
        tasks.send_digests(timestamp=0)
    send_all()


def test_is_one_email_with_the_references_and_links_of_the_day(tell: Tell, person: User) -> None:
    tell()
    tell(kind=Kind.REVIEW_DUE, reference="SW-6789-2345", path="/review/7/", event_key="review-7")
    assert not queued()
    for _ in range(2):
        the_day_ends()
    [message] = mail.outbox
    assert message.subject == "Sharing well: what waits for you"
    for words in [
        "Somebody asks for your advice\nReference: SW-2345-6789\nhttp://127.0.0.1:8000/advice/12/\n",
        "A decision is due for review\nReference: SW-6789-2345\nhttp://127.0.0.1:8000/review/7/\n",
        "http://127.0.0.1:8000/accounts/emails/\n",
    ]:
        assert words in message.body


def test_of_very_many_is_one_email_that_names_the_first_and_leads_to_all(
    tell: Tell, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MAX_NOTIFICATIONS", 3)
    for count, leads_on in [(3, False), (5, True)]:
        Email.objects.all().delete()
        for number in range(count):
            tell(event_key=f"of-{count}-{number}", path=f"/advice/{number}/")
        the_day_ends()
        body = mail.outbox.pop().body
        assert not mail.outbox
        assert [f"/advice/{number}/" in body for number in range(5)] == [True, True, True, False, False]
        assert ("There is more." in body and "/decisions/waiting/\n" in body) is leads_on
        assert "\n\n\n" not in body


def test_leaves_what_comes_after_it_to_the_next_day_and_is_none_when_nothing_is_new(
    tell: Tell, person: User
) -> None:
    tell()
    the_day_ends()
    tell(event_key="advice-13-asked", path="/advice/13/")
    the_day_ends()
    assert len(mail.outbox) == 1
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with use_organisation(person.organisation):
        assert [make_digests(day=tomorrow), make_digests(day=tomorrow)] == [1, 0]
        assert make_digests(day=tomorrow + datetime.timedelta(days=1)) == 0
    send_all()
    assert ["/advice/12/" in message.body for message in mail.outbox] == [True, False]


def test_does_not_wait_with_what_is_urgent_or_with_an_invitation(tell: Tell, person: User) -> None:
    tell(urgent=True)
    tell(kind=Kind.INVITATION, event_key="invited", path="", reference="")
    send_all()
    assert len(mail.outbox) == 2
    the_day_ends()
    assert len(mail.outbox) == 2


def test_is_not_made_for_inactive_people(tell: Tell, person: User) -> None:
    tell()
    User.objects.filter(pk=person.pk).update(is_active=False)
    the_day_ends()
    assert not Email.objects.exists()
    User.objects.filter(pk=person.pk).update(is_active=True)
    the_day_ends()
    assert len(mail.outbox) == 1


def test_sends_pending_notifications_after_the_choice_changed(tell: Tell, person: User) -> None:
    tell()
    User.objects.filter(pk=person.pk).update(email_frequency=User.EmailFrequency.AT_ONCE)
    the_day_ends()
    assert len(mail.outbox) == 1


def test_old_notifications_are_deleted_sent_or_not(tell: Tell, person: User) -> None:
    tell()
    the_day_ends()
    tell(event_key="advice-13-asked")
    with use_organisation(person.organisation):
        assert delete_old_notifications() == 0
        assert delete_old_notifications(now=timezone.now() + datetime.timedelta(days=91)) == 2
    assert not Notification.objects.exists()
    assert not Email.objects.exists()
