"""Looking for words in the current version. No sign-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guidance.reading import current_version, rendered
from guidance.search import search
from guidance.views.base import nothing_yet


@login_not_required
@require_safe
@never_cache
def show_results(request: HttpRequest) -> HttpResponse:
    """What someone looks for may say much about them: no cache keeps it."""
    version = current_version()
    if version is None:
        return nothing_yet(request)
    results = search(version, request.GET.get("q", ""))
    context = {"version": version, "guide": rendered(version), "results": results}
    return render(request, "guidance/search.html", context)
