"""Drafts that nobody writes in any more: announced for a while, then removed. When that was is derived."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import DateTimeField, F, Func
from django.db.models.functions import Greatest
from django.utils import timezone


def last_written() -> Greatest:
    """Of a round, in SQL: when it was begun, or a word of it last saved."""
    last_saved = Func(
        F("saved"),
        template="(SELECT max((word.value ->> 'at')::timestamptz) FROM jsonb_each(%(expressions)s) AS word)",
        output_field=DateTimeField(),
    )
    return Greatest("started_at", last_saved)


class Untouched:
    """For `Round`: when it goes if nobody writes in it."""

    if TYPE_CHECKING:
        started_at: datetime.datetime
        saved: dict[str, Any]
        recorded_at: datetime.datetime | None

    @property
    def written_at(self) -> datetime.datetime:
        """When somebody last wrote in it, or said that it is still needed."""
        saved = (datetime.datetime.fromisoformat(each["at"]) for each in self.saved.values())
        return max([self.started_at, *saved])

    @property
    def removed_on(self) -> datetime.date:
        """The day on which it goes, as things stand."""
        return timezone.localdate(self.written_at) + datetime.timedelta(
            days=settings.DRAFTS_REMOVED_AFTER_DAYS
        )

    @property
    def is_forgotten(self) -> bool:
        """Whether its removal is to be announced."""
        for_days = datetime.timedelta(days=settings.DRAFTS_ANNOUNCED_AFTER_DAYS)
        return self.recorded_at is None and timezone.now() - self.written_at >= for_days
