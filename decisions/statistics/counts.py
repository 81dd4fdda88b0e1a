"""Reads counts from PostgreSQL, before suppression.

The query is a SQL function in the migrations. Counts across organisations carry neither names nor keys.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, cast

from django.db import connection

from decisions.domain.periods import Quarter, quarter_of

TREND_TOPICS = ("outcome",)
QUARTER_TOPICS = (
    "outcome",
    "stated",
    "time",
    "advice",
    "afterwards",
    "relationship",
    "kind",
    "considered",
    "look-again",
)
GUIDE_TOPICS = ("outcome", "version", "open", "noted")


class Cell(NamedTuple):
    """The number of rounds (for `look-again`, decisions) of one organisation, team, quarter and category."""

    organisation: int
    team: int | None
    quarter: datetime.date
    topic: str
    category: str
    rounds: int


def organisation_cells(first: Quarter, last: Quarter, topics: Iterable[str]) -> list[Cell]:
    """Counts of the current organisation by team."""
    return _cells("SELECT * FROM decisions_cells(%s, %s, %s)", first, last, topics)


def all_cells(first: Quarter, last: Quarter, topics: Iterable[str]) -> list[Cell]:
    """Counts of every organisation, pseudonymous. Callers check a policy of `decisions.policies.statistics`."""
    return _cells("SELECT * FROM decisions_cells_of_every_organisation(%s, %s, %s)", first, last, topics)


def _cells(statement: str, first: Quarter, last: Quarter, topics: Iterable[str]) -> list[Cell]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [first.begins, last.ends, list(topics)])
        return [Cell(*cast("tuple[int, int | None, datetime.date, str, str, int]", row)) for row in cursor]


def by_quarter(cells: Iterable[Cell]) -> dict[Quarter, list[Cell]]:
    found: dict[Quarter, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[quarter_of(cell.quarter)].append(cell)
    return found


def by_organisation(cells: Iterable[Cell]) -> list[list[Cell]]:
    found: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.organisation].append(cell)
    return list(found.values())
