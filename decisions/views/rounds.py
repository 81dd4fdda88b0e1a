"""Views of a round: draft, then recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from decisions import actions, policies
from decisions.domain.draft_merge import THOUGHT
from decisions.domain.progress import open_questions, progress
from decisions.domain.question_keys import ADVICE_FIRST, OUTCOME
from decisions.errors import AdviceRequested, NotReadyToRecord
from decisions.forms import PartForm, ThoughtsForm, UrgentDraftForm
from decisions.models import Access, Round
from decisions.record.considerations import by_weight, considered
from decisions.record.export import as_json, as_pdf, as_text
from decisions.selectors import advice_on_round
from decisions.views.autosave import DraftView
from decisions.views.base import LOOK_AGAIN, MORE_TO_ANSWER, DecisionView
from decisions.views.recorded import after_recording, recorded_url
from decisions.views.round_context import (
    check_context,
    considered_by_question,
    new_question,
    part_context,
    part_form,
    url_after_part,
)
from guidance.choices import Part
from guidance.reading import current_version
from sharingwell.accounts.models import User
from sharingwell.requests import AuthenticatedRequest

COPIES: dict[str, tuple[str, Callable[[dict[str, Any]], str | bytes]]] = {
    "pdf": ("application/pdf", as_pdf),
    "txt": ("text/plain; charset=utf-8", as_text),
    "json": ("application/json", as_json),
}


def ask_url(round: Round, part: str = "") -> str:
    address = reverse("decisions:ask", args=[round.decision.reference, round.number])
    return f"{address}?part={part}" if part else address


def advice_context(round: Round, user: User) -> dict[str, Any]:
    """Template context: advice questions on the round that are visible to the user."""
    found = advice_on_round(user, round)
    return {"advice_requests": found, "advice_is_open": any(each.state.is_open for each in found)}


class MoveToCurrentGuide(DecisionView):
    """Moves a draft to the current guide version."""

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        return redirect(actions.move_to_current_guide(by=request.user, round=self.round(reference, number)))


class KeepDraft(DecisionView):
    """Postpones the expiry of an unchanged draft."""

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        actions.keep_draft(by=request.user, round=round)
        messages.success(request, "The draft is kept.")
        return redirect(round)


class DiscardDraft(DecisionView):
    """Discards a draft after confirmation."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        if round.advice.exists():
            raise AdviceRequested(round)
        return render(request, "decisions/discard.html", {"round": round})

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        actions.discard_draft(by=request.user, round=round)
        messages.success(request, "The draft is discarded.")
        return redirect("decisions:mine") if round.number == 1 else redirect(round.decision)


class ShowRound(DecisionView):
    """Shows the overview of a draft or the record of a recorded round."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        decision = self.decision_with_rounds(reference)
        round = self.round_of(decision, decision.rounds.all(), number)
        if round.is_recorded:
            return render(
                request,
                "decisions/record.html",
                {
                    "round": round,
                    "decision": decision,
                    "can_mark_for_disclosure": policies.can_mark_for_disclosure(request.user, decision),
                    **after_recording(request.user, decision, round),
                },
            )
        answered = self.answered(round)
        parts = progress(answered)
        return render(
            request,
            "decisions/overview.html",
            {
                "round": round,
                "current": current_version(),
                "orphaned_answers": self.orphaned_answers(round),
                "parts": parts,
                "has_optional_unanswered": any(part.optional_unanswered for part in parts),
                "open": open_questions(answered),
                "can_write": policies.can_write(request.user, round),
                **advice_context(round, request.user),
            },
        )


class CopyRecord(DecisionView):
    """Serves a recorded round as `record.pdf`, `record.txt` or `record.json`."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int, kind: str) -> HttpResponse:
        round = self.round(reference, number)
        if round.record is None or kind not in COPIES:
            raise Http404("There is no such copy.")
        self.channel = Access.Channel(kind)
        content_type, make = COPIES[kind]
        name = f"{round.decision.reference}-round-{round.number}.{kind}"
        return HttpResponse(
            make(round.record),
            content_type=content_type,
            headers={"Content-Disposition": f'inline; filename="{name}"'},
        )


