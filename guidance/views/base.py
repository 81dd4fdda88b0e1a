"""Shared by the pages of the guide: error pages and cache headers."""

from __future__ import annotations

import datetime
import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date, quote_etag

from guidance.models import GuideVersion

TEMPORARILY_UNAVAILABLE = 503


def render_nothing_published(request: HttpRequest) -> HttpResponse:
    return render(request, "guidance/nothing_yet.html", status=TEMPORARILY_UNAVAILABLE)


def render_not_found(request: HttpRequest) -> HttpResponse:
    """Page for an unknown version or passage, with a list of the versions."""
    versions = list(GuideVersion.objects.published())
    return render(request, "guidance/not_found.html", {"versions": versions}, status=404)


def with_cache_headers(
    request: HttpRequest, response: HttpResponse, *versions: GuideVersion | None
) -> HttpResponse:
    """Adds cache headers with which caches store the page and revalidate it each time; responds 304 where unchanged.

    `versions` are those that the page shows: the newest sets Last-Modified.

    Leaves a page with a session or a message unchanged: `NoStoreMiddleware` forbids caching those with a session.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES or CookieStorage.cookie_name in request.COOKIES:
        return response
    published = [version.published_at for version in versions if version and version.published_at]
    modified = int(max([templates_modified_at(), *published]).timestamp())
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Cookie"])
    etag = quote_etag(hashlib.sha256(response.content).hexdigest())
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(modified)
    return get_conditional_response(request, etag, modified, response) or response


@cache
def templates_modified_at() -> datetime.datetime:
    """Time of the last change of a template, so that a new release is shown at once."""
    templates = Path(settings.BASE_DIR) / "templates"
    newest = max(path.stat().st_mtime for path in [templates, *templates.rglob("*")])
    return datetime.datetime.fromtimestamp(newest, datetime.UTC)
