"""What `static/src/service_worker.js` keeps on a device that has visited the guide, for when there is no network.

What is kept must be the same for everyone, so the pages are drawn without the request: they cannot know who asks.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from guidance.reading import current_version, rendered
from guidance.views.base import may_be_kept, nothing_yet


@login_not_required
@require_safe
def show_service_worker(request: HttpRequest) -> HttpResponse:
    """Asked for at every visit, so that a new one takes over at once. It may answer for the whole website."""
    response = render(request, "guidance/service_worker.js", content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def show_copy(request: HttpRequest) -> HttpResponse:
    """The current version as it is read without a network. `Content-Location` is its address for ever."""
    version = current_version()
    if version is None:
        return nothing_yet(request)
    context = {
        "version": version,
        "current": version,
        "is_current": True,
        "guide": rendered(version),
        "kept_on": timezone.localdate(),
    }
    response = HttpResponse(render_to_string("guidance/offline_guide.html", context))
    response.headers["Content-Location"] = version.get_absolute_url()
    return may_be_kept(request, response, version)


@login_not_required
@require_safe
def show_no_network(request: HttpRequest) -> HttpResponse:
    """Any other page, without a network."""
    return may_be_kept(request, HttpResponse(render_to_string("guidance/offline.html")))
