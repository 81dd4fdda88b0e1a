"""Reading the guide. No sign-in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from guidance.choices import Part
from guidance.diff.section_mapping import places
from guidance.models import GuideVersion
from guidance.news import render_with_news
from guidance.reading import change_note, current_version, questions, rendered
from guidance.views.base import may_be_kept, not_found, nothing_yet


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
    """The address of a passage without “#”, for where that sign is lost, as in some messages."""
    version = GuideVersion.objects.published().filter(date=date).first()
    if version:
        guide = rendered(version)
        if anchor in guide.anchors:
            return HttpResponseRedirect(f"{guide.url}#{anchor}")
    return not_found(request)


@login_not_required
@require_safe
def show_nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    return not_found(request)


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
        return nothing_yet(request)
    current, first = versions[0], versions[-1]
    listed = [
        ListedVersion(version, change_note(version), is_current=version is current, is_first=version is first)
        for version in versions
    ]
    context = {"versions": listed, "guide": rendered(current)}
    response = render_with_news(request, "guidance/versions.html", context, current=current)
    return may_be_kept(request, response, *versions)


def _page(request: HttpRequest, template: str, date: datetime.date | None = None) -> HttpResponse:
    """A page of the version of that date, or of the current one. At most two queries for what was read before."""
    version = current = current_version()
    if date and not (current and current.date == date):
        version = GuideVersion.objects.published().filter(date=date).first()
        if version is None:
            return not_found(request)
    if version is None or current is None:
        return nothing_yet(request)
    guide = rendered(version)
    context = {
        "version": version,
        "current": current,
        "is_current": version == current,
        "guide": guide,
        "places": list(places(guide, rendered(current))) if version != current else [],
    }
    if template == "guidance/questions.html":
        asked = questions(version)
        context["parts"] = [(part, [each for each in asked if each.part == part]) for part in Part]
    response = render_with_news(request, template, context, current=current)
    return may_be_kept(request, response, version, current)
