"""Reading the guide. No sign-in."""

from __future__ import annotations

import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from guidance.models import GuideVersion
from guidance.reading import current_version, rendered

TEMPORARILY_UNAVAILABLE = 503


@login_not_required
@require_safe
def show_current(request: HttpRequest) -> HttpResponse:
    return _page(request, "guidance/guide.html")


@login_not_required
@require_safe
def show_version(request: HttpRequest, date: datetime.date) -> HttpResponse:
    return _page(request, "guidance/guide.html", date)


@login_not_required
@require_safe
def list_principles(request: HttpRequest, date: datetime.date | None = None) -> HttpResponse:
    return _page(request, "guidance/principles.html", date)


@login_not_required
@require_safe
def list_examples(request: HttpRequest, date: datetime.date | None = None) -> HttpResponse:
    return _page(request, "guidance/examples.html", date)


@login_not_required
@require_safe
def list_versions(request: HttpRequest) -> HttpResponse:
    versions = list(GuideVersion.objects.published())
    if not versions:
        return _nothing_yet(request)
    current = versions[0]
    return render(
        request,
        "guidance/versions.html",
        {"versions": versions, "current": current, "guide": rendered(current)},
    )


def _page(request: HttpRequest, template: str, date: datetime.date | None = None) -> HttpResponse:
    """A page of the version of that date, or of the current one. At most two queries for what has been read before."""
    version = current = current_version()
    if date and not (current and current.date == date):
        version = get_object_or_404(GuideVersion.objects.published(), date=date)
    if version is None:
        return _nothing_yet(request)
    return render(request, template, {"version": version, "current": current, "guide": rendered(version)})


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    return render(request, "guidance/nothing_yet.html", status=TEMPORARILY_UNAVAILABLE)
