"""Months by the calendar on the wall. Pure."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.utils import timezone

WRITTEN = re.compile(r"(?P<year>[1-9][0-9]{3})-(?P<month>0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: datetime.date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def read(cls, written: str) -> Month | None:
        """From `2026-11`; None for whatever else is written."""
        match = WRITTEN.fullmatch(written)
        return cls(int(match["year"]), int(match["month"])) if match else None

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def name(self) -> str:
        return f"{self.first_day:%B %Y}"

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.number, 1)

    @property
    def last_day(self) -> datetime.date:
        return self.after().first_day - datetime.timedelta(days=1)

    @property
    def begins(self) -> datetime.datetime:
        midnight = datetime.datetime.combine(self.first_day, datetime.time.min)
        return midnight.replace(tzinfo=timezone.get_default_timezone())

    @property
    def ends(self) -> datetime.datetime:
        """The first moment after it."""
        return self.after().begins

    def after(self, months: int = 1) -> Month:
        years, month = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, month + 1)

    def before(self, months: int = 1) -> Month:
        return self.after(-months)
