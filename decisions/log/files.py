"""The log as CSV and as XLSX, a row at a time. What a spreadsheet could take for a formula is no formula in either."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence

import xlsxwriter

Line = Sequence[str]

# How cells begin that spreadsheets compute, or that some strip until they do.
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full width, too
PIECE = 64 * 1024
WITH_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # so that spreadsheets read UTF-8


def defused(cell: str) -> str:
    """With an apostrophe before what would be computed, which a spreadsheet shows as text."""
    return f"'{cell}" if cell.lstrip(" ").startswith(COMPUTED) else cell


class _Echo:
    """A file for `csv` to write to that gives back what is written."""

    def write(self, line: str) -> str:
        return line


def as_csv(lines: Iterable[Line]) -> Iterator[bytes]:
    """As RFC 4180 has it, in UTF-8."""
    writer = csv.writer(_Echo())
    piece = WITH_MARK.encode()
    for line in lines:
        written: str = writer.writerow([defused(cell) for cell in line])
        piece += written.encode()
        if len(piece) > PIECE:
            yield piece
            piece = b""
    yield piece


def as_xlsx(lines: Iterable[Line]) -> Iterator[bytes]:
    """Written to a file that is gone when it has been read, or when the reader stops; the first line stays in view."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        sheet = book.add_worksheet("Decisions")
        sheet.freeze_panes(1, 1)
        heading = book.add_format({"bold": True})
        try:
            for number, line in enumerate(lines):
                for column, cell in enumerate(line):
                    if cell:
                        sheet.write_string(number, column, defused(cell), None if number else heading)
        finally:
            book.close()  # it holds files of its own
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


WRITERS: dict[str, tuple[str, Callable[[Iterable[Line]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
