"""Days on which people are at work, and the hours of them. Pure."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import holidays

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")
TIME_ZONE = ZoneInfo("Europe/London")
OPENS, CLOSES = datetime.time(9), datetime.time(17)
HOURS_IN_A_DAY = 8
A_DAY = datetime.timedelta(days=1)


def is_working_day(day: datetime.date) -> bool:
    """Neither a weekend nor a bank holiday in England."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def next_working_day(day: datetime.date) -> datetime.date:
    """The first day after this one that is neither a weekend nor a bank holiday in England."""
    following = day + A_DAY
    while not is_working_day(following):
        following += A_DAY
    return following


def latest_day_due_by(day: datetime.date) -> datetime.date:
    """The latest day whose next working day is this one or before it: all earlier ones are due by then as well."""
    latest = day - A_DAY
    while next_working_day(latest) > day:
        latest -= A_DAY
    return latest


def working_hours_after(moment: datetime.datetime, hours: int) -> datetime.datetime:
    """When so many working hours, from nine to five, have passed since; a working day is eight of them."""
    now, left = moment.astimezone(TIME_ZONE), datetime.timedelta(hours=hours)
    while True:
        day = now.date()
        begins, ends = max(now, _at(day, OPENS)), _at(day, CLOSES)
        if is_working_day(day) and begins < ends:
            if begins + left <= ends:
                return begins + left
            left -= ends - begins
        now = _at(day + A_DAY, OPENS)


def working_hours_before(moment: datetime.datetime, hours: int) -> datetime.datetime:
    """What began before this has waited for more than so many working hours at the moment given."""
    now, left = moment.astimezone(TIME_ZONE), datetime.timedelta(hours=hours)
    while True:
        day = now.date()
        begins, ends = _at(day, OPENS), min(now, _at(day, CLOSES))
        if is_working_day(day) and begins < ends:
            if ends - left >= begins:
                return ends - left
            left -= ends - begins
        now = _at(day - A_DAY, CLOSES)


def _at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, time, TIME_ZONE)
