"""What every view of a decision does."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views import View

from decisions.answers import AnsweredQuestion, LeftOver, answered_questions, left_over
from decisions.errors import DraftInProgress, RoundIsRecorded
from decisions.models import Decision, Round
from guidance.reading import questions, questions_before
from sharingwell.kept_words import keep_words
from sharingwell.requests import SignedInRequest


class DecisionView(View):
    """What every view of a decision does: find it for this person, and say so when a round takes no more answers."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except DraftInProgress as error:
            return redirect(error.round)
        except RoundIsRecorded as error:
            if request.method == "POST":
                return keep_words(
                    request,
                    title="This round was recorded before your words were saved",
                    explanation="A recorded round cannot be changed. Your words are below: copy them if you need them.",
                    next_url=error.round.get_absolute_url(),
                    next_text="See the recorded round",
                    status=409,
                )
            return redirect(error.round)

    def decision(self, reference: str) -> Decision:
        return get_object_or_404(
            Decision.objects.visible_to(self.request.user).select_related("organisation", "team", "author"),
            reference=reference,
        )

    def round(self, reference: str, number: int) -> Round:
        return get_object_or_404(
            Round.objects.visible_to(self.request.user).select_related(
                "decision__organisation", "decision__team", "decision__author", "version", "author"
            ),
            decision__reference=reference,
            number=number,
        )

    def answered(self, round: Round) -> tuple[AnsweredQuestion, ...]:
        return answered_questions(questions(round.version), round.decision.direction, round.answers)

    def left_over(self, round: Round) -> tuple[LeftOver, ...]:
        return left_over(questions(round.version), questions_before(round.version), round.answers)
