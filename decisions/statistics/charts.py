"""Where the bars of a chart stand. Pure geometry: templates draw it, in per cent across and in pixels down.

Each bar has its number beside it, and each chart a table with the same numbers: nothing is said by colour or length
alone. Without a number there is no bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BAR_ROW, BAR_TOP, BAR_THICKNESS, LONGEST_BAR = 46, 22, 14, 82
COLUMNS_TOP, COLUMNS_HEIGHT, COLUMNS_FOOT = 22, 80, 40
LONGEST_LABEL = 36  # characters: what a phone has room for; the table has all of it


@dataclass(frozen=True)
class Bar:
    """`label` stands at `label_y`; a column has two lines below it, a bar one above. `width` and `x` are per cent."""

    label: str
    below: str
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
    says: str
    height: int
    bars: tuple[Bar, ...]
    is_upright: bool


def bars(title: str, counts: Iterable[tuple[str, int | None]]) -> Chart:
    """One under the other: of different things."""
    counts = list(counts)
    largest = max((count or 0 for _, count in counts), default=0) or 1
    drawn = []
    for at, (label, count) in enumerate(counts):
        top, width = at * BAR_ROW, LONGEST_BAR * (count or 0) / largest
        drawn.append(
            Bar(
                label=_short(label),
                below="",
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
    return Chart(title, _says(counts), len(counts) * BAR_ROW, tuple(drawn), is_upright=False)


def columns(title: str, counts: Sequence[tuple[str, str, int | None]], *, largest: int = 0) -> Chart:
    """Side by side: of the same thing, over time. Each has two lines of label. `largest` makes several comparable."""
    largest = largest or max((count or 0 for _, _, count in counts), default=0) or 1
    step = 100 / (len(counts) or 1)
    foot = COLUMNS_TOP + COLUMNS_HEIGHT
    drawn = []
    for at, (label, below, count) in enumerate(counts):
        height = round(COLUMNS_HEIGHT * (count or 0) / largest, 2)
        drawn.append(
            Bar(
                label=label,
                below=below,
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
    said = _says([(f"{label} {below}", count) for label, below, count in counts])
    return Chart(title, said, foot + COLUMNS_FOOT, tuple(drawn), is_upright=True)


def _says(counts: Iterable[tuple[str, int | None]]) -> str:
    return "; ".join(f"{label}: {'not shown' if count is None else count}" for label, count in counts)


def _number(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"
