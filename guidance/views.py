"""Reading the guide. No sign-in."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from guidance.models import GuideVersion
from guidance.reading import current_version, rendered

TEMPORARILY_UNAVAILABLE = 503


@require_safe
def show_current(request: HttpRequest) -> HttpResponse:
    return _page(request, "guidance/guide.html")


@require_safe
def show_version(request: HttpRequest, date: datetime.date) -> HttpResponse:
    return _page(request, "guidance/guide.html", date)


@require_safe
def list_principles(request: HttpRequest, date: datetime.date | None = None) -> HttpResponse:
    return _page(request, "guidance/principles.html", date)


@require_safe
def list_examples(request: HttpRequest, date: datetime.date | None = None) -> HttpResponse:
    return _page(request, "guidance/examples.html", date)


@require_safe
def list_versions(request: HttpRequest) -> HttpResponse:
    versions = list(GuideVersion.objects.published())
    if not versions:
        return _nothing_yet(request)
    current = versions[0]
    return render(
        request, "guidance/versions.html", {"versions": versions, "current": current, "guide": rendered(current)}
    )


def _page(request: HttpRequest, template: str, date: datetime.date | None = None) -> HttpResponse:
    """A page of the version of that date, or of the current one."""
    current = current_version()
    if date is None and current is None:
        return _nothing_yet(request)
    version = current
    if date is not None and (current is None or current.date != date):
        version = get_object_or_404(GuideVersion.objects.published(), date=date)
    assert version is not None
    context = {"version": version, "current": current, "guide": rendered(version)}
    return render(request, template, context)


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    return render(request, "guidance/nothing_yet.html", status=TEMPORARILY_UNAVAILABLE)
