"""Days on which people are at work. Pure."""

from __future__ import annotations

import datetime

import holidays

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")


def next_working_day(day: datetime.date) -> datetime.date:
    """The first day after this one that is neither a weekend nor a bank holiday in England."""
    following = day + datetime.timedelta(days=1)
    while following.weekday() >= 5 or following in BANK_HOLIDAYS:
        following += datetime.timedelta(days=1)
    return following


def latest_due_by(day: datetime.date) -> datetime.date:
    """The latest day whose next working day is this one or before it: all earlier ones are due by then as well."""
    latest = day - datetime.timedelta(days=1)
    while next_working_day(latest) > day:
        latest -= datetime.timedelta(days=1)
    return latest
