"""Keyset pagination: each page starts after the last row of the previous one, without an offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

T = TypeVar("T")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class KeysetPage(Generic[T]):
    """Rows of one page. `last` is the last row if another page follows."""

    rows: list[T]
    last: T | None

    @classmethod
    def of(cls, found: QuerySet[Any, T] | list[T], size: int) -> KeysetPage[T]:
        """Take the first `size` rows, reading one more to detect a next page."""
        rows = list(found[: size + 1])
        return cls(rows[:size], rows[size - 1] if len(rows) > size else None)

    @staticmethod
    def by_key(
        found: QuerySet[M], size: int, *, after: int | None, newest_first: bool = True
    ) -> KeysetPage[M]:
        """Order by primary key and start after the key `after`."""
        if after is not None:
            found = found.filter(**{"pk__lt" if newest_first else "pk__gt": after})
        return KeysetPage.of(found.order_by("-pk" if newest_first else "pk"), size)
