"""A notification is queued with its event, once, and holds nothing of a decision."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection, transaction

from sharingwell.accounts.models import User
from sharingwell.database.checks import check_serving_role
from sharingwell.database.timeouts import SERVING, use_timeouts
from sharingwell.notifications.models import ABOUT_THE_ACCOUNT, Email, Kind, Notification
from sharingwell.notifications.tasks import send_email
from sharingwell.tenancy.current import use_organisation
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.notifications.queue import after, queued, send_all

Tell = Callable[..., Notification | None]


class TestAnEvent:
    def test_is_notified_once(self, tell: Tell, person: User) -> None:
        for _ in range(3):
            tell()
        tell(event_key="advice-13-asked")
        tell(to=PersonFactory(team=person.team))
        send_all()
        send_all()
        assert sorted(message.to[0] for message in mail.outbox).count(person.email) == 2
        assert len(mail.outbox) == 3

    def test_is_not_notified_after_a_rollback(self, tell: Tell) -> None:
        with transaction.atomic():
            tell()
            transaction.set_rollback(True)
        assert not queued()
        assert not Notification.objects.exists()
        assert tell() == Notification.objects.get()

    def test_is_not_sent_to_people_who_left_or_changed_organisation(self, tell: Tell, person: User) -> None:
        tell()
        elsewhere = PersonFactory()
        User.objects.filter(pk=person.pk).update(team=elsewhere.team)
        gone = PersonFactory(is_active=False)
        assert tell(to=gone) is None
        leaving = PersonFactory()
        tell(to=leaving)
        User.objects.filter(pk=leaving.pk).update(is_active=False)
        assert len(queued()) == 2
        send_all()
        assert not mail.outbox

    def test_holds_keys_alone_in_the_queue(self, tell: Tell, person: User) -> None:
        tell()
        assert queued() == [{"organisation": person.organisation.pk, "email": Email.objects.get().pk}]


class TestAnEmail:
    @pytest.mark.parametrize("kind", sorted(set(Kind) - ABOUT_THE_ACCOUNT))
    def test_has_a_reference_and_a_link(self, tell: Tell, person: User, kind: Kind) -> None:
        tell(kind=kind)
        send_all()
        [message] = mail.outbox
        assert message.to == [person.email]
        assert message.subject == kind.label
        assert "Reference: SW-2345-6789\n" in message.body
        assert "http://127.0.0.1:8000/advice/12/\n" in message.body
        assert "http://127.0.0.1:8000/accounts/emails/\n" in message.body
        assert person.name not in message.body
        assert "\n\n\n" not in message.body

    def test_about_what_is_urgent_says_so(self, tell: Tell) -> None:
        tell(urgent=True)
        send_all()
        assert mail.outbox[0].subject == "Urgent: Somebody asks for your advice"
        assert "It is urgent." in mail.outbox[0].body

    def test_that_has_been_sent_is_marked_and_named(self, tell: Tell) -> None:
        tell()
        send_all()
        email = Email.objects.get()
        assert email.sent_at
        assert mail.outbox[0].extra_headers["Message-ID"] == f"<{email.message_id}@127.0.0.1>"


class TestTheWall:
    def test_notifications_of_other_organisations_are_hidden_from_the_application_role(
        self, tell: Tell, person: User
    ) -> None:
        other = PersonFactory(team=None, is_superuser=True)
        for who in [person, other]:
            tell(to=who)
        for organisation in [person.organisation, PersonFactory().organisation, None]:
            with serving(), use_organisation(organisation):
                seen = [*Notification.objects.all(), *Email.objects.all()]
                assert {row.organisation for row in seen} <= {organisation}
                assert len(seen) == (0 if organisation not in {person.organisation, None} else 2)

    def test_holds_in_the_background(self, tell: Tell, person: User) -> None:
        """A job with another organisation's key finds no email."""
        tell()
        [arguments] = queued()
        with serving(), use_organisation(None):
            send_email(after(0), **{**arguments, "organisation": PersonFactory().organisation.pk})
        assert not mail.outbox

    def test_stands_in_both_tables(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE notifications_email NO FORCE ROW LEVEL SECURITY")
        with serving(), use_timeouts(SERVING):
            [fault] = check_serving_role(databases=["default"])
        assert fault.id == "sharingwell.E004"
        assert "notifications_email" in fault.msg
