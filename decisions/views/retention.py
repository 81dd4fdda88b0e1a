"""Retention views for IG managers: lists, and pages to hold a decision or dispose of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from decisions import actions, policies
from decisions.domain.question_keys import OUTCOME
from decisions.forms.retention import AnswerDisposalForm, HoldForm, LiftHoldForm, RulesForm
from decisions.models import Decision, DisposalProposal, Hold, RetentionRule
from decisions.models.retention_queries import for_disposal, retention_of
from decisions.views.base import DecisionView, parse_key
from decisions.views.pagination import KeysetPage
from guidance.reading import Option, current_version, questions
from sharingwell.requests import AuthenticatedRequest

PAGE_SIZE = 50


class RetentionList(View):
    """Shows one list by keyset pages. `?after=` is the key of the last row of the previous page."""

    template_name: ClassVar[str]
    newest_first: ClassVar[bool] = True

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_manage_records(request.user)
        found = self.rows(request)
        after = parse_key(request.GET.get("after", ""))
        page = KeysetPage.by_key(found, PAGE_SIZE, after=after, newest_first=self.newest_first)
        context = {
            "rows": page.rows,
            "next": page.last,
            "is_first": after is None,
            **self.extra_context(request, page.rows),
        }
        return render(request, self.template_name, context)

    def rows(self, request: AuthenticatedRequest) -> QuerySet[Any]:
        raise NotImplementedError

    def extra_context(self, request: AuthenticatedRequest, rows: list[Any]) -> dict[str, Any]:
        return {}


class ListDue(RetentionList):
    """Decisions whose retention period is over, oldest first."""

    template_name = "decisions/retention/due.html"
    newest_first = False

    def rows(self, request: AuthenticatedRequest) -> QuerySet[Any]:
        assert request.user.organisation is not None
        self.rules = RetentionRule.objects.current(request.user.organisation)
        own_decisions = Decision.objects.visible_to(request.user).filter(
            organisation=request.user.organisation
        )
        return for_disposal(own_decisions, self.rules, timezone.localdate())

    def extra_context(self, request: AuthenticatedRequest, rows: list[Any]) -> dict[str, Any]:
        for decision in rows:
            decision.due_on = self.rules.due_on(
                timezone.localdate(decision.last_activity_at), decision.latest_outcome
            )
        return {"rules": self.rules}


class ListProposed(RetentionList):
    """Disposals that wait for confirmation by a second person."""

    template_name = "decisions/retention/proposed.html"

    def rows(self, request: AuthenticatedRequest) -> QuerySet[Any]:
        return DisposalProposal.objects.visible_to(request.user).waiting().select_related("by")


class ListHeld(RetentionList):
    template_name = "decisions/retention/held.html"

    def rows(self, request: AuthenticatedRequest) -> QuerySet[Any]:
        own_decisions = Decision.objects.visible_to(request.user).filter(
            organisation=request.user.organisation
        )
        return Hold.objects.in_force().filter(decision__in=own_decisions).select_related("decision", "by")


class ListDisposed(RetentionList):
    """Stubs of decisions disposed of."""

    template_name = "decisions/retention/disposed.html"

    def rows(self, request: AuthenticatedRequest) -> QuerySet[Any]:
        return DisposalProposal.objects.visible_to(request.user).disposed()


class SetRules(View):
    """Sets the retention periods."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        return self.page(self.form(request))

    def post(self, request: AuthenticatedRequest) -> HttpResponse:
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.page(form)
        actions.set_retention_rules(by=request.user, years=form.changes())
        messages.success(request, "Saved. What falls due goes by these rules from now on.")
        return redirect("decisions:due")

    def form(self, request: AuthenticatedRequest, data: Any = None) -> RulesForm:
        policies.check_can_manage_records(request.user)
        assert request.user.organisation is not None
        return RulesForm(
            data,
            rules=RetentionRule.objects.current(request.user.organisation),
            options=_outcomes(),
        )

    def page(self, form: RulesForm) -> HttpResponse:
        return render(self.request, "decisions/retention/rules.html", {"form": form})


