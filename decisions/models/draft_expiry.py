"""Expiry of drafts that nobody edits: announced, then deleted. Derived from the last change."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import DateTimeField, Exists, F, Func, OuterRef
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Now
from django.utils import timezone

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

    def expiring(self) -> Self:
        """Drafts whose deletion must be announced."""
        return self.unchanged_since(Now() - datetime.timedelta(days=settings.DRAFTS_ANNOUNCED_AFTER_DAYS))

    def unchanged_since(self, moment: datetime.datetime | Combinable) -> Self:
        """Drafts not edited since this moment and without advice."""
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
        """Whether its deletion must be announced."""
        for_days = datetime.timedelta(days=settings.DRAFTS_ANNOUNCED_AFTER_DAYS)
        is_old = self.recorded_at is None and timezone.now() - self.written_at >= for_days
        if not is_old:
            return False
        return not (self.advice.exists() if self.has_advice is None else self.has_advice)
