"""One time round the parts, over HTTP: draft, then recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from decisions import actions, policies
from decisions.answers import of_part
from decisions.considered import considered
from decisions.documents import as_json, as_pdf, as_text
from decisions.errors import NotReadyToRecord
from decisions.forms import ChangedForm, PartForm, ThoughtsForm
from decisions.journey import next_part, open_questions, progress
from decisions.models import Decision, Round
from decisions.views.base import DecisionView
from guidance.models import Part
from guidance.reading import current_version, questions, rendered
from sharingwell.requests import SignedInRequest

COPIES: dict[str, tuple[str, Callable[[dict[str, Any]], str | bytes]]] = {
    "pdf": ("application/pdf", as_pdf),
    "txt": ("text/plain; charset=utf-8", as_text),
    "json": ("application/json", as_json),
}


class GoRoundAgain(DecisionView):
    """Asks what has changed, and starts the next round with the last answers."""

    def get(self, request: SignedInRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        policies.check_can_go_round_again(request.user, decision)
        return self.page(decision, ChangedForm())

    def post(self, request: SignedInRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        form = ChangedForm(request.POST)
        if not form.is_valid():
            return self.page(decision, form)
        return redirect(actions.start_round(by=request.user, decision=decision, **form.cleaned_data))

    def page(self, decision: Decision, form: ChangedForm) -> HttpResponse:
        last = decision.rounds.select_related("version").latest("number")
        return render(
            self.request,
            "decisions/again.html",
            {"decision": decision, "last": last, "current": current_version(), "form": form},
        )


class SayWhatChanged(DecisionView):
    """The same question again, for a draft."""

    def get(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        return self.page(round, ChangedForm(initial={"changed": round.changed}))

    def post(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        form = ChangedForm(request.POST)
        if not form.is_valid():
            return self.page(round, form)
        actions.say_what_changed(by=request.user, round=round, **form.cleaned_data)
        return redirect(round)

    def page(self, round: Round, form: ChangedForm) -> HttpResponse:
        return render(self.request, "decisions/changed.html", {"round": round, "form": form})


class MoveToCurrentGuide(DecisionView):
    """Let a draft go on with the guide that has been published since."""

    def post(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        return redirect(actions.move_to_current_guide(by=request.user, round=self.round(reference, number)))


class DiscardDraft(DecisionView):
    """Asks first."""

    def get(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        return render(request, "decisions/discard.html", {"round": round})

    def post(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        actions.discard_draft(by=request.user, round=round)
        messages.success(request, "The draft is discarded.")
        return redirect("decisions:mine") if round.number == 1 else redirect(round.decision)


class ShowRound(DecisionView):
    """The overview of a draft; the record of a recorded round."""

    def get(self, request: SignedInRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        if round.is_recorded:
            is_latest = not round.decision.rounds.filter(number__gt=round.number).exists()
            return render(request, "decisions/record.html", {"round": round, "is_latest": is_latest})
        answered = self.answered(round)
        return render(
            request,
            "decisions/overview.html",
            {
                "round": round,
                "current": current_version(),
                "left_over": self.left_over(round),
                "parts": progress(answered),
                "open": open_questions(answered),
                "can_write": policies.can_write(request.user, round),
            },
        )


class CopyRecord(DecisionView):
    """A recorded round to keep: `record.pdf`, `record.txt` or `record.json`."""

    def get(self, request: SignedInRequest, reference: str, number: int, kind: str) -> HttpResponse:
        round = self.round(reference, number)
        if round.record is None or kind not in COPIES:
            raise Http404("There is no such copy.")
        content_type, make = COPIES[kind]
        name = f"{round.decision.reference}-round-{round.number}.{kind}"
        return HttpResponse(
            make(round.record),
            content_type=content_type,
            headers={"Content-Disposition": f'inline; filename="{name}"'},
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
        actions.save_answers(by=request.user, round=round, answers=form.answers(), needed=form.needed())
        if form.points_something_out_anew:
            messages.warning(request, "Saved. Please look at what is pointed out below before you go on.")
            return redirect("decisions:part", reference, number, part)
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
            data,
            questions=asked,
            direction=round.decision.direction,
            answers=round.answers,
            needed=round.needed,
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
                "considered": [each for each in considered(round) if each.consideration.part == part],
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
        if round.is_recorded and round.author == request.user:
            return redirect(round)
        policies.check_can_write(request.user, round)
        thoughts = ThoughtsForm(considered(round), request.POST)
        if not thoughts.is_valid():
            return self.page(round, thoughts)
        round = actions.save_thoughts(by=request.user, round=round, thoughts=thoughts.thoughts())
        if "save_thoughts" in request.POST:
            return redirect("decisions:check", reference, number)
        try:
            round = actions.record_round(by=request.user, round=round)
        except NotReadyToRecord:
            return self.page(round, refused=True)
        messages.success(request, f"Recorded. The reference is {round.decision.reference}.")
        return redirect(round)

    def page(
        self, round: Round, thoughts: ThoughtsForm | None = None, *, refused: bool = False
    ) -> HttpResponse:
        answered = self.answered(round)
        return render(
            self.request,
            "decisions/check.html",
            {
                "round": round,
                "parts": progress(answered),
                "open": open_questions(answered),
                "left_over": self.left_over(round),
                "thoughts": thoughts or ThoughtsForm(considered(round)),
                "refused": refused,
            },
            status=422 if refused else 200,
        )
