"""Geometry of bar charts, drawn by templates: per cent horizontally, pixels vertically. Pure.

Each bar shows its number, and each chart has a table with the same numbers, so colour and length carry no information
of their own. A suppressed number has no bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BAR_ROW, BAR_TOP, BAR_THICKNESS, LONGEST_BAR = 46, 22, 14, 82
COLUMNS_TOP, COLUMNS_HEIGHT, COLUMNS_FOOT = 22, 80, 40
LONGEST_LABEL = 36  # characters that fit a phone; the table has the full label


@dataclass(frozen=True)
class Bar:
    """One bar. `width`, `x` and `number_x` are per cent, the others pixels. Only a column has a `second_label`."""

    label: str
    second_label: str
    number: str
    x: float
    y: float
    width: float
    height: float
    label_y: float
    number_x: float
    number_y: float


@dataclass(frozen=True)
class Chart:
    title: str
    description: str
    height: int
    bars: tuple[Bar, ...]
    is_upright: bool


def bars(title: str, counts: Iterable[tuple[str, int | None]]) -> Chart:
    """A horizontal bar chart of different categories."""
    counts = list(counts)
    largest = max((count or 0 for _, count in counts), default=0) or 1
    drawn = []
    for at, (label, count) in enumerate(counts):
        top, width = at * BAR_ROW, LONGEST_BAR * (count or 0) / largest
        drawn.append(
            Bar(
                label=_short(label),
                second_label="",
                number=_number(count),
                x=0,
                y=top + BAR_TOP,
                width=round(width, 2),
                height=BAR_THICKNESS,
                label_y=top + BAR_TOP - 6,
                number_x=round(width, 2),
                number_y=top + BAR_TOP + BAR_THICKNESS - 1,
            )
        )
    return Chart(title, _description(counts), len(counts) * BAR_ROW, tuple(drawn), is_upright=False)


def columns(title: str, counts: Sequence[tuple[str, str, int | None]], *, largest: int = 0) -> Chart:
    """A column chart of one category over time, with two lines of label. `largest` gives several charts one scale."""
    largest = largest or max((count or 0 for _, _, count in counts), default=0) or 1
    step = 100 / (len(counts) or 1)
    foot = COLUMNS_TOP + COLUMNS_HEIGHT
    drawn = []
    for at, (label, second_label, count) in enumerate(counts):
        height = round(COLUMNS_HEIGHT * (count or 0) / largest, 2)
        drawn.append(
            Bar(
                label=label,
                second_label=second_label,
                number=_number(count),
                x=round(at * step + step * 0.15, 2),
                y=foot - height,
                width=round(step * 0.7, 2),
                height=height,
                label_y=foot + 16,
                number_x=round(at * step + step / 2, 2),
                number_y=foot - height - 5,
            )
        )
    description = _description([(f"{label} {second_label}", count) for label, second_label, count in counts])
    return Chart(title, description, foot + COLUMNS_FOOT, tuple(drawn), is_upright=True)


def _description(counts: Iterable[tuple[str, int | None]]) -> str:
    return "; ".join(f"{label}: {'not shown' if count is None else count}" for label, count in counts)


def _number(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"
