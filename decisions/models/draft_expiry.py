"""Drafts that nobody writes in any more: announced for a while, then removed. When that was is derived."""

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
    """Of a round, in SQL: when it was begun, or a word of it last saved."""
    last_saved = Func(
        F("saved"),
        template="(SELECT max((word.value ->> 'at')::timestamptz) FROM jsonb_each(%(expressions)s) AS word)",
        output_field=DateTimeField(),
    )
    return Greatest("started_at", last_saved)


Row = TypeVar("Row", bound=models.Model, covariant=True)


class DraftExpiryQuerySet(models.QuerySet[Row]):
    """For the rounds' own: drafts by when they were last written in."""

    def by(self, user: User) -> Self:
        """Those this person writes or has written, in the organisation they work for."""
        return self.filter(author=user, decision__organisation=user.organisation)

    def with_is_asked_about(self) -> Self:
        """So that `is_expiring` asks for none."""
        asked: dict[str, Exists] = {
            "is_asked_about": Exists(self.filter(pk=OuterRef("pk"), advice__isnull=False))
        }
        return self.annotate(**asked)

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
    """For `Round`: when it goes if nobody writes in it."""

    if TYPE_CHECKING:
        started_at: datetime.datetime
        saved: dict[str, Any]
        recorded_at: datetime.datetime | None
        advice: Any

    is_asked_about: bool | None = None  # unless asked for with `.with_is_asked_about()`

    @property
    def written_at(self) -> datetime.datetime:
        """When somebody last wrote in it, or said that it is still needed."""
        saved = (datetime.datetime.fromisoformat(each["at"]) for each in self.saved.values())
        return max([self.started_at, *saved])

    @property
    def expires_on(self) -> datetime.date:
        """The day on which it goes, as things stand."""
        return timezone.localdate(self.written_at) + datetime.timedelta(
            days=settings.DRAFTS_REMOVED_AFTER_DAYS
        )

    @property
    def is_expiring(self) -> bool:
        """Whether its removal is to be announced."""
        unchanged_for = timezone.localdate() - timezone.localdate(self.written_at)
        if self.recorded_at or unchanged_for.days < settings.DRAFTS_ANNOUNCED_AFTER_DAYS:
            return False
        return not (self.advice.exists() if self.is_asked_about is None else self.is_asked_about)
