"""Pages of the guide. Public."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from guidance.choices import Part
from guidance.diff.section_mapping import map_sections
from guidance.models import GuideVersion
from guidance.news import render_with_news
from guidance.reading import change_note, current_version, questions, rendered
from guidance.views.base import render_not_found, render_nothing_published, with_cache_headers


@login_not_required
@require_safe
def show_current(request: HttpRequest) -> HttpResponse:
    return _page(request, "guidance/guide.html")


@login_not_required
@require_safe
def show_version(request: HttpRequest, date: datetime.date) -> HttpResponse:
    return _page(request, "guidance/guide.html", date)


@login_not_required
@require_safe
def list_principles(request: HttpRequest, date: datetime.date | None = None) -> HttpResponse:
    return _page(request, "guidance/principles.html", date)


@login_not_required
@require_safe
def list_examples(request: HttpRequest, date: datetime.date | None = None) -> HttpResponse:
    return _page(request, "guidance/examples.html", date)


@login_not_required
@require_safe
def list_questions(request: HttpRequest, date: datetime.date | None = None) -> HttpResponse:
    return _page(request, "guidance/questions.html", date)


@login_not_required
@require_safe
def show_passage(request: HttpRequest, date: datetime.date, anchor: str) -> HttpResponse:
    """Redirects to the passage: an address without “#”, for messages that drop fragments."""
    version = GuideVersion.objects.published().filter(date=date).first()
    if version:
        guide = rendered(version)
        if anchor in guide.anchors:
            return HttpResponseRedirect(f"{guide.url}#{anchor}")
    return render_not_found(request)


@login_not_required
@require_safe
def show_not_found(request: HttpRequest, rest: str) -> HttpResponse:
    return render_not_found(request)


@dataclass(frozen=True)
class ListedVersion:
    version: GuideVersion
    note: SafeString
    is_current: bool
    is_first: bool


@login_not_required
@require_safe
def list_versions(request: HttpRequest) -> HttpResponse:
    versions = list(GuideVersion.objects.published())
    if not versions:
        return render_nothing_published(request)
    current, first = versions[0], versions[-1]
    listed = [
        ListedVersion(version, change_note(version), is_current=version is current, is_first=version is first)
        for version in versions
    ]
    context = {"versions": listed, "guide": rendered(current)}
    response = render_with_news(request, "guidance/versions.html", context, current=current)
    return with_cache_headers(request, response, *versions)


def _page(request: HttpRequest, template: str, date: datetime.date | None = None) -> HttpResponse:
    """Page of the version of that date, or of the current one. At most two queries once cached."""
    version = current = current_version()
    if date and not (current and current.date == date):
        version = GuideVersion.objects.published().filter(date=date).first()
        if version is None:
            return render_not_found(request)
    if version is None or current is None:
        return render_nothing_published(request)
    guide = rendered(version)
    context = {
        "version": version,
        "current": current,
        "is_current": version == current,
        "guide": guide,
        "mapped_sections": list(map_sections(guide, rendered(current))) if version != current else [],
    }
    if template == "guidance/questions.html":
        all_questions = questions(version)
        context["parts"] = [(part, [each for each in all_questions if each.part == part]) for part in Part]
    response = render_with_news(request, template, context, current=current)
    return with_cache_headers(request, response, version, current)
