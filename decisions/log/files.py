"""The log as CSV and as XLSX, in constant memory. No cell of either is a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from decisions.domain.spreadsheet_cells import escape_formula

Line = Sequence[str]

PIECE = 64 * 1024
WITH_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # so that spreadsheets read UTF-8


class _Echo:
    """A file for `csv` to write to that gives back what is written."""

    def write(self, line: str) -> str:
        return line


def as_csv(lines: Iterable[Line]) -> Iterator[bytes]:
    """As RFC 4180 has it, in UTF-8."""
    writer = csv.writer(_Echo())
    piece = WITH_MARK.encode()
    for line in lines:
        written: str = writer.writerow([escape_formula(cell) for cell in line])
        piece += written.encode()
        if len(piece) > PIECE:
            yield piece
            piece = b""
    yield piece


LINES_OF_A_SHEET = 1_048_576  # the heading among them


def as_xlsx(lines: Iterable[Line]) -> Iterator[bytes]:
    """Written to a temporary file in constant memory, and read from it in pieces. The heading stays in view."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "log.xlsx")
        with xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": folder}) as book:
            sheet = book.add_worksheet("Decisions")
            sheet.freeze_panes(1, 1)
            styles = chain([book.add_format({"bold": True})], repeat(None))
            for number, (line, style) in enumerate(zip(lines, styles, strict=False)):
                for column, cell in enumerate(line):
                    if cell:
                        sheet.write_string(number, column, escape_formula(cell), style)
        with path.open("rb") as file:
            yield from iter(partial(file.read, PIECE), b"")


WRITERS: dict[str, tuple[str, Callable[[Iterable[Line]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
