"""Formats recorded rounds by quarter. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from decisions.domain.periods import Quarter
from decisions.statistics.charts import columns
from decisions.statistics.figures import OUTCOME, Figures
from decisions.statistics.report import NOT_SHOWN, TOGETHER, Line, Section, shown_count

if TYPE_CHECKING:
    from decisions.statistics.labels import Labels

Numbers = list[int | None]
TITLE = "Recorded rounds over time"


def over_time(quarters: Mapping[Quarter, Figures], labels: Labels) -> Section:
    names = [f"Q{quarter.number} {quarter.year}" for quarter in quarters]
    section = Section(
        "over-time", TITLE, "By the quarter in which they were recorded, and by outcome.", ("", *names)
    )
    all_figures = list(quarters.values())
    if not any(figures.total for figures in all_figures):
        nothing_at_all = all(figures.total == 0 for figures in all_figures)
        return replace(section, empty_text="Nothing was recorded.") if nothing_at_all else section
    rows = list(_rows(all_figures, labels))
    lines = tuple(Line(label, tuple(map(_formatted, numbers))) for label, numbers in rows)
    heads = [(f"Q{quarter.number}", str(quarter.year)) for quarter in quarters]
    charts = tuple(
        columns(label, [(*head, number) for head, number in zip(heads, numbers, strict=True)])
        for label, numbers in rows
        if any(numbers)
    )
    return replace(section, lines=lines, charts=charts)


def _rows(all_figures: list[Figures], labels: Labels) -> Iterator[tuple[str, Numbers]]:
    """All rounds, each outcome shown in any quarter, and merged outcomes."""
    yield "All recorded rounds", [figures.total for figures in all_figures]
    by_quarter = [_by_outcome(figures) for figures in all_figures]
    for key in dict.fromkeys(key for outcomes in by_quarter for key in outcomes):
        numbers = [
            _number(figures, outcomes, key) for figures, outcomes in zip(all_figures, by_quarter, strict=True)
        ]
        if any(numbers):
            yield labels.of(OUTCOME, key), numbers
    yield TOGETHER, [_merged(figures) for figures in all_figures]


def _by_outcome(figures: Figures) -> dict[str, int | None]:
    """Counts by outcome; a merged outcome is None unless some organisations show it separately."""
    table = figures.tables.get(OUTCOME)
    rows = reversed(table.rows) if table else ()  # separate rows override the merged one
    return {
        key: None if row.is_merged else shown_count(row, table) for row in rows if table for key in row.keys
    }


def _number(figures: Figures, outcomes: dict[str, int | None], key: str) -> int | None:
    """The count of an outcome: zero if the quarter has a table without it, None if it has no table."""
    return outcomes.get(key, 0) if outcomes or figures.total == 0 else None


def _merged(figures: Figures) -> int | None:
    if OUTCOME not in figures.tables:
        return figures.total
    return sum(row.count for row in figures.tables[OUTCOME].rows if row.is_merged)


def _formatted(number: int | None) -> str:
    return NOT_SHOWN if number is None else f"{number:,}"
