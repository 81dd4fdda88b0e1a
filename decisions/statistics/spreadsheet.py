"""Writes statistics as CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from decisions.domain.spreadsheet_cells import escape_formula
from decisions.statistics.report import NOT_SHOWN, Section


def as_csv(about: Sequence[tuple[str, str]], sections: Iterable[Section]) -> str:
    """CSV with one line for each number. Suppressed numbers are marked; no cell is a formula."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerows(map(escape_formula, pair) for pair in about)
    lines.writerow(["Table", "Row", "Figure", "Number", "Note"])
    for section in sections:
        if not section.lines:
            lines.writerow(map(escape_formula, [section.title, "", "", NOT_SHOWN, section.empty_text]))
        for line in section.lines:
            for name, cell in zip(section.columns[1:], line.cells, strict=True):
                number = cell.replace(",", "")  # no thousands separator
                lines.writerow(map(escape_formula, [section.title, line.label, name, number, line.note]))
    return written.getvalue()
