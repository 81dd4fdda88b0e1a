"""Shows each person the major changes of the guide since their last visit, once.

`news_for` reads and `mark_news_seen` writes, so that only news that was rendered counts as seen. The session stores the
latest version seen: pages that know the current version then need no query.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from guidance.models import GuideVersion, Reader
from guidance.reading import change_note
from sharingwell.accounts.models import User

SESSION_KEY = "guide_told"  # holds primary key and time of publication


@dataclass(frozen=True)
class Change:
    """A major version: its date and change note."""

    date: datetime.date
    note: SafeString


@dataclass(frozen=True)
class News:
    """`changes` are the unseen ones, latest first; empty on a first visit. `current` is None before any publication."""

    last_seen_date: datetime.date | None
    current: GuideVersion | None
    changes: tuple[Change, ...]

    @property
    def is_up_to_date(self) -> bool:
        return self.current is None or self.current.date == self.last_seen_date


def news_for(user: User) -> News:
    """One query."""
    last_seen_date = Reader.objects.filter(user=user).values("last_seen_version__date")
    versions = list(
        GuideVersion.objects.published()
        .annotate(last_seen_date=Subquery(last_seen_date))
        .filter(Q(last_seen_date=None) | Q(date__gte=F("last_seen_date")))
        .order_by("-date")
    )
    if not versions:
        return News(None, None, ())
    current: GuideVersion = versions[0]
    since: datetime.date | None = versions[0].last_seen_date
    return News(since, current, tuple(_major(versions, since)) if since else ())


def _major(versions: Iterable[GuideVersion], since: datetime.date) -> Iterable[Change]:
    for version in versions:
        is_major = version.significance == GuideVersion.Significance.MAJOR
        if version.date and version.date > since and is_major:
            yield Change(version.date, change_note(version))


def mark_news_seen(user: User, news: News) -> None:
    """Call after rendering. Writes only where something changed, and never replaces a later version."""
    if news.is_up_to_date or news.current is None:
        return
    if news.last_seen_date is None:
        Reader.objects.bulk_create([Reader(user=user, last_seen_version=news.current)], ignore_conflicts=True)
    else:
        Reader.objects.filter(user=user, last_seen_version__date__lt=news.current.date).update(
            last_seen_version=news.current
        )


def render_with_news(
    request: HttpRequest, template: str, context: dict[str, Any], *, current: GuideVersion | None = None
) -> HttpResponse:
    """As `render`. At most one query: with `current`, one per session and version."""
    news = _news(request, current)
    response = render(request, template, {**context, "news": news})
    if news and _is_displayed(request):
        mark_news_seen(request.user, news)  # type: ignore[arg-type]  # news is for signed-in people only
        request.session[SESSION_KEY] = _session_value(news.current)
    return response


def _news(request: HttpRequest, current: GuideVersion | None) -> News | None:
    if not request.user.is_authenticated or (
        current and request.session.get(SESSION_KEY) == _session_value(current)
    ):
        return None
    return news_for(request.user)


def _session_value(version: GuideVersion | None) -> str:
    return f"{version.pk} {version.published_at}" if version else ""


def _is_displayed(request: HttpRequest) -> bool:
    """Excludes pages that the browser prefetches, which may never be shown."""
    return request.method == "GET" and "Sec-Purpose" not in request.headers
