"""What waits for whoever is signed in, over HTTP."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views import View

from decisions.tasks.inbox import TASK_LISTS
from decisions.views.pagination import KeysetPage
from sharingwell.requests import AuthenticatedRequest

SHOWN = 50  # of each kind


class ShowInbox(View):
    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        lists = []
        for each in TASK_LISTS:
            page = KeysetPage.of(each.rows(request.user), SHOWN)
            if page.rows:
                lists.append({"what": each, "rows": page.rows, "has_more": page.last is not None})
        return render(request, "decisions/inbox.html", {"lists": lists})
