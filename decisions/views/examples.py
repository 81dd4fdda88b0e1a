"""View that drafts a worked example for the guide beside its source decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from decisions import actions, policies
from decisions.domain.verbatim_overlap import identifying_names, written_texts
from decisions.forms.examples import ExampleForm
from decisions.models import Round
from decisions.record.decision_export import thread_of
from decisions.record.timeline import timeline
from decisions.selectors import advice_on_decision
from decisions.views.base import DecisionView
from guidance.editing.proposals import SectionNotInDraft, sections_for_examples
from sharingwell.requests import AuthenticatedRequest


class DraftExample(DecisionView):
    """Starts with an empty form: text of the decision is never copied into an example."""

    can_restore_input = True

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        return self.page(*self.get_round_and_form(reference, number))

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round, form = self.get_round_and_form(reference, number, request.POST)
        if self.must_redisplay(form):
            return self.page(round, form)
        try:
            actions.draft_example(by=request.user, round=round, **form.facts())
        except SectionNotInDraft as error:
            form.add_error("section", str(error))
            return self.page(round, form)
        messages.success(
            request,
            "The example is in the draft of the next guide. An editor can change it, and decides whether it is "
            "published. Only your organisation’s IG managers can see where it comes from.",
        )
        return redirect(round.decision)

    def get_round_and_form(self, reference: str, number: int, data: Any = None) -> tuple[Round, ExampleForm]:
        decision = self.decision(reference)
        rounds = decision.rounds.with_history()
        round = self.round_of(decision, rounds, number)
        policies.check_can_draft_example(self.request.user, round)
        recorded = [each for each in rounds if each.is_recorded]
        advice = advice_on_decision(self.request.user, decision)
        thread = thread_of(decision, timeline(recorded, decision.follow_up_list, decision.hand_overs, advice))
        form = ExampleForm(
            data,
            sections=sections_for_examples(),
            words=list(written_texts(thread)),
            names=list(identifying_names(thread)),
        )
        return round, form

    def page(self, round: Round, form: ExampleForm) -> HttpResponse:
        context = {"round": round, "decision": round.decision, "form": form}
        return render(self.request, "decisions/reviews/example.html", context)
