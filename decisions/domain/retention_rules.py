"""Retention periods, counted from the last activity of a decision. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_YEARS = 6  # without a rule of the organisation
MAX_YEARS = 100


@dataclass(frozen=True)
class Rules:
    """Retention rules of one organisation: a default in years, and exceptions by outcome."""

    years: int = DEFAULT_YEARS
    by_outcome: Mapping[str, int] = field(default_factory=dict)

    def years_for(self, outcome: str) -> int:
        return self.by_outcome.get(outcome, self.years)

    def due_on(self, last_activity: datetime.date, outcome: str) -> datetime.date:
        """The first day on which a decision with this outcome may be disposed of."""
        return years_after(last_activity, self.years_for(outcome))


def years_after(day: datetime.date, years: int) -> datetime.date:
    """Adds years. The 29th of February becomes the 1st of March in other years, so that nothing is due a day early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)


def years_before(day: datetime.date, years: int) -> datetime.date:
    """The latest day for which `years_after` is not after this one."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return datetime.date(day.year - years, 2, 28)
