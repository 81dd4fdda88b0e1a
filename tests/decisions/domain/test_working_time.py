import datetime

import pytest

from decisions.domain.working_time import (
    latest_day_due_by,
    next_working_day,
    working_hours_after,
    working_hours_before,
)


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2026-11-23", "2026-11-24"),  # Monday
        ("2026-11-27", "2026-11-30"),  # Friday
        ("2026-11-28", "2026-11-30"),  # Saturday
        ("2026-12-24", "2026-12-29"),  # Christmas; Boxing Day is a Saturday and its day off the Monday
        ("2027-03-25", "2027-03-30"),  # Maundy Thursday: Good Friday, the weekend, Easter Monday
    ],
)
def test_next_working_day(day, following):
    assert next_working_day(datetime.date.fromisoformat(day)) == datetime.date.fromisoformat(following)


@pytest.mark.parametrize("days", range(-3, 12))
def test_latest_day_due_by_agrees_with_next_working_day(days):
    day = datetime.date(2026, 4, 3) + datetime.timedelta(days=days)  # about Easter
    latest = latest_day_due_by(day)
    assert next_working_day(latest) <= day
    assert next_working_day(latest + datetime.timedelta(days=1)) > day


@pytest.mark.parametrize(
    ("asked", "hours", "due"),
    [
        ("2026-11-23T10:00+00:00", 2, "2026-11-23T12:00+00:00"),  # Monday
        ("2026-11-23T16:30+00:00", 2, "2026-11-24T10:30+00:00"),
        ("2026-11-23T07:00+00:00", 2, "2026-11-23T11:00+00:00"),
        ("2026-11-27T20:00+00:00", 2, "2026-11-30T11:00+00:00"),  # Friday night
        ("2026-12-24T16:00+00:00", 16, "2026-12-30T16:00+00:00"),  # the day before Christmas
        (
            "2026-03-27T16:00+00:00",
            2,
            "2026-03-30T09:00+00:00",
        ),  # summer time begins on Sunday: an hour earlier in UTC
    ],
)
def test_working_hours_pass_from_nine_to_five_on_working_days(asked, hours, due):
    moment = datetime.datetime.fromisoformat(asked)
    assert working_hours_after(moment, hours) == datetime.datetime.fromisoformat(due)


def test_working_hours_before_and_after_agree():
    for hour in range(0, 24 * 14, 5):
        now = datetime.datetime(2026, 3, 25, 9, 30, tzinfo=datetime.UTC) + datetime.timedelta(hours=hour)
        for hours in (2, 16):
            latest = working_hours_before(now, hours)
            assert working_hours_after(latest, hours) <= now
            assert working_hours_after(latest + datetime.timedelta(days=4), hours) > now
