"""Asks PostgreSQL how often things happened. What comes back are counts, small ones too: `figures` goes next.

One statement, which `decisions/migrations/0070_patterns.py` has; what is asked of every organisation comes without its
name or key.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, cast

from django.db import connection

from decisions.domain.periods import Quarter, quarter_of

OVER_TIME = ("outcome",)
OF_A_QUARTER = (
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
OF_THE_GUIDE = ("outcome", "version", "open", "noted")


class Cell(NamedTuple):
    """So many `rounds` (for `look-again`, decisions) of one organisation, team and quarter are of one category."""

    organisation: int
    team: int | None
    quarter: datetime.date
    topic: str
    category: str
    rounds: int


def cells_here(first: Quarter, last: Quarter, topics: Iterable[str]) -> list[Cell]:
    """Of the organisation that is worked for, team by team."""
    return _cells("SELECT * FROM decisions_cells(%s, %s, %s)", first, last, topics)


def cells_everywhere(first: Quarter, last: Quarter, topics: Iterable[str]) -> list[Cell]:
    """Of every organisation: which is which is not said. For those who may see what is made of it, see `policies`."""
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
