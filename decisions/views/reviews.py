"""Views for reviews: one round, progress by month, exports of the log."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from decisions import actions, policies
from decisions.domain.periods import Month
from decisions.forms.reviews import ReviewForm, SampleForm
from decisions.log.filters import TO_REVIEW
from decisions.models import Export, Review, Round, SampleRule
from decisions.models.sample import progress
from decisions.views.base import DecisionView, parse_key
from decisions.views.pagination import KeysetPage
from sharingwell.requests import AuthenticatedRequest

PAGE_SIZE = 25
LAWFUL_BASIS = "role.lawful_basis"


class ReviewRound(DecisionView):
    """Shows a recorded round beside the review form."""

    can_restore_input = True

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.get_recorded_round(reference, number)
        return self.page(round, self.form(round))

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.get_recorded_round(reference, number)
        form = self.form(round, request.POST)
        if self.must_redisplay(form):
            return self.page(round, form)
        review = actions.review_round(by=request.user, round=round, **form.facts())
        messages.success(request, self.success_message(review, round))
        return redirect("admin:decisions_decision_change", round.decision_id)

    def get_recorded_round(self, reference: str, number: int) -> Round:
        round = self.round(reference, number)
        policies.check_can_review(self.request.user, round.decision)
        if not round.is_recorded:
            raise Http404("A draft is its writer’s alone.")
        return round

    def success_message(self, review: Review, round: Round) -> str:
        """Mention a later round, or a colleague's review of the same round, recorded in the meantime."""
        later = Round.objects.latest_recorded().get(decision=round.decision)
        if later.number != round.number:
            return f"Recorded for round {round.number}. Round {later.number} has followed it and is to be reviewed."
        others = Review.objects.filter(round=round, pk__lt=review.pk).exclude(by=review.by)
        other = others.select_related("by").order_by("pk").last()
        if other is None:
            return "Recorded. This decision is reviewed."
        return (
            f"Recorded. {other.by} reviewed this round on {timezone.localtime(other.at):%-d %B %Y}, too: "
            "both reviews are kept, and yours counts, as the later one."
        )

    def form(self, round: Round, data: Any = None) -> ReviewForm:
        assert round.record is not None
        answered = [
            words
            for part in round.record["parts"]
            for answer in part["answers"]
            if answer["key"] == LAWFUL_BASIS
            for words in answer["answer"]
        ]
        return ReviewForm(data, categories=round.record["categories"], answered=", ".join(answered))

    def page(self, round: Round, form: ReviewForm) -> HttpResponse:
        earlier = Review.objects.filter(round=round).select_related("by")
        context = {"round": round, "decision": round.decision, "form": form, "earlier": earlier}
        return render(self.request, "decisions/reviews/review.html", context)


class ShowReviews(View):
    """Shows the share of each month's sample that is reviewed."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_review_log(request.user)
        assert request.user.organisation is not None
        today = timezone.localdate()
        month = Month.of(today)
        context = {
            "months": [
                (each, f"{each.month}{'' if each.is_done else TO_REVIEW}")
                for each in progress(request.user.organisation, today)
            ],
            "rule": SampleRule.objects.at(request.user.organisation, [month])[month],
            "log": reverse("admin:decisions_decision_changelist"),
        }
        return render(request, "decisions/reviews/months.html", context)


class SetSample(View):
    """Sets the sampling rule from this month on."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        return self.page(self.form(request))

    def post(self, request: AuthenticatedRequest) -> HttpResponse:
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.page(form)
        actions.set_sample_rule(by=request.user, **form.facts())
        messages.success(request, "Saved. It counts from this month on.")
        return redirect("decisions:reviews")

    def form(self, request: AuthenticatedRequest, data: Any = None) -> SampleForm:
        policies.check_can_review_log(request.user)
        assert request.user.organisation is not None
        month = Month.of(timezone.localdate())
        return SampleForm(data, rule=SampleRule.objects.at(request.user.organisation, [month])[month])

    def page(self, form: SampleForm) -> HttpResponse:
        return render(self.request, "decisions/reviews/sample.html", {"form": form})


class ListExports(View):
    """Lists exports of the log, newest first. `?before=` is the key of the last row of the previous page."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_review_log(request.user)
        exports = Export.objects.visible_to(request.user).summaries()
        page = KeysetPage.by_key(exports, PAGE_SIZE, after=parse_key(request.GET.get("before", "")))
        context = {
            "exports": page.rows,
            "older_than": page.last,
            "log": reverse("admin:decisions_decision_changelist"),
        }
        return render(request, "decisions/reviews/exports.html", context)
