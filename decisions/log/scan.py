"""Scans the log newest first in bounded key ranges, a few for each page.

So the cost of a page does not grow with the log, even if few decisions match: a partial page tells how far back it
scanned, and the next continues from there. Frequent matches are found in the first, short range.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Max, Min, QuerySet

from decisions.database.key_range import ALL, LAST, KeyRange
from decisions.domain.periods import start_of_day
from decisions.log.filters import SAMPLE, apply_filters, sample_rounds
from decisions.log.query_params import LogQuery
from decisions.models import Decision
from sharingwell.accounts.models import User

# Lengths of successive key ranges: in visible decisions of the dates chosen, or in search candidates with a search
# text. A month's sample is bounded and is scanned as one range.
PAGE_SCAN_LENGTHS, FILE_SCAN_LENGTH = (1_000, 10_000, 50_000), 50_000
PAGE_SEARCH_LENGTHS, FILE_SEARCH_LENGTH = (100, 1_000), 2_500


@dataclass(frozen=True)
class ScanPage:
    """Keys found, newest first. `end` is where the next page continues; None if nothing remains."""

    keys: Sequence[int]
    end: int | None = None
    is_partial: bool = False  # stopped before the page was full


class LogScan:
    """Scans for a query. `on` is the date at which overdue is determined."""

    def __init__(self, query: LogQuery, *, reader: User, on: datetime.date) -> None:
        self.query, self.reader, self.on = query, reader, on
        self.visible = Decision.objects.visible_to(reader)

    def page(self, length: int) -> ScanPage:
        """Up to `length` keys after the previous page."""
        found: list[int] = []
        remaining = self._dated(KeyRange(behind=LAST if self.query.after is None else self.query.after))
        for most in self._lengths:
            if remaining is None:
                return ScanPage(found)
            key_range, remaining = self._next(remaining, most)
            found += self._found(key_range)[: length + 1 - len(found)]
            if len(found) > length:
                return ScanPage(found[:length], end=found[length - 1])
        return ScanPage(found, end=remaining.behind, is_partial=True) if remaining else ScanPage(found)

    def all(self) -> Iterator[int]:
        """All matching keys, for a file."""
        remaining = self._dated(ALL)
        while remaining:
            key_range, remaining = self._next(
                remaining, FILE_SEARCH_LENGTH if self.query.words else FILE_SCAN_LENGTH
            )
            yield from self._found(key_range)

    def _found(self, key_range: KeyRange) -> QuerySet[Decision, int]:
        found = apply_filters(self.visible, self.query, reader=self.reader, on=self.on, key_range=key_range)
        return found.order_by("-pk").values_list("pk", flat=True)

    def _dated(self, remaining: KeyRange) -> KeyRange | None:
        """Narrow the key range to the dates chosen; None if no decision has them."""
        since, until = self.query.since, self.query.until
        if since is None or until is None:
            return remaining
        dated = self.visible.filter(started_at__gte=start_of_day(since), started_at__lt=start_of_day(until))
        # The slice forces the index on dates: for a bare Min("pk") PostgreSQL would walk the primary key.
        ends = dated.filter(remaining.of("pk")).order_by()[:LAST].aggregate(first=Min("pk"), last=Max("pk"))
        return None if ends["first"] is None else KeyRange(ends["first"], ends["last"] + 1)

    @property
    def _lengths(self) -> Sequence[int]:
        return PAGE_SEARCH_LENGTHS if self.query.words else PAGE_SCAN_LENGTHS

    def _next(self, remaining: KeyRange, length: int) -> tuple[KeyRange, KeyRange | None]:
        """Split off the next range of up to `length` keys; the second value is the rest, or None."""
        if SAMPLE in self.query.chosen:
            sample = sample_rounds(self.query.chosen[SAMPLE], self.reader).filter(remaining.of("decision"))
            return replace(remaining, keys=sorted(sample.order_by().values_list("decision", flat=True))), None
        if self.query.words:
            return self.visible.search_candidates(self.query.words, within=remaining, limit=length)
        newest_first = self.visible.filter(remaining.of("pk")).order_by("-pk").values_list("pk", flat=True)
        last = newest_first[length - 1 : length].first()
        return (
            (remaining, None)
            if last is None
            else (replace(remaining, first=last), replace(remaining, behind=last))
        )
