from __future__ import annotations

import datetime

from django.urls import path, register_converter

from guidance.views import reading


class DayConverter:
    """`2026-03-20`. A day that is not in the calendar matches nothing."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "guidance"
urlpatterns = [
    path("", reading.show_current, name="current"),
    path("versions/", reading.list_versions, name="versions"),
    path("principles/", reading.list_principles, name="principles"),
    path("examples/", reading.list_examples, name="examples"),
    path("<day:date>/", reading.show_version, name="version"),
    path("<day:date>/principles/", reading.list_principles, name="version-principles"),
    path("<day:date>/examples/", reading.list_examples, name="version-examples"),
]
