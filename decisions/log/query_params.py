"""Parses the query parameters of the log strictly: an unknown parameter or value is an error.

The list, its export and bookmarks use the same parameters.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from decisions.database.key_range import LAST
from sharingwell.integers import whole_number

STARTED = "started_at"
YEAR, MONTH, DAY = f"{STARTED}__year", f"{STARTED}__month", f"{STARTED}__day"
WORDS, AFTER = "q", "p"
WORDS_MAX_LENGTH = 200


class InvalidFilter(ValueError):
    """A query parameter is unknown or invalid. The message is for the user."""


@dataclass(frozen=True)
class Filter:
    """A filter of the log: its parameter name, title and choices.

    `accepts_also` accepts further values that are not offered as choices.
    """

    name: str
    title: str
    choices: tuple[tuple[str, str], ...]
    accepts_also: Callable[[str], bool] = field(default=lambda value: False)

    def accepts(self, value: str) -> bool:
        return value in dict(self.choices) or self.accepts_also(value)


@dataclass(frozen=True)
class LogQuery:
    """A parsed query. `chosen` maps filter names to values; `after` is the last key of the previous page."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None  # exclusive
    after: int | None = None
    dates: Mapping[str, str] = field(default_factory=dict)  # unparsed parameters

    @property
    def url_params(self) -> dict[str, str]:
        """Parameters without the search text, which may name a person."""
        return {**self.chosen, **self.dates}


def parse_query(params: QueryDict, filters: Iterable[Filter]) -> LogQuery:
    """Parse query parameters. Raises InvalidFilter."""
    known = {each.name: each for each in filters}
    for name, values in params.lists():
        if name not in {*known, YEAR, MONTH, DAY, WORDS, AFTER}:
            raise InvalidFilter(f"“{name}” is not something that decisions can be filtered by.")
        if len(values) != 1:
            raise InvalidFilter(f"“{name}” is in the address more than once.")
    chosen = {}
    for name, each in known.items():
        if name in params:
            value = str(params[name])
            if not each.accepts(value):
                raise InvalidFilter(f"“{value}” is not one of the choices for “{each.title}”.")
            chosen[name] = value
    since, until = _days(params)
    dates = {name: str(params[name]) for name in (YEAR, MONTH, DAY) if name in params}
    return LogQuery(chosen, _words(params), since, until, _key(params.get(AFTER)), dates)


def _words(params: QueryDict) -> str:
    words = params.get(WORDS, "").strip()
    if "\0" in words or len(words) > WORDS_MAX_LENGTH:
        raise InvalidFilter(f"Search for plain words, {WORDS_MAX_LENGTH} characters at most.")
    return words


def _key(text: str | None) -> int | None:
    if text is None:
        return None
    key = whole_number(text, most=LAST)
    if key is None:
        raise InvalidFilter("The address does not say where the page before ended.")
    return key


def _days(params: QueryDict) -> tuple[datetime.date | None, datetime.date | None]:
    date_values = [params.get(name) for name in (YEAR, MONTH, DAY)]
    if not any(date_values):
        return None, None
    invalid_date = InvalidFilter("The address has no day, month or year that there is.")
    given = [text for text in date_values if text is not None]
    if date_values[: len(given)] != given:  # a month without its year, a day without its month
        raise invalid_date
    numbers = [number for text in given if (number := whole_number(text, most=9999)) is not None]
    if len(numbers) != len(given):
        raise invalid_date
    year, month, day = [*numbers, 1, 1][:3]
    try:
        since = datetime.date(year, month, day)
        if len(given) == 3:
            until = since + datetime.timedelta(days=1)
        elif len(given) == 2:
            until = (since + datetime.timedelta(days=32)).replace(day=1)
        else:
            until = since.replace(year=year + 1)
    except (ValueError, OverflowError) as error:
        raise invalid_date from error
    if year < 1900:
        raise invalid_date
    return since, until
