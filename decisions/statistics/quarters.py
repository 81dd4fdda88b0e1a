"""Quarters of a calendar year, the only periods that patterns are shown for. Pure."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Europe/London")
NAMES = ("January to March", "April to June", "July to September", "October to December")
KEY = re.compile(r"(20\d\d)-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{NAMES[self.number - 1]} {self.year}"

    @property
    def key(self) -> str:
        """As an address has it."""
        return f"{self.year}-Q{self.number}"

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.number * 3 - 2, 1)

    @property
    def begins(self) -> datetime.datetime:
        """Its first moment, by the clock on the wall."""
        return datetime.datetime.combine(self.first_day, datetime.time.min, TIME_ZONE)

    @property
    def ends(self) -> datetime.datetime:
        """The first moment after it."""
        return self.later(1).begins

    def later(self, count: int) -> Quarter:
        year, number = divmod(self.year * 4 + self.number - 1 + count, 4)
        return Quarter(year, number + 1)

    def up_to_it(self, count: int) -> tuple[Quarter, ...]:
        """So many, of which it is the last."""
        return tuple(self.later(step) for step in range(1 - count, 1))


def quarter_of(day: datetime.date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def latest_ended(today: datetime.date) -> Quarter:
    """The one before the one that is running: what is still running changes from day to day."""
    return quarter_of(today).later(-1)


def quarter_named(key: str) -> Quarter | None:
    named = KEY.fullmatch(key)
    return Quarter(int(named[1]), int(named[2])) if named else None
