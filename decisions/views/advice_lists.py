"""Lists of advice questions: to answer, asked by me, and the IG team's queue. They show references and no content.

The first two need no policy check: their querysets select by adviser or responsible person, who may read the question.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from decisions import actions, policies
from decisions.forms.advice import AdviceTargetForm
from decisions.models import Advice, AdviceQuerySet, AdviceTarget, Decision, Targets
from decisions.views.base import parse_key
from decisions.views.pagination import KeysetPage
from sharingwell.requests import AuthenticatedRequest

PAGE_SIZE = 25


class AdviceList(View):
    """Shows one list by keyset pages. `?after=` is the key of the last row of the previous page."""

    template_name: ClassVar[str]

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        found = self.rows(request).with_state(timezone.now())
        last = self.last_row(found, request.GET.get("after", ""))
        if last is not None:
            found = self.rows_after(found, last)
        rows = self.ordered(found).with_people().defer("as_it_stood", "question")
        page = KeysetPage.of(rows, PAGE_SIZE)
        organisation = request.user.organisation
        targets = AdviceTarget.objects.current(organisation) if organisation else Targets()
        context = {
            "rows": [(advice, due_at(advice, targets)) for advice in page.rows],
            "next": page.last,
            "is_first": last is None,
            "can_work_queue": policies.can_work_queue(request.user),
        }
        return render(request, self.template_name, context)

    def last_row(self, found: AdviceQuerySet, after: str) -> Advice | None:
        """The last row of the previous page; None for an invalid key, which shows the first page."""
        key = parse_key(after)
        return None if key is None else found.filter(pk=key).first()

    def ordered(self, found: AdviceQuerySet) -> AdviceQuerySet:
        return found.overdue_first()

    def rows_after(self, found: AdviceQuerySet, last: Advice) -> AdviceQuerySet:
        return found.after(last)

    def rows(self, request: AuthenticatedRequest) -> AdviceQuerySet:
        raise NotImplementedError


def due_at(advice: Advice, targets: Targets) -> Any:
    """The target time for a reply; None where no reply is expected."""
    return targets.due_at(advice.waiting_since, urgent=advice.urgent) if advice.waits_for_adviser else None


class ListWaiting(AdviceList):
    """Questions on which this person has the next step."""

    template_name = "decisions/advice/mine.html"

    def rows(self, request: AuthenticatedRequest) -> AdviceQuerySet:
        return Advice.objects.waiting_for(request.user)


class ListAsked(AdviceList):
    """Questions about decisions for which this person is responsible, newest first."""

    template_name = "decisions/advice/asked.html"

    def rows(self, request: AuthenticatedRequest) -> AdviceQuerySet:
        return Advice.objects.filter(decision__in=Decision.objects.assigned_to(request.user))

    def ordered(self, found: AdviceQuerySet) -> AdviceQuerySet:
        return found.order_by("-pk")

    def rows_after(self, found: AdviceQuerySet, last: Advice) -> AdviceQuerySet:
        return found.filter(pk__lt=last.pk)


class ListQueue(AdviceList):
    """The IG team's queue, with questions held by people who have left."""

    template_name = "decisions/advice/queue.html"

    def rows(self, request: AuthenticatedRequest) -> AdviceQuerySet:
        policies.check_can_work_queue(request.user)
        return Advice.objects.visible_to(request.user).in_queue()


class SetAdviceTarget(View):
    """Sets the organisation's target times for a reply."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_work_queue(request.user)
        assert request.user.organisation is not None
        now = AdviceTarget.objects.current(request.user.organisation)
        return self.page(AdviceTargetForm(initial={"urgent_hours": now.urgent_hours, "days": now.days}))

    def post(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_work_queue(request.user)
        form = AdviceTargetForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        actions.set_advice_target(by=request.user, **form.cleaned_data)
        messages.success(request, "Saved. What is overdue goes by these times from now on.")
        return redirect("advice:queue")

    def page(self, form: AdviceTargetForm) -> HttpResponse:
        return render(self.request, "decisions/advice/times.html", {"form": form, "can_work_queue": True})
