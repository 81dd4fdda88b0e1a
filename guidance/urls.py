from __future__ import annotations

import datetime

from django.urls import path, re_path, register_converter

from guidance.views import changes, downloads, machine_readable, offline, reading, search


class DayConverter:
    """ISO date, such as `2026-03-20`. Invalid dates do not match."""

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
    path("questions/", reading.list_questions, name="questions"),
    path("search/", search.show_results, name="search"),
    path("feed/", machine_readable.show_feed, name="feed"),
    path("current.json", machine_readable.show_current_json, name="current-json"),
    path("offline/", offline.show_no_network, name="no-network"),
    path("offline/copy/", offline.show_copy, name="offline-copy"),
    path("service-worker.js", offline.show_service_worker, name="service-worker"),
    path("<day:date>/", reading.show_version, name="version"),
    path("<day:date>/principles/", reading.list_principles, name="version-principles"),
    path("<day:date>/examples/", reading.list_examples, name="version-examples"),
    path("<day:date>/questions/", reading.list_questions, name="version-questions"),
    path("<day:date>/changes/", changes.show_changes, name="changes"),
    path("<day:date>/guide.pdf", downloads.show_pdf, name="version-pdf"),
    path("<day:date>/<slug:anchor>/", reading.show_passage, name="passage"),
    # Last: any other path below the guide gets a list of the versions.
    re_path(r"^(?P<rest>.+)/$", reading.show_not_found, name="nothing-here"),
]
