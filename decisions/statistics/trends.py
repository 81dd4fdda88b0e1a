"""Recorded rounds, quarter by quarter, as they read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from decisions.domain.periods import Quarter
from decisions.statistics.charts import columns
from decisions.statistics.figures import OUTCOME, Figures
from decisions.statistics.report import NOT_SHOWN, TOGETHER, Line, Section, number_of

if TYPE_CHECKING:
    from decisions.statistics.labels import Wording

Numbers = list[int | None]
TITLE = "Recorded rounds over time"


def over_time(quarters: Mapping[Quarter, Figures], words: Wording) -> Section:
    names = [f"Q{quarter.number} {quarter.year}" for quarter in quarters]
    section = Section(
        "over-time", TITLE, "By the quarter in which they were recorded, and by outcome.", ("", *names)
    )
    every = list(quarters.values())
    if not any(figures.total for figures in every):
        nothing_at_all = all(figures.total == 0 for figures in every)
        return replace(section, nothing="Nothing was recorded.") if nothing_at_all else section
    rows = list(_rows(every, words))
    lines = tuple(Line(label, tuple(map(_in_words, numbers))) for label, numbers in rows)
    heads = [(f"Q{quarter.number}", str(quarter.year)) for quarter in quarters]
    charts = tuple(
        columns(label, [(*head, number) for head, number in zip(heads, numbers, strict=True)])
        for label, numbers in rows
        if any(numbers)
    )
    return replace(section, lines=lines, charts=charts)


def _rows(every: list[Figures], words: Wording) -> Iterator[tuple[str, Numbers]]:
    """All rounds, each outcome that is shown in some quarter, and the others."""
    yield "All recorded rounds", [figures.total for figures in every]
    by_quarter = [_by_outcome(figures) for figures in every]
    for key in dict.fromkeys(key for outcomes in by_quarter for key in outcomes):
        numbers = [
            _number(figures, outcomes, key) for figures, outcomes in zip(every, by_quarter, strict=True)
        ]
        if any(numbers):
            yield words.of(OUTCOME, key), numbers
    yield TOGETHER, [_together(figures) for figures in every]


def _by_outcome(figures: Figures) -> dict[str, int | None]:
    """What some organisations show by itself and others together has the number of those that show it."""
    table = figures.tables.get(OUTCOME)
    rows = reversed(table.rows) if table else ()  # what is shown together comes last
    return {
        key: None if row.is_together else number_of(row, table) for row in rows if table for key in row.keys
    }


def _number(figures: Figures, outcomes: dict[str, int | None], key: str) -> int | None:
    """An outcome that this quarter's table has not, there was none of, where there is a table."""
    return outcomes.get(key, 0) if outcomes or figures.total == 0 else None


def _together(figures: Figures) -> int | None:
    if OUTCOME not in figures.tables:
        return figures.total
    return sum(row.count for row in figures.tables[OUTCOME].rows if row.is_together)


def _in_words(number: int | None) -> str:
    return NOT_SHOWN if number is None else f"{number:,}"
