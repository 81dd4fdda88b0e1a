"""Calendar entries of a decision: the day to look again, and the day to complete it by. No words of the case."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from icalendar import Calendar, Event

PRODUCT = "-//Sharing well//EN"


@dataclass(frozen=True)
class Entry:
    """A whole day. `uid` stays when the day is moved, so that a calendar moves its entry."""

    uid: str
    title: str
    day: datetime.date


def calendar_of(entries: list[Entry], *, url: str, at: datetime.datetime) -> bytes:
    """An iCalendar file (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", at)
        event.add("dtstart", entry.day)
        event.add("summary", entry.title)
        event.add("url", url)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")  # the day is not busy
        calendar.add_component(event)
    return bytes(calendar.to_ical())
