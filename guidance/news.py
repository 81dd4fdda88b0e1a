"""What has changed in the guide since somebody was last here: told once, and only what is major.

`news_for` reads and `remember_told` writes, so that nothing counts as told before it is shown. The session remembers
up to which version this was done: a page that knows the current version then asks nothing of the database.
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

TOLD = "guide_told"  # in the session: the version's key, and when it was published


@dataclass(frozen=True)
class Change:
    """A major version: the day it is dated, and what it says of its changes."""

    date: datetime.date
    note: SafeString


@dataclass(frozen=True)
class News:
    """`changes` are those to tell, the latest first; empty for a first visit. `current` is None before any guide."""

    seen_on: datetime.date | None
    current: GuideVersion | None
    changes: tuple[Change, ...]

    @property
    def is_up_to_date(self) -> bool:
        return self.current is None or self.current.date == self.seen_on


def news_for(user: User) -> News:
    """One query."""
    seen_on = Reader.objects.filter(user=user).values("seen__date")
    versions = list(
        GuideVersion.objects.published()
        .annotate(seen_on=Subquery(seen_on))
        .filter(Q(seen_on=None) | Q(date__gte=F("seen_on")))
        .order_by("-date")
    )
    if not versions:
        return News(None, None, ())
    current: GuideVersion = versions[0]
    since: datetime.date | None = versions[0].seen_on
    return News(since, current, tuple(_major(versions, since)) if since else ())


def _major(versions: Iterable[GuideVersion], since: datetime.date) -> Iterable[Change]:
    for version in versions:
        is_major = version.significance == GuideVersion.Significance.MAJOR
        if version.date and version.date > since and is_major:
            yield Change(version.date, change_note(version))


def remember_told(user: User, news: News) -> None:
    """To be called once the news has been drawn. Writes only where something changed, and never goes back in time."""
    if news.is_up_to_date or news.current is None:
        return
    if news.seen_on is None:
        Reader.objects.bulk_create([Reader(user=user, seen=news.current)], ignore_conflicts=True)
    else:
        Reader.objects.filter(user=user, seen__date__lt=news.current.date).update(seen=news.current)


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
