"""What an address asks of the log, read strictly: what is no filter is said, and never passed over in silence.

The same address is a list, a file of what the list shows, and a bookmark.
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
WORDS, BEHIND = "q", "p"
WORDS_MAX_LENGTH = 200


class InvalidFilter(ValueError):
    """The address asks for something that the log cannot be asked for; the message says what, to whoever typed it."""


@dataclass(frozen=True)
class Filter:
    """One thing that the log can be filtered by: its name in an address, and what can be chosen, in words.

    `also` tells of more that an address may say, and is not offered.
    """

    name: str
    title: str
    choices: tuple[tuple[str, str], ...]
    also: Callable[[str], bool] = field(default=lambda value: False)

    def takes(self, value: str) -> bool:
        return value in dict(self.choices) or self.also(value)


@dataclass(frozen=True)
class LogQuery:
    """`chosen` maps the names of filters to what was chosen; `behind` is the key at which the page before ended."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None  # the first day after
    behind: int | None = None
    dates: Mapping[str, str] = field(default_factory=dict)  # as they were given

    @property
    def chosen_and_dates(self) -> dict[str, str]:
        """What names no person, for an address."""
        return {**self.chosen, **self.dates}


def read(address: QueryDict, filters: Iterable[Filter]) -> LogQuery:
    """Raises InvalidFilter."""
    known = {each.name: each for each in filters}
    for name, values in address.lists():
        if name not in {*known, YEAR, MONTH, DAY, WORDS, BEHIND}:
            raise InvalidFilter(f"“{name}” is not something that decisions can be filtered by.")
        if len(values) != 1:
            raise InvalidFilter(f"“{name}” is in the address more than once.")
    chosen = {}
    for name, each in known.items():
        if name in address:
            value = str(address[name])
            if not each.takes(value):
                raise InvalidFilter(f"“{value}” is not one of the choices for “{each.title}”.")
            chosen[name] = value
    since, until = _days(address)
    dates = {name: str(address[name]) for name in (YEAR, MONTH, DAY) if name in address}
    return LogQuery(chosen, _words(address), since, until, _key(address.get(BEHIND)), dates)


def _words(address: QueryDict) -> str:
    words = address.get(WORDS, "").strip()
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


def _days(address: QueryDict) -> tuple[datetime.date | None, datetime.date | None]:
    said = [address.get(name) for name in (YEAR, MONTH, DAY)]
    if not any(said):
        return None, None
    not_a_day = InvalidFilter("The address has no day, month or year that there is.")
    given = [text for text in said if text is not None]
    if said[: len(given)] != given:  # a month without its year, a day without its month
        raise not_a_day
    numbers = [number for text in given if (number := whole_number(text, most=9999)) is not None]
    if len(numbers) != len(given):
        raise not_a_day
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
        raise not_a_day from error
    if year < 1900:
        raise not_a_day
    return since, until
