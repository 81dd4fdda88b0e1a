"""Working days and working hours in England. Pure."""

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
    """The first working day after this one."""
    following = day + A_DAY
    while not is_working_day(following):
        following += A_DAY
    return following


def latest_day_due_by(day: datetime.date) -> datetime.date:
    """The latest day whose next working day is not after this one. All earlier days are due by then too."""
    latest = day - A_DAY
    while next_working_day(latest) > day:
        latest -= A_DAY
    return latest


def working_hours_after(moment: datetime.datetime, hours: int) -> datetime.datetime:
    """Adds working hours (nine to five on working days) to a moment."""
    now, remaining = moment.astimezone(TIME_ZONE), datetime.timedelta(hours=hours)
    while True:
        day = now.date()
        begins, ends = max(now, _at(day, OPENS)), _at(day, CLOSES)
        if is_working_day(day) and begins < ends:
            if begins + remaining <= ends:
                return begins + remaining
            remaining -= ends - begins
        now = _at(day + A_DAY, OPENS)


def working_hours_before(moment: datetime.datetime, hours: int) -> datetime.datetime:
    """Subtracts working hours from a moment."""
    now, remaining = moment.astimezone(TIME_ZONE), datetime.timedelta(hours=hours)
    while True:
        day = now.date()
        begins, ends = _at(day, OPENS), min(now, _at(day, CLOSES))
        if is_working_day(day) and begins < ends:
            if ends - remaining >= begins:
                return ends - remaining
            remaining -= ends - begins
        now = _at(day - A_DAY, CLOSES)


def _at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, time, TIME_ZONE)
