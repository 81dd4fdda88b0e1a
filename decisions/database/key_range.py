"""A stretch of decisions by their keys, which are given in the order in which decisions are started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Func, Q, Value

LAST = 2**63 - 1  # of all keys there can be


class IsAnyOf(Func):
    """Whether a key is in a list: one that is said at once, or that PostgreSQL makes once."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


@dataclass(frozen=True)
class KeyRange:
    """From the key `first` on and before `behind`; where `keys` are said, these alone."""

    first: int = 0
    behind: int = LAST
    keys: Sequence[int] | None = None

    def of(self, column: str) -> Q:
        """That the key of a decision in this column is in it.

        To be said of every table that is asked: PostgreSQL does not conclude it of one from another.
        """
        if self.keys is not None:
            keys = Value(list(self.keys), output_field=ArrayField(BigIntegerField()))
            return Q(IsAnyOf(column, keys))
        upwards = Q(**{f"{column}__gte": self.first}) if self.first else Q()
        return upwards if self.behind == LAST else upwards & Q(**{f"{column}__lt": self.behind})


ALL = KeyRange()
