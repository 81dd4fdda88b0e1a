"""The access log of a decision, for its IG managers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from decisions import policies
from decisions.models import Access, Export
from decisions.views.base import DecisionView, parse_key
from decisions.views.pagination import KeysetPage
from sharingwell.requests import AuthenticatedRequest

PAGE_SIZE = 100


class ShowAccess(DecisionView):
    """Lists every access, newest first. `?before=` is the key of the last row of the previous page."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        policies.check_can_see_access(request.user, decision)
        accesses = Access.objects.visible_to(request.user).of(decision).select_related("by")
        page = KeysetPage.by_key(accesses, PAGE_SIZE, after=parse_key(request.GET.get("before", "")))
        exports = Export.objects.visible_to(request.user).covering(decision).summaries()
        context = {
            "decision": decision,
            "accesses": page.rows,
            "older_than": page.last,
            "exports": exports[:PAGE_SIZE],
        }
        return render(request, "decisions/access.html", context)
