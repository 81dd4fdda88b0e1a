"""Ranges of decision keys. Keys are in the order in which decisions were started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Func, Q, Value

LAST = 2**63 - 1  # of all keys there can be


class IsAnyOf(Func):
    """`key = ANY (list)`, with the list a parameter or an array subquery that PostgreSQL runs once."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


@dataclass(frozen=True)
class KeyRange:
    """Keys from `first` up to, not including, `behind`; or only `keys`, if given."""

    first: int = 0
    behind: int = LAST
    keys: Sequence[int] | None = None

    def of(self, column: str) -> Q:
        """The condition that this column is in the range.

        Apply it to every table of a query: PostgreSQL does not infer it across joins.
        """
        if self.keys is not None:
            keys = Value(list(self.keys), output_field=ArrayField(BigIntegerField()))
            return Q(IsAnyOf(column, keys))
        upwards = Q(**{f"{column}__gte": self.first}) if self.first else Q()
        return upwards if self.behind == LAST else upwards & Q(**{f"{column}__lt": self.behind})


ALL = KeyRange()
