"""The log as CSV and as XLSX, a row at a time. What a spreadsheet could take for a formula is no formula in either."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

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


SHEET = "xl/worksheets/sheet1.xml"
END_OF_ROWS = b"</sheetData>"
LINES_OF_A_SHEET = 1_048_576  # the heading among them
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot say


def as_xlsx(lines: Iterable[Line]) -> Iterator[bytes]:
    """Sent as it is written: an empty workbook first, its sheet last, a row at a time. The heading stays in view.

    The sheet is not said to have any dimension, for it is not known yet how many rows there are.
    """
    lines = iter(lines)
    out = _Pieces()
    with ZipFile(out, "w", ZIP_DEFLATED) as book:
        for name, content in _empty_workbook(next(lines)):
            if name != SHEET:
                book.writestr(name, content)
                continue
            before, after = re.sub(rb"<dimension[^>]*/>", b"", content).split(END_OF_ROWS)
            with book.open(name, "w", force_zip64=True) as sheet:
                sheet.write(before)
                yield out.taken()
                for number, line in enumerate(lines, start=2):
                    sheet.write(_row(number, line))
                    if out.size > PIECE:
                        yield out.taken()
                sheet.write(END_OF_ROWS + after)
    yield out.taken()


class _Pieces(io.RawIOBase):
    """A file that is written to from its beginning to its end, and given away meanwhile."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces, self.size = [], 0
        return taken


def _empty_workbook(heading: Line) -> list[tuple[str, bytes]]:
    """Its parts, the sheet with the heading last."""
    with io.BytesIO() as file:
        with xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": False}) as book:
            sheet = book.add_worksheet("Decisions")
            sheet.freeze_panes(1, 1)
            bold = book.add_format({"bold": True})
            for column, cell in enumerate(heading):
                sheet.write_string(0, column, defused(cell), bold)
        with ZipFile(file) as parts:
            return sorted(
                ((name, parts.read(name)) for name in parts.namelist()), key=lambda each: each[0] == SHEET
            )


def _row(number: int, line: Line) -> bytes:
    """Every cell is text, and an empty one is left out."""
    cells = "".join(
        f'<c r="{xl_col_to_name(column)}{number}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'
        for column, cell in enumerate(line)
        if cell
    )
    return f'<row r="{number}">{cells}</row>'.encode()


def _text(cell: str) -> str:
    return escape(NO_TEXT.sub(" ", defused(cell)))


WRITERS: dict[str, tuple[str, Callable[[Iterable[Line]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
