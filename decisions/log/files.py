"""Writes the log as CSV and XLSX in constant memory. No cell is a formula."""

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

CHUNK_SIZE = 64 * 1024
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # lets spreadsheets detect UTF-8


class _Echo:
    """Makes `csv.writer.writerow` return the line."""

    def write(self, line: str) -> str:
        return line


def as_csv(lines: Iterable[Line]) -> Iterator[bytes]:
    """CSV by RFC 4180, in UTF-8."""
    writer = csv.writer(_Echo())
    chunk = BYTE_ORDER_MARK.encode()
    for line in lines:
        written: str = writer.writerow([escape_formula(cell) for cell in line])
        chunk += written.encode()
        if len(chunk) > CHUNK_SIZE:
            yield chunk
            chunk = b""
    yield chunk


MAX_SHEET_ROWS = 1_048_576  # including the heading


def as_xlsx(lines: Iterable[Line]) -> Iterator[bytes]:
    """XLSX, written to a temporary file and read back in chunks. The heading row is frozen."""
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
            yield from iter(partial(file.read, CHUNK_SIZE), b"")


WRITERS: dict[str, tuple[str, Callable[[Iterable[Line]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
