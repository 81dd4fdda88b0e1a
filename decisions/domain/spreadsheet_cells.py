"""Prevents formula injection in spreadsheet cells. Pure."""

from __future__ import annotations

# Prefixes that spreadsheets compute, some of them after stripping whitespace.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # with full-width signs


def escape_formula(cell: str) -> str:
    """Prefixes text that a spreadsheet would compute with an apostrophe."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA_PREFIXES) else cell
