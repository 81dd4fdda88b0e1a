"""Search in the current version. Public."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guidance.reading import current_version, rendered
from guidance.search import search
from guidance.views.base import render_nothing_published


@login_not_required
@require_safe
@never_cache
def show_results(request: HttpRequest) -> HttpResponse:
    """Never cached: a search may reveal much about a person."""
    version = current_version()
    if version is None:
        return render_nothing_published(request)
    results = search(version, request.GET.get("q", ""))
    context = {"version": version, "guide": rendered(version), "results": results}
    return render(request, "guidance/search.html", context)
