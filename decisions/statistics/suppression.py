"""Which numbers may be shown, so that nobody can work out that something happened one to four times. Pure.

Nothing is blanked out. What is too small is added to others of its kind and shown together with them, so that whatever
is shown is none or at least SMALLEST, and so is whatever follows from several views. docs/decisions/0017 says why;
`tests/decisions/statistics/test_suppression.py` plays whoever tries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

SMALLEST = 5
YES, NO = "yes", "no"

Part = TypeVar("Part")


@dataclass(frozen=True)
class Row:
    """How often something happened; where there are several keys, how often they did together."""

    keys: tuple[str, ...]
    count: int

    @property
    def is_together(self) -> bool:
        return len(self.keys) > 1


Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Split(Generic[Part]):
    """One table for the whole, and one for each part of it unless that would show too much."""

    whole: Rows
    parts: Mapping[Part, Rows]


def is_safe(count: int) -> bool:
    return count == 0 or count >= SMALLEST


def shown(counts: Mapping[str, int]) -> Rows | None:
    """Those that are large enough, and the rest together; None where even all of them are too few.

    What there is none of goes with what is small: five kinds that make five would each be one. If what is small makes
    too little, or so much that each must be four, the last of the others goes with it: which one that is depends on
    their order alone, for a choice by size would tell of sizes.
    """
    if not is_safe(sum(counts.values())):
        return None
    if all(is_safe(count) for count in counts.values()):
        return _rows(counts, ())
    together = [key for key, count in counts.items() if count < SMALLEST]
    others = [key for key in counts if key not in together]
    while others and not SMALLEST <= _sum(counts, together) != (SMALLEST - 1) * len(together):
        together.append(others.pop())
    return _rows(counts, together)


def split(cells: Mapping[str, Mapping[Part, int]], parts: Sequence[Part]) -> Split[Part] | None:
    """The whole, and its parts, which have to be all that it is made of, each with a total that may be shown.

    Parts are shown all or none: with one row left out here and there, the choice would tell what was in it.
    """
    whole = shown({key: sum(by_part.values()) for key, by_part in cells.items()})
    if whole is None:
        return None
    by_part = {
        part: tuple(Row(row.keys, sum(cells[key].get(part, 0) for key in row.keys)) for row in whole)
        for part in parts
    }
    are_safe = all(is_safe(row.count) for rows in by_part.values() for row in rows)
    return Split(whole, by_part if are_safe else {})


def halves(yes: Mapping[Part, int], of: Mapping[Part, int], parts: Sequence[Part]) -> Split[Part] | None:
    """How often something was so, of so many; None unless it may be known as well how often it was not."""
    both = split({YES: yes, NO: {part: of[part] - yes.get(part, 0) for part in of}}, parts)
    return both if both and not any(row.is_together for row in both.whole) else None


def alone(rows: Iterable[Row], key: str) -> int | None:
    """The number of one key, where it stands by itself."""
    return next((row.count for row in rows if row.keys == (key,)), None)


def _rows(counts: Mapping[str, int], together: Sequence[str]) -> Rows:
    """In the order they were given in; what is shown together comes last."""
    rows = [Row((key,), count) for key, count in counts.items() if key not in together]
    if together:
        rows.append(Row(tuple(key for key in counts if key in together), _sum(counts, together)))
    return tuple(rows)


def _sum(counts: Mapping[str, int], keys: Iterable[str]) -> int:
    return sum(counts[key] for key in keys)
