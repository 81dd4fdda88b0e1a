"""Tell a person that something waits for them. What is told is queued with the fact, or not at all."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from sharingwell.accounts.models import Organisation, User
from sharingwell.notifications.models import Email, Kind, Notification
from sharingwell.tenancy.current import use_organisation


@transaction.atomic
def notify(
    *, to: User, kind: Kind | str, fact: str, reference: str = "", path: str = "", urgent: bool = False
) -> Notification | None:
    """Tell this person, by email, that something waits for them. Call it in the transaction that states the fact.

    `fact` is a short name for it, such as "advice-12-asked", of which a person is told once however often this is
    called. `path` is where to go. What is urgent comes at once, whatever they have chosen. None where the person has
    left. It works for the person's organisation, whichever the caller works for.
    """
    if not to.is_active:
        return None
    with use_organisation(to.organisation):
        at = timezone.now()
        about = {"organisation": to.organisation, "kind": kind, "reference": reference, "path": path}
        notification, is_new = Notification.objects.get_or_create(
            to=to, fact=fact, defaults={**about, "is_urgent": urgent, "made_at": at}
        )
        if is_new and (urgent or kind == Kind.INVITATION or to.emails == User.Emails.AT_ONCE):
            notification.email = _queue(Email(organisation=to.organisation, to=to, made_at=at), first=urgent)
            notification.save(update_fields=["email"])
    return notification


@transaction.atomic
def send_again(*, to: User) -> int:
    """Queue what was given up for this person, as when their address was wrong; gives how many emails."""
    with use_organisation(to.organisation):
        failed = list(Email.objects.failed().filter(to=to).select_for_update())
        for email in failed:
            email.failed_at = None
            _queue(email)
    return len(failed)


def _queue(email: Email, *, first: bool = False) -> Email:
    """`first`: before whatever else waits to be sent."""
    email.save()
    job = app.configure_task("send_email", priority=1 if first else 0)
    job.defer(organisation=email.organisation_id, email=email.pk)
    return email


def make_digests(*, day: datetime.date | None = None) -> int:
    """One email to each person of whom notices wait for the daily one; gives how many. Again on one day, none more.

    `day` is today, unless said otherwise. For the organisation that is worked for.
    """
    day = day or timezone.localdate()
    waiting = Notification.objects.for_the_next_digest().exclude(
        to__in=Email.objects.filter(day=day).values("to")
    )
    people = waiting.order_by("to").values_list("to", flat=True).distinct()
    return sum(_make_digest(person, day) for person in list(people))


@transaction.atomic
def _make_digest(person: int, day: datetime.date) -> bool:
    to = User.objects.select_for_update(of=["self"]).get(pk=person)  # two sweeps at once make one email
    waiting = Notification.objects.for_the_next_digest().filter(to=to)
    if Email.objects.filter(to=to, day=day).exists() or not waiting.exists():
        return False
    email = _queue(Email(organisation=to.organisation, to=to, day=day, made_at=timezone.now()))
    waiting.update(email=email)
    return True


def delete_old_notifications(*, now: datetime.datetime | None = None) -> int:
    """Notices and emails that were made NOTIFICATIONS_KEPT_DAYS ago go, sent or not: who was to be told has left.

    For the organisation that is worked for.
    """
    before = (now or timezone.now()) - datetime.timedelta(days=settings.NOTIFICATIONS_KEPT_DAYS)
    with transaction.atomic():
        removed, _ = Notification.objects.filter(made_at__lt=before).delete()
        Email.objects.filter(made_at__lt=before, notifications=None).delete()
    return removed


def every_organisation() -> list[Organisation | None]:
    """Whom to work for, one after the other, None being for those who belong to none."""
    return [*Organisation.objects.order_by("pk"), None]
