"""Feed and JSON of the guide's versions. Public."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from guidance.feeds import VersionsFeed
from guidance.models import GuideVersion
from guidance.reading import current_version, digest
from guidance.views.base import TEMPORARILY_UNAVAILABLE, with_cache_headers


@login_not_required
@require_safe
def show_feed(request: HttpRequest) -> HttpResponse:
    versions = list(GuideVersion.objects.published())
    response = VersionsFeed(request, versions)(request)
    return with_cache_headers(request, response, *versions)


@login_not_required
@require_safe
def show_current_json(request: HttpRequest) -> HttpResponse:
    """Allows requests from other websites."""
    version = current_version()
    if version is None:
        response: HttpResponse = JsonResponse(
            {"error": "No version of the guide has been published on this website."},
            status=TEMPORARILY_UNAVAILABLE,
        )
    else:
        data = {
            "date": version.date,
            "title": version.title,
            "address": request.build_absolute_uri(version.get_absolute_url()),
            "significance": version.significance,
            "change_note": version.change_note,
            "published_at": version.published_at,
            "digest": f"sha256:{digest(version)}",
        }
        json_response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
        response = with_cache_headers(request, json_response, version)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
