"""Notifies people by email. A notification is queued in the transaction of its event."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from sharingwell.accounts.models import Organisation, User
from sharingwell.notifications.models import ABOUT_THE_ACCOUNT, Email, Kind, Notification
from sharingwell.tenancy.current import use_organisation


@transaction.atomic
def notify(
    *, to: User, kind: Kind | str, event_key: str, reference: str = "", path: str = "", urgent: bool = False
) -> Notification | None:
    """Notify this person by email. Call it in the transaction that records the event.

    `event_key` identifies the event, such as “advice-12-asked”: a second call for the same person does nothing. `path`
    is where the email links to. Urgent notifications and those about the account are sent at once, others as the person
    chose. Returns None for an inactive person. Works for the person's organisation, not the caller's.
    """
    if not to.is_active:
        return None
    with use_organisation(to.organisation):
        now = timezone.now()
        defaults = {
            "organisation": to.organisation,
            "kind": kind,
            "reference": reference,
            "path": path,
            "is_urgent": urgent,
            "created_at": now,
        }
        notification, is_new = Notification.objects.get_or_create(
            to=to, event_key=event_key, defaults=defaults
        )
        if is_new and (
            urgent or kind in ABOUT_THE_ACCOUNT or to.email_frequency == User.EmailFrequency.AT_ONCE
        ):
            notification.email = _queue(
                Email(organisation=to.organisation, to=to, created_at=now), first=urgent
            )
            notification.save(update_fields=["email"])
    return notification


@transaction.atomic
def send_again(*, to: User) -> int:
    """Queue this person's failed emails again, as after their address was corrected. Returns how many."""
    with use_organisation(to.organisation):
        failed = list(Email.objects.failed().filter(to=to).select_for_update())
        for email in failed:
            email.failed_at = None
            _queue(email)
    return len(failed)


def _queue(email: Email, *, first: bool = False) -> Email:
    """Save the email and queue its job; `first` gives the job a higher priority."""
    email.save()
    job = app.configure_task("send_email", priority=1 if first else 0)
    job.defer(organisation=email.organisation_id, email=email.pk)
    return email


def make_digests(*, day: datetime.date | None = None) -> int:
    """Make the daily email of each person with pending notifications, for the current organisation.

    Returns how many were made; a second run on the same day makes none. `day` defaults to today.
    """
    day = day or timezone.localdate()
    pending = Notification.objects.due_for_digest().exclude(to__in=Email.objects.filter(day=day).values("to"))
    people = pending.order_by("to").values_list("to", flat=True).distinct()
    return sum(_make_digest(person, day) for person in list(people))


@transaction.atomic
def _make_digest(person: int, day: datetime.date) -> bool:
    to = User.objects.select_for_update(of=["self"]).get(pk=person)  # serialises concurrent workers
    pending = Notification.objects.due_for_digest().filter(to=to)
    if Email.objects.filter(to=to, day=day).exists() or not pending.exists():
        return False
    email = _queue(Email(organisation=to.organisation, to=to, day=day, created_at=timezone.now()))
    pending.update(email=email)
    return True


def delete_old_notifications(*, now: datetime.datetime | None = None) -> int:
    """Delete notifications and emails older than NOTIFICATIONS_KEPT_DAYS, sent or not, for the current organisation.

    Those unsent by then belong to people who have left.
    """
    before = (now or timezone.now()) - datetime.timedelta(days=settings.NOTIFICATIONS_KEPT_DAYS)
    with transaction.atomic():
        removed, _ = Notification.objects.filter(created_at__lt=before).delete()
        Email.objects.filter(created_at__lt=before, notifications=None).delete()
    return removed


def every_organisation() -> list[Organisation | None]:
    """All organisations, then None for people who belong to none."""
    return [*Organisation.objects.order_by("pk"), None]
