"""Calendar months and quarters in UK time. Pure."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from decisions.domain.working_time import TIME_ZONE

MONTH = re.compile(r"(?P<year>[1-9][0-9]{3})-(?P<month>0[1-9]|1[0-2])")
QUARTER_NAMES = ("January to March", "April to June", "July to September", "October to December")
QUARTER_KEY = re.compile(r"(20\d\d)-Q([1-4])")


def start_of_day(day: datetime.date) -> datetime.datetime:
    """The first moment of a day in the United Kingdom."""
    return datetime.datetime.combine(day, datetime.time.min, TIME_ZONE)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: datetime.date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month | None:
        """Parses `2026-11`; returns None for anything else."""
        match = MONTH.fullmatch(text)
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
        """Its first moment."""
        return start_of_day(self.first_day)

    @property
    def ends(self) -> datetime.datetime:
        """The first moment after it."""
        return self.after().begins

    def after(self, months: int = 1) -> Month:
        years, month = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, month + 1)

    def before(self, months: int = 1) -> Month:
        return self.after(-months)


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{QUARTER_NAMES[self.number - 1]} {self.year}"

    @property
    def key(self) -> str:
        """As in URLs, for example `2026-Q4`."""
        return f"{self.year}-Q{self.number}"

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.number * 3 - 2, 1)

    @property
    def begins(self) -> datetime.datetime:
        """Its first moment in UK time."""
        return start_of_day(self.first_day)

    @property
    def ends(self) -> datetime.datetime:
        """The first moment after it."""
        return self.later(1).begins

    def later(self, count: int) -> Quarter:
        year, number = divmod(self.year * 4 + self.number - 1 + count, 4)
        return Quarter(year, number + 1)

    def trailing(self, count: int) -> tuple[Quarter, ...]:
        """The last `count` quarters up to and including this one."""
        return tuple(self.later(step) for step in range(1 - count, 1))


def quarter_of(day: datetime.date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def last_complete_quarter(today: datetime.date) -> Quarter:
    """The quarter before the current one, whose figures no longer change."""
    return quarter_of(today).later(-1)


def parse_quarter(key: str) -> Quarter | None:
    named = QUARTER_KEY.fullmatch(key)
    return Quarter(int(named[1]), int(named[2])) if named else None
