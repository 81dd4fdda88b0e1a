"""Pages that `static/src/service_worker.js` stores on a reader's device for use without a network.

They are the same for everyone: rendered without the request, which would identify the reader.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from guidance.reading import current_version, rendered
from guidance.views.base import render_nothing_published, with_cache_headers


@login_not_required
@require_safe
def show_service_worker(request: HttpRequest) -> HttpResponse:
    """Never cached, so that a new one takes over at once. Its scope is the whole website."""
    response = render(request, "guidance/service_worker.js", content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def show_copy(request: HttpRequest) -> HttpResponse:
    """The current version for reading offline. `Content-Location` is its permanent address."""
    version = current_version()
    if version is None:
        return render_nothing_published(request)
    context = {
        "version": version,
        "current": version,
        "is_current": True,
        "guide": rendered(version),
        "stored_on": timezone.localdate(),
    }
    response = HttpResponse(render_to_string("guidance/offline_guide.html", context))
    response.headers["Content-Location"] = version.get_absolute_url()
    return with_cache_headers(request, response, version)


@login_not_required
@require_safe
def show_no_network(request: HttpRequest) -> HttpResponse:
    """Shown for any other page without a network."""
    return with_cache_headers(request, HttpResponse(render_to_string("guidance/offline.html")))
