import datetime

import pytest

from decisions.working_days import latest_due_by, next_working_day


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
def test_what_is_due_by_a_day_is_all_whose_next_working_day_has_come(days):
    day = datetime.date(2026, 4, 3) + datetime.timedelta(days=days)  # about Easter
    latest = latest_due_by(day)
    assert next_working_day(latest) <= day
    assert next_working_day(latest + datetime.timedelta(days=1)) > day
