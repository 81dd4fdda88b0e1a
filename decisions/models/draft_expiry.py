"""Expiry of drafts that nobody edits: announced, then deleted. Derived from the last change."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import DateTimeField, Exists, F, Func, OuterRef
from django.db.models.functions import Greatest
from django.utils import timezone

from decisions.domain.periods import start_of_day

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


def last_written() -> Greatest:
    """SQL for the time a round was started or last saved."""
    last_saved = Func(
        F("saved"),
        template="(SELECT max((word.value ->> 'at')::timestamptz) FROM jsonb_each(%(expressions)s) AS word)",
        output_field=DateTimeField(),
    )
    return Greatest("started_at", last_saved)


Row = TypeVar("Row", bound=models.Model, covariant=True)


class DraftExpiryQuerySet(models.QuerySet[Row]):
    """Queryset methods for expiring drafts."""

    def by(self, user: User) -> Self:
        """Rounds by this author in their current organisation."""
        return self.filter(author=user, decision__organisation=user.organisation)

    def with_has_advice(self) -> Self:
        """Annotates `has_advice`, which saves a query in `is_expiring`."""
        facts: dict[str, Exists] = {
            "has_advice": Exists(self.filter(pk=OuterRef("pk"), advice__isnull=False))
        }
        return self.annotate(**facts)

    def expiring(self, on: datetime.date | None = None) -> Self:
        """Drafts whose removal is to be announced on this day, today unless given."""
        last_day = (on or timezone.localdate()) - datetime.timedelta(
            days=settings.DRAFTS_ANNOUNCED_AFTER_DAYS
        )
        return self.unchanged_since(start_of_day(last_day + datetime.timedelta(days=1)))

    def unchanged_since(self, moment: datetime.datetime) -> Self:
        """Drafts in which nothing has been written since this moment, and about which no advice was asked."""
        drafts = self.filter(recorded_at__isnull=True, started_at__lt=moment, advice__isnull=True)
        return drafts.annotate(last_written=last_written()).filter(last_written__lt=moment)


class DraftExpiry:
    """Expiry of one draft; mixed into `Round`."""

    if TYPE_CHECKING:
        started_at: datetime.datetime
        saved: dict[str, Any]
        recorded_at: datetime.datetime | None
        advice: Any

    has_advice: bool | None = None  # None if unknown; annotated by `.with_has_advice()`

    @property
    def written_at(self) -> datetime.datetime:
        """Time of the last change or extension."""
        saved = (datetime.datetime.fromisoformat(each["at"]) for each in self.saved.values())
        return max([self.started_at, *saved])

    @property
    def expires_on(self) -> datetime.date:
        """The day it will be deleted if nobody edits it."""
        return timezone.localdate(self.written_at) + datetime.timedelta(
            days=settings.DRAFTS_REMOVED_AFTER_DAYS
        )

    @property
    def is_expiring(self) -> bool:
        """Whether its removal is to be announced."""
        unchanged_for = timezone.localdate() - timezone.localdate(self.written_at)
        if self.recorded_at or unchanged_for.days < settings.DRAFTS_ANNOUNCED_AFTER_DAYS:
            return False
        return not (self.advice.exists() if self.has_advice is None else self.has_advice)