class HoldDecision(DecisionView):
    """Sets a legal hold, or lifts the one in force."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision, hold = self.find(reference)
        return self.page(decision, hold, LiftHoldForm() if hold else HoldForm())

    def post(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        """Reject a stale form: `hold` is the key of the hold that the page showed."""
        decision, hold = self.find(reference)
        shown_hold = request.POST.get("hold", "")
        if shown_hold != (str(hold.pk) if hold else ""):
            messages.warning(request, "Somebody else has changed this meanwhile. This is how it stands now.")
            return redirect("decisions:hold", reference)
        form = LiftHoldForm(request.POST) if hold else HoldForm(request.POST)
        if not form.is_valid():
            return self.page(decision, hold, form)
        if hold:
            actions.lift_hold(by=request.user, hold=hold, **form.facts())
            messages.success(request, "The legal hold is lifted.")
        else:
            actions.hold_decision(by=request.user, decision=decision, **form.facts())
            messages.success(request, "The decision is on legal hold. Nothing of it can be disposed of.")
        return redirect("decisions:disposal", reference)

    def find(self, reference: str) -> tuple[Decision, Hold | None]:
        decision = self.decision(reference)
        policies.check_can_hold(self.request.user, decision)
        return decision, Hold.objects.in_force().filter(decision=decision).select_related("by").first()

    def page(self, decision: Decision, hold: Hold | None, form: HoldForm | LiftHoldForm) -> HttpResponse:
        context = {"decision": decision, "hold": hold, "form": form}
        return render(self.request, "decisions/retention/hold.html", context)


class DisposeOfDecision(DecisionView):
    """Shows a decision's retention, and proposes, confirms or declines its disposal."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision, proposal = self.find(reference)
        return self.page(decision, proposal)

    def post(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision, proposal = self.find(reference)
        if "propose" in request.POST:
            actions.propose_disposal(by=request.user, decision=decision)
            messages.success(request, "Proposed. Another IG manager has to confirm it.")
            return redirect("decisions:due")
        if proposal is None:
            return redirect("decisions:disposal", reference)
        form = self.form(proposal, request.POST)
        if not form.is_valid():
            return self.page(decision, proposal, form)
        if form.confirms:
            actions.confirm_disposal(by=request.user, decision=decision)
            messages.success(request, f"{reference} is disposed of. Nothing of it is left but this line.")
            return redirect("decisions:disposed")
        actions.decline_disposal(by=request.user, decision=decision, **form.facts())
        messages.success(request, "The decision is kept.")
        return redirect("decisions:disposal", reference)

    def find(self, reference: str) -> tuple[Decision, DisposalProposal | None]:
        decision = self.decision(reference)
        policies.check_can_manage_retention(self.request.user, decision)
        waiting = DisposalProposal.objects.visible_to(self.request.user).waiting()
        return decision, waiting.filter(decision_key=decision.pk).select_related("by", "organisation").first()

    def form(self, proposal: DisposalProposal, data: Any = None) -> AnswerDisposalForm:
        can_confirm = policies.can_confirm_disposal(self.request.user, proposal)
        return AnswerDisposalForm(data, can_confirm=can_confirm)

    def page(
        self, decision: Decision, proposal: DisposalProposal | None, form: AnswerDisposalForm | None = None
    ) -> HttpResponse:
        found, rules, due_on = retention_of(decision)
        holds = list(decision.holds.select_related("by", "release__by").order_by("-pk"))
        return render(
            self.request,
            "decisions/retention/disposal.html",
            {
                "decision": decision,
                "last_activity_at": found.last_activity_at,
                "years": rules.years_for(found.latest_outcome),
                "due_on": due_on,
                "is_due": found.has_something_recorded and due_on <= timezone.localdate(),
                "is_recorded": found.has_something_recorded,
                "holds": holds,
                "is_held": any(not hasattr(hold, "release") for hold in holds),
                "proposal": proposal,
                "form": form or (self.form(proposal) if proposal else None),
            },
        )


def _outcomes() -> tuple[Option, ...]:
    """The outcomes of the current guide."""
    version = current_version()
    asked = questions(version) if version else ()
    return next((question.options for question in asked if question.key == OUTCOME), ())
