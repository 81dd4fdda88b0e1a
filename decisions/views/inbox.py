"""View of the signed-in person's inbox."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views import View

from decisions.tasks.inbox import TASK_LISTS
from decisions.views.pagination import KeysetPage
from sharingwell.requests import AuthenticatedRequest

ROWS_PER_LIST = 50


class ShowInbox(View):
    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        lists = []
        for each in TASK_LISTS:
            page = KeysetPage.of(each.rows(request.user), ROWS_PER_LIST)
            if page.rows:
                lists.append({"task_list": each, "rows": page.rows, "has_more": page.last is not None})
        return render(request, "decisions/inbox.html", {"lists": lists})
