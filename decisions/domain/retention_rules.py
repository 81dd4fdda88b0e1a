"""How long a decision is kept after the last that happened to it. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_YEARS = 6  # while an organisation has said nothing else
LONGEST = 100


@dataclass(frozen=True)
class Rules:
    """Of one organisation: years, and other years for some outcomes."""

    years: int = DEFAULT_YEARS
    by_outcome: Mapping[str, int] = field(default_factory=dict)

    def years_for(self, outcome: str) -> int:
        return self.by_outcome.get(outcome, self.years)

    def due_on(self, last_activity: datetime.date, outcome: str) -> datetime.date:
        """The first day on which a decision with this outcome may go."""
        return years_after(last_activity, self.years_for(outcome))


def years_after(day: datetime.date, years: int) -> datetime.date:
    """The 29th of February becomes the 1st of March where there is none: nothing is due a day too soon."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)


def years_before(day: datetime.date, years: int) -> datetime.date:
    """The latest day of which `years_after` is not after this one."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return datetime.date(day.year - years, 2, 28)
