"""What waits for me, what I asked, and the IG team's queue: lists that name decisions and say nothing of them.

Whoever is to reply to a question, or looks after its decision, may read it: for those lists nobody asks a second time.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from decisions import actions, policies
from decisions.forms.advice import TimesForm
from decisions.models import Advice, AdviceQuerySet, AdviceTarget, Decision, Targets
from decisions.views.base import key_in
from decisions.views.pagination import KeysetPage
from sharingwell.requests import AuthenticatedRequest

PAGE_SIZE = 25


class AdviceList(View):
    """One list, a page at a time; `?after=` is the key of the last row of the page before."""

    template_name: ClassVar[str]

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        found = self.rows(request).with_state(timezone.now())
        last = self.last(found, request.GET.get("after", ""))
        if last is not None:
            found = self.following(found, last)
        rows = self.in_order(found).with_people().defer("as_it_stood", "question")
        page = KeysetPage.of(rows, PAGE_SIZE)
        organisation = request.user.organisation
        targets = AdviceTarget.objects.current(organisation) if organisation else Targets()
        context = {
            "rows": [(advice, due_at(advice, targets)) for advice in page.rows],
            "next": page.last,
            "is_first": last is None,
            "works_queue": policies.can_work_queue(request.user),
        }
        return render(request, self.template_name, context)

    def last(self, found: AdviceQuerySet, after: str) -> Advice | None:
        """Nothing for an address edited by hand: the list begins anew."""
        key = key_in(after)
        return None if key is None else found.filter(pk=key).first()

    def in_order(self, found: AdviceQuerySet) -> AdviceQuerySet:
        return found.overdue_first()

    def following(self, found: AdviceQuerySet, last: Advice) -> AdviceQuerySet:
        return found.after(last)

    def rows(self, request: AuthenticatedRequest) -> AdviceQuerySet:
        raise NotImplementedError


def due_at(advice: Advice, targets: Targets) -> Any:
    """By when an adviser means to reply; nothing where none is expected."""
    return targets.due_at(advice.waiting_since, urgent=advice.urgent) if advice.waits_for_adviser else None


class ListWaiting(AdviceList):
    """What this person is to reply to, to answer, or to say something of."""

    template_name = "decisions/advice/mine.html"

    def rows(self, request: AuthenticatedRequest) -> AdviceQuerySet:
        return Advice.objects.waiting_for(request.user)


class ListAsked(AdviceList):
    """What was asked about decisions that this person looks after, the latest first."""

    template_name = "decisions/advice/asked.html"

    def rows(self, request: AuthenticatedRequest) -> AdviceQuerySet:
        return Advice.objects.filter(decision__in=Decision.objects.assigned_to(request.user))

    def in_order(self, found: AdviceQuerySet) -> AdviceQuerySet:
        return found.order_by("-pk")

    def following(self, found: AdviceQuerySet, last: Advice) -> AdviceQuerySet:
        return found.filter(pk__lt=last.pk)


class ListQueue(AdviceList):
    """The IG team's, and what waits for somebody who has left."""

    template_name = "decisions/advice/queue.html"

    def rows(self, request: AuthenticatedRequest) -> AdviceQuerySet:
        policies.check_can_work_queue(request.user)
        return Advice.objects.visible_to(request.user).in_queue()


class SetTimes(View):
    """Within which time the organisation means to reply."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_work_queue(request.user)
        assert request.user.organisation is not None
        now = AdviceTarget.objects.current(request.user.organisation)
        return self.page(TimesForm(initial={"urgent_hours": now.urgent_hours, "days": now.days}))

    def post(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_work_queue(request.user)
        form = TimesForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        actions.set_advice_target(by=request.user, **form.cleaned_data)
        messages.success(request, "Saved. What is overdue goes by these times from now on.")
        return redirect("advice:queue")

    def page(self, form: TimesForm) -> HttpResponse:
        return render(self.request, "decisions/advice/times.html", {"form": form, "works_queue": True})
