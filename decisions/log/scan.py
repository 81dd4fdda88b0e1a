"""The log is looked through from its newest end, a stretch at a time, and for a page no further than a few of them.

So nothing that is asked takes longer as the log grows, however few decisions answer it: a page that has found too few
says how far back it has looked, and the next goes on from there. What many answer is found in the first, short stretch.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Max, Min, QuerySet

from decisions.database.key_range import ALL, LAST, KeyRange
from decisions.domain.periods import start_of_day
from decisions.log.filters import SAMPLE, apply_filters, of_sample
from decisions.log.query_params import LogQuery
from decisions.models import Decision
from sharingwell.accounts.models import User

# How many are looked at, one stretch after the other: decisions of the organisation and the dates asked for; of those
# with words the ones that may have them; of a month's sample, which is limited anyway, all that are in it.
FOR_A_PAGE, FOR_A_FILE = (1_000, 10_000, 50_000), 50_000
WITH_WORDS, FOR_A_FILE_WITH_WORDS = (100, 1_000), 2_500


@dataclass(frozen=True)
class Page:
    """What was found, the newest first. The next page begins behind `end`, if there is anything left to look at."""

    keys: Sequence[int]
    end: int | None = None
    is_cut: bool = False  # before it was full


class LogScan:
    """For what an address asks. `on` is the day by which something is overdue."""

    def __init__(self, asked: LogQuery, *, reader: User, on: datetime.date) -> None:
        self.asked, self.reader, self.on = asked, reader, on
        self.ours = Decision.objects.visible_to(reader)

    def page(self, length: int) -> Page:
        """So many at most, from where the page before ended."""
        found: list[int] = []
        left = self._dated(KeyRange(behind=LAST if self.asked.behind is None else self.asked.behind))
        for most in self._lengths:
            if left is None:
                return Page(found)
            key_range, left = self._next(left, most)
            found += self._found(key_range)[: length + 1 - len(found)]
            if len(found) > length:
                return Page(found[:length], end=found[length - 1])
        return Page(found, end=left.behind, is_cut=True) if left else Page(found)

    def all(self) -> Iterator[int]:
        """However far back, for a file."""
        left = self._dated(ALL)
        while left:
            key_range, left = self._next(left, FOR_A_FILE_WITH_WORDS if self.asked.words else FOR_A_FILE)
            yield from self._found(key_range)

    def _found(self, key_range: KeyRange) -> QuerySet[Decision, int]:
        found = apply_filters(self.ours, self.asked, reader=self.reader, on=self.on, key_range=key_range)
        return found.order_by("-pk").values_list("pk", flat=True)

    def _dated(self, left: KeyRange) -> KeyRange | None:
        """What of it can be of the dates asked for; nothing where none is."""
        since, until = self.asked.since, self.asked.until
        if since is None or until is None:
            return left
        dated = self.ours.filter(started_at__gte=start_of_day(since), started_at__lt=start_of_day(until))
        # Sliced, so that they are looked up by date: for the first key alone PostgreSQL would try one after the other.
        ends = dated.filter(left.of("pk")).order_by()[:LAST].aggregate(first=Min("pk"), last=Max("pk"))
        return None if ends["first"] is None else KeyRange(ends["first"], ends["last"] + 1)

    @property
    def _lengths(self) -> Sequence[int]:
        return WITH_WORDS if self.asked.words else FOR_A_PAGE

    def _next(self, left: KeyRange, length: int) -> tuple[KeyRange, KeyRange | None]:
        """So many of those left, and the rest, if there is any."""
        if SAMPLE in self.asked.chosen:
            of_it = of_sample(self.asked.chosen[SAMPLE], self.reader).filter(left.of("decision"))
            return replace(left, keys=sorted(of_it.order_by().values_list("decision", flat=True))), None
        if self.asked.words:
            return self.ours.search_candidates(self.asked.words, within=left, limit=length)
        newest_first = self.ours.filter(left.of("pk")).order_by("-pk").values_list("pk", flat=True)
        last = newest_first[length - 1 : length].first()
        return (left, None) if last is None else (replace(left, first=last), replace(left, behind=last))
