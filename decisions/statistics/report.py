"""Formatted tables with charts, for pages and spreadsheets."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.statistics.charts import Chart
from decisions.statistics.figures import Table
from decisions.statistics.suppression import MIN_COUNT, Row

NOT_SHOWN = "Not shown"
TOGETHER = "Others, together"
TOO_FEW = f"Not shown: fewer than {MIN_COUNT}, or so few that one could be worked out."


@dataclass(frozen=True)
class Line:
    """A formatted row: label, cells and a note."""

    label: str
    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A titled table. `empty_text` explains why it has no lines."""

    key: str
    title: str
    about: str
    columns: tuple[str, ...]  # headings of the label and of each cell
    lines: tuple[Line, ...] = ()
    charts: tuple[Chart, ...] = ()
    empty_text: str = TOO_FEW


def shown_count(row: Row, table: Table) -> int | None:
    """The count of a row; None if it is zero and some organisations show it only merged."""
    return None if not row.count and table.merged_in.get(row.keys[0]) else row.count
