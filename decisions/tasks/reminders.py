"""Notifications caused by a date. Each of `REMINDERS` queries the current organisation."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from decisions.domain.periods import Month
from decisions.models import Advice, Decision, Hold, Round
from decisions.models.sample import not_reviewed
from decisions.tasks.notifications import who_may_reply
from sharingwell.accounts.models import Organisation, User
from sharingwell.notifications.actions import notify
from sharingwell.notifications.models import Kind
from sharingwell.tenancy.current import current_organisation


@dataclass(frozen=True)
class Reminder:
    """Arguments of `notify`. `event_key` contains the date if the reminder can recur on another."""

    to: User
    kind: Kind
    reference: str
    path: str
    event_key: str
    urgent: bool = False


Days = tuple[datetime.date, datetime.date]


def looks_again_due(days: Days) -> Iterator[Reminder]:
    """Remind the responsible person on the date to look at a decision again."""
    _, today = days
    with_state: Any = Decision.objects.with_state(today)
    found = with_state.filter(look_again_on__range=days)
    for decision in found.with_has_hand_over().select_related("author__team__organisation").iterator(500):
        yield Reminder(
            decision.responsible_person,
            Kind.LOOK_AGAIN,
            decision.reference,
            decision.get_absolute_url(),
            f"look-again-{decision.latest_round}-{decision.look_again_on}",
        )


def drafts_removed_soon(days: Days) -> Iterator[Reminder]:
    """Remind the author when the expiry of a draft is announced, unless it is on legal hold."""
    first, _ = days
    held = Hold.objects.in_force().filter(decision=OuterRef("decision"))
    announced = datetime.timedelta(days=settings.DRAFTS_ANNOUNCED_AFTER_DAYS)
    expiring: Any = Round.objects.expiring().filter(~Exists(held))
    found = expiring.filter(last_written__date__gte=first - announced)
    for draft in found.select_related("decision", "author__team__organisation").iterator(500):
        yield Reminder(
            draft.author,
            Kind.DRAFT_REMOVED_SOON,
            draft.decision.reference,
            draft.get_absolute_url(),
            f"draft-{draft.pk}-written-{timezone.localdate(draft.written_at)}",
        )


def advice_overdue(days: Days) -> Iterator[Reminder]:
    """Remind the people who may reply when the target time is over; again after each new question."""
    with_state: Any = Advice.objects.with_people().with_state(timezone.now())
    overdue = with_state.filter(is_overdue=True, waiting_since__date__gte=days[0])
    for advice in overdue.order_by("pk"):
        for person in who_may_reply(advice, advice.holder):
            yield Reminder(
                person,
                Kind.ADVICE_OVERDUE,
                advice.decision.reference,
                advice.get_absolute_url(),
                f"advice-{advice.pk}-overdue-{timezone.localdate(advice.waiting_since)}",
                advice.urgent,
            )


def reviews_due(days: Days) -> Iterator[Reminder]:
    """Remind the IG managers when a month is over and its sample is not fully reviewed."""
    _, today = days
    month = Month.of(today).before(1)
    acting = current_organisation()
    organisation = Organisation.objects.filter(pk=acting).first() if isinstance(acting, int) else None
    if organisation and not_reviewed(organisation, [month]).exists():
        for person in User.objects.ig_managers_of(organisation):
            yield Reminder(person, Kind.REVIEW_DUE, "", reverse("decisions:reviews"), f"review-due-{month}")


REMINDERS: list[Callable[[Days], Iterator[Reminder]]] = [
    looks_again_due,
    drafts_removed_soon,
    advice_overdue,
    reviews_due,
]


def remind(*, on: datetime.date | None = None) -> None:
    """Send the reminders that have come due in the current organisation. Running it again sends no duplicates.

    Looks back half as long as notifications are kept, so that a deleted notification is never sent again.
    `on` defaults to today.
    """
    on = on or timezone.localdate()
    days = (on - datetime.timedelta(days=settings.NOTIFICATIONS_KEPT_DAYS // 2), on)
    for find in REMINDERS:
        for reminder in find(days):
            notify(**vars(reminder))
