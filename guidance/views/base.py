"""What the pages of the guide share: the two answers when there is nothing to read, and what may be kept of a page."""

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


def nothing_yet(request: HttpRequest) -> HttpResponse:
    return render(request, "guidance/nothing_yet.html", status=TEMPORARILY_UNAVAILABLE)


def not_found(request: HttpRequest) -> HttpResponse:
    """No such version or passage: here are the versions there are."""
    versions = list(GuideVersion.objects.published())
    return render(request, "guidance/not_found.html", {"versions": versions}, status=404)


def may_be_kept(request: HttpRequest, response: HttpResponse, *versions: GuideVersion | None) -> HttpResponse:
    """The page with what lets a browser, or a cache on the way, keep it and ask each time whether it still holds.

    Answers 304 where it does. `versions` are those the page shows: it is as new as the newest of them.

    A page with a session, or with a message to one person, is left alone: `sharingwell.middleware.NoStoreMiddleware` keeps
    it from every cache.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES or CookieStorage.cookie_name in request.COOKIES:
        return response
    published = [version.published_at for version in versions if version and version.published_at]
    modified = int(max([made_at(), *published]).timestamp())
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, ["Cookie"])
    etag = quote_etag(hashlib.sha256(response.content).hexdigest())
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(modified)
    return get_conditional_response(request, etag, modified, response) or response


@cache
def made_at() -> datetime.datetime:
    """When the pages around the text last changed: a new release of the product shows at once, too."""
    templates = Path(settings.BASE_DIR) / "templates"
    newest = max(path.stat().st_mtime for path in [templates, *templates.rglob("*")])
    return datetime.datetime.fromtimestamp(newest, datetime.UTC)
