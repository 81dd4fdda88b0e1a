"""Differences between two versions. Public."""

from __future__ import annotations

import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance.models import GuideVersion
from guidance.reading import change_note, differences
from guidance.views.base import render_not_found, with_cache_headers


@login_not_required
@require_safe
def show_changes(request: HttpRequest, date: datetime.date) -> HttpResponse:
    """Compares with the version before it, or with the one of `?since=`. One query."""
    versions = list(GuideVersion.objects.published())
    by_date = {str(version.date): version for version in versions}
    version, since_date = by_date.get(str(date)), request.GET.get("since", "").strip()
    if version is None or (since_date and since_date not in by_date):
        return render_not_found(request)
    since = by_date[since_date] if since_date else _before(version, versions)
    context = {
        "version": version,
        "since": since,
        "is_current": version is versions[0],
        "is_backwards": since is not None and str(since.date) > str(version.date),
        "note": change_note(version) if since == _before(version, versions) else "",
        "versions": versions,
        "differences": differences(since, version) if since else None,
    }
    return with_cache_headers(request, render(request, "guidance/changes.html", context), *versions)


def _before(version: GuideVersion, versions: list[GuideVersion]) -> GuideVersion | None:
    """`versions` are newest first."""
    following = versions[versions.index(version) + 1 :]
    return following[0] if following else None