class AnswerPart(DraftView):
    """Edits the answers of one part, beside the cited passages of the guide."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int, part: str) -> HttpResponse:
        round, form = self.form(reference, number, part)
        return self.page(
            round, Part(part), form, after=request.GET.get("after", ""), then=request.GET.get("then", "")
        )

    def post(self, request: AuthenticatedRequest, reference: str, number: int, part: str) -> HttpResponse:
        round, form = self.form(reference, number, part, request.POST)
        saving = self.save(round, form)
        if saving and self.is_autosave:
            return self.autosave_response(form, saving, considered=self.considered(saving.round, Part(part)))
        if saving is None or form.errors:
            return self.page(saving.round if saving else round, Part(part), form)
        if form.has_new_identifier_warning:
            messages.warning(request, LOOK_AGAIN)
        elif "to_urgent" in request.POST:
            return redirect("decisions:urgent-draft", reference, number)
        elif "to_advice" in request.POST or self.asks_for_advice_first(saving.round, Part(part)):
            return redirect(ask_url(round, part))
        elif "to_part" not in request.POST and new_question(round, saving.round, form):
            messages.info(request, MORE_TO_ANSWER)
        return redirect(url_after_part(round, saving.round, Part(part), form))

    def considered(self, round: Round, part: Part) -> dict[str, str]:
        """HTML of what the answers bring up, by the question it is shown beside."""
        return {
            key: render_to_string(
                "decisions/components/considered.html", {"considered": found, "round": round}
            )
            for key, found in considered_by_question(round, part).items()
        }

    def asks_for_advice_first(self, round: Round, part: Part) -> bool:
        """Whether the chosen outcome is to ask for advice first, and none has been asked."""
        if part != Part.DECIDE or {"to_overview", "to_part"} & self.request.POST.keys():
            return False
        return round.answers.get(OUTCOME) == ADVICE_FIRST and not round.advice.exists()

    def next_round_url(self, round: Round) -> str:
        return reverse("decisions:again-with", args=[round.decision.reference, self.kwargs["part"]])

    def form(self, reference: str, number: int, part: str, data: Any = None) -> tuple[Round, PartForm]:
        if part not in Part.values:
            raise Http404("There is no such part.")
        round = self.round(reference, number)
        policies.check_can_write(self.request.user, round)
        return round, part_form(round, part, data)

    def page(
        self, round: Round, part: Part, form: PartForm, *, after: str = "", then: str = ""
    ) -> HttpResponse:
        return render(
            self.request,
            "decisions/part.html",
            {
                **part_context(round, part, form, after=after, then=then),
                "address": round.part_url(part),
                "autosaves": True,
                "can_ask": True,
            },
            status=self.status(form),
        )


class RecordDraftUrgently(DecisionView):
    """Records a draft from the page for emergencies, which begins with what was typed."""

    can_restore_input = True

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        return self.page(round, UrgentDraftForm(answers=round.answers))

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        if round.is_recorded and round.urgent and round.author == request.user:
            return redirect(recorded_url(round))  # repeated submission
        policies.check_can_write(request.user, round)
        form = UrgentDraftForm(request.POST, answers=round.answers)
        if self.must_redisplay(form):
            return self.page(round, form)
        recorded = actions.record_draft_urgently(by=request.user, round=round, **form.cleaned_data)
        return redirect(recorded_url(recorded))

    def page(self, round: Round, form: UrgentDraftForm) -> HttpResponse:
        return render(self.request, "decisions/urgent.html", {"form": form, "round": round})


class CheckAnswers(DraftView):
    """Shows all answers, saves thoughts and records the round."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        return self.page(round)

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        thoughts = self.thoughts(round)
        if round.is_recorded and round.author == request.user and not thoughts.has_unsaved_thoughts:
            return redirect(recorded_url(round))  # repeated submission
        policies.check_can_write(request.user, round)
        saving = self.save(round, thoughts)
        if saving and self.is_autosave:
            return self.autosave_response(thoughts, saving)
        if saving is None or thoughts.errors:
            return self.page(saving.round if saving else round, thoughts)
        round = saving.round
        if thoughts.has_new_identifier_warning:
            messages.warning(request, LOOK_AGAIN)
            return redirect("decisions:check", reference, number)
        if "to_advice" in request.POST:
            return redirect(ask_url(round))
        if "save_thoughts" in request.POST:
            return redirect("decisions:check", reference, number)
        try:
            round = actions.record_round(by=request.user, round=round)
        except NotReadyToRecord:
            return self.page(round, refused=True)
        return redirect(recorded_url(round))

    def thoughts(self, round: Round) -> ThoughtsForm:
        """The posted thoughts, on current considerations and on those that the page showed."""
        posted = {name.removeprefix(THOUGHT) for name in self.request.POST if name.startswith(THOUGHT)}
        return ThoughtsForm(by_weight(considered(round, also=posted)), self.request.POST, draft=round.words)

    def next_round_url(self, round: Round) -> str:
        return reverse("decisions:again-with-thoughts", args=[round.decision.reference])

    def page(
        self, round: Round, thoughts: ThoughtsForm | None = None, *, refused: bool = False
    ) -> HttpResponse:
        return render(
            self.request,
            "decisions/check.html",
            {
                **check_context(round, thoughts, refused=refused),
                "orphaned_answers": self.orphaned_answers(round),
                "address": round.check_url(),
                "autosaves": True,
                "can_ask": True,
                **advice_context(round, self.request.user),
            },
            status=422 if refused else self.status(thoughts),
        )
