"""Statistical disclosure control: no count from 1 to MIN_COUNT - 1 is shown or can be derived. Pure.

Small counts are merged with others into one row, so every count shown, and every difference between views, is zero or
at least MIN_COUNT. See docs/decisions/0017; `tests/decisions/statistics/test_suppression.py` simulates an attacker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

MIN_COUNT = 5
YES, NO = "yes", "no"

Part = TypeVar("Part")


@dataclass(frozen=True)
class Row:
    """A count of one key, or of several merged keys."""

    keys: tuple[str, ...]
    count: int

    @property
    def is_merged(self) -> bool:
        return len(self.keys) > 1


Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Split(Generic[Part]):
    """A table of the whole, and of each part; `parts` is empty if they would disclose small counts."""

    whole: Rows
    parts: Mapping[Part, Rows]


def is_safe(count: int) -> bool:
    return count == 0 or count >= MIN_COUNT


def suppress(counts: Mapping[str, int]) -> Rows | None:
    """Merge small counts into one row; None if the total is too small.

    Zeros are merged too: a merged row of five kinds and a count of five would disclose five ones. While the merged
    count is too small, or so large that each key must be MIN_COUNT - 1, the last remaining key is merged as well
    (secondary suppression). It is chosen by order, because a choice by size would disclose sizes.
    """
    if not is_safe(sum(counts.values())):
        return None
    if all(is_safe(count) for count in counts.values()):
        return _rows(counts, ())
    merged = [key for key, count in counts.items() if count < MIN_COUNT]
    others = [key for key in counts if key not in merged]
    while others and not MIN_COUNT <= _sum(counts, merged) != (MIN_COUNT - 1) * len(merged):
        merged.append(others.pop())
    return _rows(counts, merged)


def split(cells: Mapping[str, Mapping[Part, int]], parts: Sequence[Part]) -> Split[Part] | None:
    """Suppress the whole and its parts. The parts must add up to the whole, each with a safe total.

    Shows all parts or none: suppressing single rows would disclose which are small.
    """
    whole = suppress({key: sum(by_part.values()) for key, by_part in cells.items()})
    if whole is None:
        return None
    by_part = {
        part: tuple(Row(row.keys, sum(cells[key].get(part, 0) for key in row.keys)) for row in whole)
        for part in parts
    }
    are_safe = all(is_safe(row.count) for rows in by_part.values() for row in rows)
    return Split(whole, by_part if are_safe else {})


def split_yes_no(
    yes: Mapping[Part, int], of: Mapping[Part, int], parts: Sequence[Part]
) -> Split[Part] | None:
    """Split counts into yes and no; None unless both may be shown."""
    both = split({YES: yes, NO: {part: of[part] - yes.get(part, 0) for part in of}}, parts)
    return both if both and not any(row.is_merged for row in both.whole) else None


def count_of(rows: Iterable[Row], key: str) -> int | None:
    """The count of a key with a row of its own; None if merged."""
    return next((row.count for row in rows if row.keys == (key,)), None)


def _rows(counts: Mapping[str, int], merged: Sequence[str]) -> Rows:
    """Rows in the given order; the merged row comes last."""
    rows = [Row((key,), count) for key, count in counts.items() if key not in merged]
    if merged:
        rows.append(Row(tuple(key for key in counts if key in merged), _sum(counts, merged)))
    return tuple(rows)


def _sum(counts: Mapping[str, int], keys: Iterable[str]) -> int:
    return sum(counts[key] for key in keys)
