"""Makes text safe to open in a spreadsheet program. Pure."""

from __future__ import annotations

# How cells begin that spreadsheets compute, or that some strip until they do.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full width, too


def defused(cell: str) -> str:
    """Puts an apostrophe before what would be computed, which a spreadsheet shows as text."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA_PREFIXES) else cell
