"""A page with the news of the guide above it, for whoever has not been told: the first they come to after signing in.

The session remembers up to which version this was looked at, so that a page which knows the current version asks
nothing more of the database.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guidance.models import GuideVersion
from guidance.news import News, news_for, remember_told

TOLD = "guide_told"  # in the session: the version's key, and when it was published


def render_with_news(
    request: HttpRequest, template: str, context: dict[str, Any], *, current: GuideVersion | None = None
) -> HttpResponse:
    """As `render`. With `current`, one query at most, and that once a session and version; without, one query."""
    news = _news(request, current)
    response = render(request, template, {**context, "news": news})
    if news and _is_being_read(request):
        remember_told(request.user, news)  # type: ignore[arg-type]  # there is news only for whoever is signed in
        request.session[TOLD] = _mark(news.current)
    return response


def _news(request: HttpRequest, current: GuideVersion | None) -> News | None:
    if not request.user.is_authenticated or (current and request.session.get(TOLD) == _mark(current)):
        return None
    return news_for(request.user)


def _mark(version: GuideVersion | None) -> str:
    return f"{version.pk} {version.published_at}" if version else ""


def _is_being_read(request: HttpRequest) -> bool:
    """A page fetched ahead may never be seen."""
    return request.method == "GET" and "Sec-Purpose" not in request.headers
