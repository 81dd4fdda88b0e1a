"""Keyset pagination: a page begins behind the last row of the page before, however many rows there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

T = TypeVar("T")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class KeysetPage(Generic[T]):
    """Rows of one page; `last` is the last of them where another page follows."""

    rows: list[T]
    last: T | None

    @classmethod
    def of(cls, found: QuerySet[Any, T] | list[T], size: int) -> KeysetPage[T]:
        """Takes the first `size` rows, and reads one more to know whether any follow."""
        rows = list(found[: size + 1])
        return cls(rows[:size], rows[size - 1] if len(rows) > size else None)

    @staticmethod
    def by_key(
        found: QuerySet[M], size: int, *, behind: int | None, newest_first: bool = True
    ) -> KeysetPage[M]:
        """Orders by primary key, and begins behind the key `behind`."""
        if behind is not None:
            found = found.filter(**{"pk__lt" if newest_first else "pk__gt": behind})
        return KeysetPage.of(found.order_by("-pk" if newest_first else "pk"), size)
