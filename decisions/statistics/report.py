"""A table with its charts, as it reads: what a page and a spreadsheet are both made of."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.statistics.charts import Chart
from decisions.statistics.figures import Table
from decisions.statistics.suppression import SMALLEST, Row

NOT_SHOWN = "Not shown"
TOGETHER = "Others, together"
TOO_FEW = f"Not shown: fewer than {SMALLEST}, or so few that one could be worked out."


@dataclass(frozen=True)
class Line:
    """A row as it reads: a label and its cells. `note` says what else there is to know of it."""

    label: str
    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Without lines it says why, in `nothing`."""

    key: str
    title: str
    about: str
    columns: tuple[str, ...]  # the heading of the labels, then those of the cells
    lines: tuple[Line, ...] = ()
    charts: tuple[Chart, ...] = ()
    nothing: str = TOO_FEW


def number_of(row: Row, table: Table) -> int | None:
    """None where there is none of it but in organisations that do not show how many they have."""
    return None if not row.count and table.left_out.get(row.keys[0]) else row.count
