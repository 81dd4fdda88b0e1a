"""Views that share a decision with a colleague or hand it over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from decisions import actions, policies
from decisions.errors import NotAColleague
from decisions.forms.sharing import HandOverForm, ShareForm
from decisions.models import Decision
from decisions.views.base import DecisionView
from sharingwell.requests import AuthenticatedRequest


class ShareDecision(DecisionView):
    """Lists the people with access to a decision, and adds one."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        policies.check_can_share(request.user, decision)
        return self.page(decision, ShareForm(organisation=decision.organisation))

    def post(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        policies.check_can_share(request.user, decision)
        form = ShareForm(request.POST, organisation=decision.organisation)
        if form.is_valid():
            assert form.person is not None
            try:
                actions.share_decision(by=request.user, decision=decision, person=form.person)
            except NotAColleague as error:
                form.add_error("email", str(error))
            else:
                messages.success(request, f"{form.person} can read this decision now.")
                return redirect("decisions:share", reference)
        return self.page(decision, form)

    def page(self, decision: Decision, form: ShareForm) -> HttpResponse:
        shares = decision.shares.open().select_related("person")
        return render(
            self.request, "decisions/share.html", {"decision": decision, "form": form, "shares": shares}
        )


class EndShare(DecisionView):
    def post(self, request: AuthenticatedRequest, reference: str, share: int) -> HttpResponse:
        decision = self.decision(reference)
        ended = get_object_or_404(decision.shares.select_related("person", "decision"), pk=share)
        actions.end_share(by=request.user, share=ended)
        messages.success(request, f"{ended.person} cannot read this decision any more.")
        return redirect("decisions:share", reference)


class HandOverDecision(DecisionView):
    """Hands a decision over to a colleague, with a reason; for managers and IG managers."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        policies.check_can_hand_over(request.user, decision)
        return self.page(decision, HandOverForm(organisation=decision.organisation))

    def post(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        policies.check_can_hand_over(request.user, decision)
        form = HandOverForm(request.POST, organisation=decision.organisation)
        if form.is_valid():
            try:
                given = actions.hand_over_decision(by=request.user, decision=decision, **form.facts())
            except NotAColleague as error:
                form.add_error("email", str(error))
            else:
                messages.success(request, f"{given.to} looks after this decision now.")
                return redirect(decision)
        return self.page(decision, form)

    def page(self, decision: Decision, form: HandOverForm) -> HttpResponse:
        return render(self.request, "decisions/hand_over.html", {"decision": decision, "form": form})
