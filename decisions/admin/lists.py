"""The changelist of the log, with keyset pages and no counts, so that its cost does not grow with the table.

A page reads keys after the last key of the previous page (`?p=`), then the rows of those keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from decisions.domain.periods import Month
from decisions.log.filters import filters_for
from decisions.log.query_params import AFTER, DAY, MONTH, YEAR, Filter, LogQuery, parse_query
from decisions.log.rows import rows_with_decisions
from decisions.log.scan import LogScan
from decisions.models import Decision

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@dataclass(frozen=True)
class Link:
    title: str
    address: str
    is_chosen: bool = False


class HasLogQuery:
    """The log query of a request and its scan. Raises InvalidFilter."""

    def __init__(self, request: HttpRequest) -> None:
        assert request.user.is_authenticated
        self.reader: User = request.user
        self.filters = filters_for(self.reader)
        self.query: LogQuery = parse_query(request.GET, self.filters)
        self.today = timezone.localdate()

        self.scan = LogScan(self.query, reader=self.reader, on=self.today)


class LogFilter(admin.ListFilter):
    """Shows one of `decisions.log.filters` in the admin. LogScan applies all of them, so `queryset` applies none."""

    template = "admin/decisions/filter.html"

    def __init__(self, log_filter: Filter, changes: ChangeList, chosen: str | None) -> None:
        self.title = log_filter.title
        self.log_filter = log_filter
        self.chosen = chosen
        self.request: Any = None

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def expected_parameters(self) -> list[str | None]:
        return [self.log_filter.name]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield {
            "selected": self.chosen is None,
            "query_string": changelist.get_query_string(remove=[self.log_filter.name]),
            "display": "All",
        }
        for value, words in self.log_filter.choices:
            yield {
                "selected": value == self.chosen,
                "query_string": changelist.get_query_string({self.log_filter.name: value}),
                "display": words,
            }


class LogList(ChangeList):
    """Replaces Django's counts and page numbers by keyset pages, and rejects invalid filters."""

    model_admin: Any

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.title = "The log"

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        self.log = HasLogQuery(request)
        chosen = self.log.query.chosen
        self.filter_specs = [LogFilter(each, self, chosen.get(each.name)) for each in self.log.filters]
        self.has_filters = False  # hides the sidebar; the template shows them above the table
        self.has_active_filters = bool(chosen)
        return Decision.objects.visible_to(self.log.reader)

    def get_results(self, request: HttpRequest) -> None:
        self.page = self.log.scan.page(self.list_per_page)
        self.result_list: Any = []
        for row in rows_with_decisions(self.page.keys, self.log.today):
            row.decision.row = row
            self.result_list.append(row.decision)
        self.result_count = len(self.result_list)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = self.can_show_all = self.multi_page = False
        self.paginator: Any = None

    @cached_property
    def scanned_back_to(self) -> Any:
        """The date of the oldest decision scanned, if the page is partial."""
        if not self.page.is_partial:
            return None
        before = Decision.objects.visible_to(self.log.reader).filter(pk__lte=self.page.end)
        last = before.order_by("-pk").first()
        return timezone.localdate(last.started_at) if last else None

    @property
    def is_first_page(self) -> bool:
        return self.log.query.after is None

    @property
    def has_query(self) -> bool:
        return bool(self.params)

    @property
    def older_url(self) -> str:
        return self.get_query_string({AFTER: str(self.page.end)})

    @property
    def newest_url(self) -> str:
        return self.get_query_string()

    @property
    def export_query(self) -> str:
        """The query string of an export: filters and search text, without the position."""
        return urlencode(sorted(self.params.items()))

    @cached_property
    def dates(self) -> list[Link]:
        """Links to years, to the months of the chosen year, or to the days of the chosen month.

        Years start with the first visible decision, regardless of the filters: that is one index lookup.
        """
        since, until = self.log.query.since, self.log.query.until
        date_params = [YEAR, MONTH, DAY]
        if since is None or until is None:
            first = Decision.objects.visible_to(self.log.reader).order_by("pk").first()
            begun = timezone.localdate(first.started_at).year if first else self.log.today.year
            return [
                Link(str(year), self.get_query_string({YEAR: str(year)}))
                for year in range(self.log.today.year, begun - 1, -1)
            ]
        length = (until - since).days
        back = Link("All dates", self.get_query_string(remove=date_params))
        if length > 31:
            months = [Month(since.year, number) for number in range(1, 13)]
            return [back, *(Link(each.name, self._at(each.first_day, 2)) for each in months)]
        year = Link(str(since.year), self._at(since, 1))
        if length > 1:
            last = Month.of(since).last_day.day
            days = [since.replace(day=number) for number in range(1, last + 1)]
            return [back, year, *(Link(f"{each:%-d %B}", self._at(each, 3)) for each in days)]
        month = Month.of(since)
        return [
            back,
            year,
            Link(month.name, self._at(since, 2)),
            Link(f"{since:%-d %B}", self._at(since, 3), True),
        ]

    def _at(self, day: Any, parts: int) -> str:
        date_values = {YEAR: str(day.year), MONTH: str(day.month), DAY: str(day.day)}
        chosen: dict[str, Any] = {
            name: (value if number < parts else None)
            for number, (name, value) in enumerate(date_values.items())
        }
        return self.get_query_string(chosen)
