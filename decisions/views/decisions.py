"""Decisions over HTTP: mine, a new one, one with its rounds."""

from __future__ import annotations

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render

from decisions import actions, policies
from decisions.forms import DescriptionForm
from decisions.models import Decision, Round
from decisions.views.base import DecisionView
from sharingwell.requests import SignedInRequest

PAGE_SIZE = 25


class ShowMyDecisions(DecisionView):
    """What this person started, newest first, a page at a time; `?before=` is where the page before ended."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        mine = Decision.objects.visible_to(request.user).by(request.user).newest_first().with_rounds()
        before = request.GET.get("before")
        if before:
            mine = mine.filter(pk__lt=self.decision(before).pk)
        page = list(mine[: PAGE_SIZE + 1])
        return render(
            request,
            "decisions/mine.html",
            {
                "decisions": page[:PAGE_SIZE],
                "older_than": page[PAGE_SIZE - 1] if len(page) > PAGE_SIZE else None,
                "before": before,
                "can_start": policies.can_start(request.user),
            },
        )


class StartDecision(DecisionView):
    def get(self, request: SignedInRequest) -> HttpResponse:
        policies.check_can_start(request.user)
        return self.page(DescriptionForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = DescriptionForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        decision = actions.start_decision(by=request.user, **form.cleaned_data)
        return redirect("decisions:round", decision.reference, 1)

    def page(self, form: DescriptionForm) -> HttpResponse:
        return render(self.request, "decisions/start.html", {"form": form})


class DescribeDecision(DecisionView):
    """Correct direction, summary and case reference, until the first round is recorded."""

    def get(self, request: SignedInRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        policies.check_can_describe(request.user, decision)
        return self.page(decision, DescriptionForm.describing(decision))

    def post(self, request: SignedInRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        form = DescriptionForm.describing(decision, request.POST)
        if not form.is_valid():
            return self.page(decision, form)
        actions.describe_decision(by=request.user, decision=decision, **form.cleaned_data)
        return redirect(decision)

    def page(self, decision: Decision, form: DescriptionForm) -> HttpResponse:
        return render(self.request, "decisions/describe.html", {"decision": decision, "form": form})


class ShowDecision(DecisionView):
    """The thread: a decision with its rounds."""

    def get(self, request: SignedInRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        newest_first = Round.objects.select_related("author", "version").order_by("-number")
        prefetch_related_objects([decision], Prefetch("rounds", newest_first))
        rounds = decision.rounds.all()
        return render(
            request,
            "decisions/decision.html",
            {
                "decision": decision,
                "rounds": rounds,
                "can_go_round_again": policies.can_go_round_again(request.user, decision),
                "can_describe": decision.author == request.user
                and not any(each.is_recorded for each in rounds),
            },
        )
