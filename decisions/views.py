"""Decisions over HTTP. Whatever is shown has passed `.visible_to`; whatever is changed goes through `actions`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from decisions import actions, policies
from decisions.answers import AnsweredQuestion, answered_questions, of_part
from decisions.errors import NotReadyToRecord, RoundIsRecorded
from decisions.forms import DescriptionForm, PartForm
from decisions.journey import next_part, open_questions, progress
from decisions.models import Decision, Round
from guidance.models import Part
from guidance.reading import questions, rendered
from sharingwell.kept_words import keep_words
from sharingwell.requests import SignedInRequest

PAGE_SIZE = 25


class DecisionView(View):
    """What every view of a decision does: find it for this person, and say so when a round takes no more answers."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
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
        rounds = list(decision.rounds.select_related("author", "version"))
        return render(
            request,
            "decisions/decision.html",
            {
                "decision": decision,
                "rounds": rounds,
                "can_describe": decision.author == request.user
                and not any(each.is_recorded for each in rounds),
            },
        )


class ShowRound(DecisionView):
    """The overview of a draft; the record of a recorded round."""

    def get(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        if round.is_recorded:
            return render(request, "decisions/record.html", {"round": round})
        answered = self.answered(round)
        return render(
            request,
            "decisions/overview.html",
            {
                "round": round,
                "parts": progress(answered),
                "open": open_questions(answered),
                "can_write": policies.can_write(request.user, round),
            },
        )


class AnswerPart(DecisionView):
    """One part's questions, with the guide's passages beside them."""

    def get(self, request: SignedInRequest, reference: str, number: int, part: str) -> HttpResponse:
        round, form = self.form(reference, number, part)
        return self.page(round, Part(part), form)

    def post(self, request: SignedInRequest, reference: str, number: int, part: str) -> HttpResponse:
        round, form = self.form(reference, number, part, request.POST)
        if not form.is_valid():
            return self.page(round, Part(part), form)
        actions.save_answers(by=request.user, round=round, answers=form.answers())
        following = next_part(Part(part))
        if "to_overview" in request.POST:
            return redirect(round)
        if following is None:
            return redirect("decisions:check", reference, number)
        return redirect("decisions:part", reference, number, following)

    def form(self, reference: str, number: int, part: str, data: Any = None) -> tuple[Round, PartForm]:
        if part not in Part.values:
            raise Http404("There is no such part.")
        round = self.round(reference, number)
        policies.check_can_write(self.request.user, round)
        asked = (question for question in questions(round.version) if question.part == part)
        return round, PartForm(
            data, questions=asked, direction=round.decision.direction, answers=round.answers
        )

    def page(self, round: Round, part: Part, form: PartForm) -> HttpResponse:
        answered = self.answered(round)
        guide = rendered(round.version)
        return render(
            self.request,
            "decisions/part.html",
            {
                "round": round,
                "part": part,
                "form": form,
                "parts": progress(answered),
                "out_of_place": [each for each in of_part(answered, part) if each.out_of_place],
                "passages": guide.passages([cite for question in form.questions for cite in question.cites]),
            },
        )


class CheckAnswers(DecisionView):
    """All answers together, and the button that records them."""

    def get(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        return self.page(round)

    def post(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        already_recorded = round.is_recorded
        try:
            round = actions.record_round(by=request.user, round=round)
        except NotReadyToRecord:
            return self.page(round, refused=True)
        if not already_recorded:
            messages.success(request, f"Recorded. The reference is {round.decision.reference}.")
        return redirect(round)

    def page(self, round: Round, *, refused: bool = False) -> HttpResponse:
        answered = self.answered(round)
        return render(
            self.request,
            "decisions/check.html",
            {
                "round": round,
                "parts": progress(answered),
                "open": open_questions(answered),
                "refused": refused,
            },
            status=422 if refused else 200,
        )
