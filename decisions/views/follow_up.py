"""Views for facts stated after a round is recorded. Each shows one form and returns to the thread."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from decisions import actions, policies
from decisions.forms import CloseForm, FollowUpForm, LookAgainForm
from decisions.forms.follow_up import FinalTextForm
from decisions.models import Decision, FollowUp
from decisions.views.base import DecisionView
from guidance.reading import questions
from sharingwell.requests import AuthenticatedRequest


class FollowUpView(DecisionView):
    """Shows a form, records the fact and redirects to the thread."""

    template_name: str

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        self.check(decision)
        return self.page(decision, self.form(decision))

    def post(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        form = self.form(decision, request.POST)
        if not form.is_valid():
            self.check(decision)
            return self.page(decision, form)
        messages.success(request, self.perform(decision, form.facts()))
        return redirect(decision)

    def page(self, decision: Decision, form: FinalTextForm) -> HttpResponse:
        return render(self.request, self.template_name, {"decision": decision, "form": form})

    def check(self, decision: Decision) -> None:
        """Raises the exceptions of the policy."""
        raise NotImplementedError

    def form(self, decision: Decision, data: Any = None) -> FinalTextForm:
        raise NotImplementedError

    def perform(self, decision: Decision, facts: dict[str, Any]) -> str:
        """Run the action and return the success message."""
        raise NotImplementedError


class AddFollowUp(FollowUpView):
    template_name = "decisions/follow_up.html"

    def check(self, decision: Decision) -> None:
        policies.check_can_follow_up(self.request.user, decision)

    def form(self, decision: Decision, data: Any = None) -> FollowUpForm:
        return FollowUpForm(data)

    def perform(self, decision: Decision, facts: dict[str, Any]) -> str:
        follow_up = actions.add_follow_up(by=self.request.user, decision=decision, **facts)
        if follow_up.kind == FollowUp.Kind.CHANGED and policies.can_start_new_round(
            self.request.user, decision
        ):
            return "Recorded. If it changes what you decided, go round again."
        return "Recorded."


class MoveLookAgain(FollowUpView):
    template_name = "decisions/look_again.html"

    def check(self, decision: Decision) -> None:
        policies.check_can_move_look_again(self.request.user, decision)

    def form(self, decision: Decision, data: Any = None) -> LookAgainForm:
        latest = decision.rounds.select_related("version").latest("number")
        return LookAgainForm(data, questions=questions(latest.version))

    def perform(self, decision: Decision, facts: dict[str, Any]) -> str:
        moved = actions.move_look_again(by=self.request.user, decision=decision, **facts)
        return f"Recorded. Look again on {moved.look_again_on:%A %-d %B %Y}."


class CloseDecision(FollowUpView):
    template_name = "decisions/close.html"

    def check(self, decision: Decision) -> None:
        policies.check_can_close(self.request.user, decision)

    def form(self, decision: Decision, data: Any = None) -> CloseForm:
        return CloseForm(data)

    def perform(self, decision: Decision, facts: dict[str, Any]) -> str:
        actions.close_decision(by=self.request.user, decision=decision, **facts)
        return "The decision is closed. Going round again opens it."
