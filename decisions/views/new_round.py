"""Views that start another round, also with input sent after the previous round was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from decisions import actions, policies
from decisions.domain.draft_merge import CHANGED, Page
from decisions.errors import DraftInProgress
from decisions.forms import ChangedForm
from decisions.models import Decision, Round
from decisions.views.autosave import DraftView
from decisions.views.base import LOOK_AGAIN, DecisionView
from decisions.views.rounds import AnswerPart, CheckAnswers
from guidance.choices import Part
from guidance.reading import current_version
from sharingwell.requests import AuthenticatedRequest
from sharingwell.unsaved_input import posted_fields, render_unsaved_input

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

INPUT_ADDED = "This is round {number}. Your words are in it."


class StartNewRound(DecisionView):
    """Asks what has changed and starts a round with the previous answers."""

    can_restore_input = True

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision_with_rounds(reference)
        policies.check_can_start_new_round(request.user, decision)
        return self.page(decision, ChangedForm())

    def post(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision_with_rounds(reference)
        form = ChangedForm(request.POST)
        if self.must_redisplay(form):
            return self.page(decision, form)
        changed = str(form.word(CHANGED))
        try:
            round = actions.start_round(by=request.user, decision=decision, changed=changed)
        except DraftInProgress as error:
            return self.merge_into_draft(error.round, changed)
        if form.has_new_identifier_warning:
            messages.warning(request, LOOK_AGAIN)
            return redirect("decisions:changed", reference, round.number)
        return redirect(round)

    def merge_into_draft(self, draft: Round, changed: str) -> HttpResponse:
        """Save the input in the draft that another tab started; show it as unsaved input on conflict."""
        empty = Page.opened([CHANGED], {})
        saving = actions.save_words(by=self.request.user, round=draft, words={CHANGED: changed}, page=empty)
        if not saving.in_conflict or not posted_fields(self.request):
            return redirect(draft)
        return render_unsaved_input(
            self.request,
            title="This decision has a draft already",
            explanation="It says what has changed in other words. Yours are below: copy them if you need them.",
            next_url=reverse("decisions:changed", args=[draft.decision.reference, draft.number]),
            next_text="See what the draft says",
            status=409,
        )

    def page(self, decision: Decision, form: ChangedForm) -> HttpResponse:
        last = list(decision.rounds.all())[-1]
        return render(
            self.request,
            "decisions/new_round.html",
            {"decision": decision, "last": last, "current": current_version(), "form": form},
        )


class EditWhatChanged(DraftView):
    """Edits the answer to “what has changed” in a draft."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        return self.page(round, ChangedForm(draft=round.words))

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round(reference, number)
        policies.check_can_write(request.user, round)
        form = ChangedForm(request.POST, draft=round.words)
        saving = self.save(round, form)
        if saving and self.is_autosave:
            return self.autosave_response(form, saving)
        if saving is None or form.errors:
            return self.page(round, form)
        if form.has_new_identifier_warning:
            messages.warning(request, LOOK_AGAIN)
            return redirect("decisions:changed", reference, number)
        return redirect(round)

    def next_round_url(self, round: Round) -> str:
        return reverse("decisions:again", args=[round.decision.reference])

    def page(self, round: Round, form: ChangedForm) -> HttpResponse:
        return render(
            self.request,
            "decisions/changed.html",
            {"round": round, "form": form, "autosaves": True},
            status=self.status(form),
        )


class StartNewRoundWithAnswers(AnswerPart):
    """Saves answers sent after a round was recorded in the current draft or a new one."""

    can_restore_input = False

    def get(  # type: ignore[override]
        self, request: AuthenticatedRequest, reference: str, part: str
    ) -> HttpResponse:
        return redirect(self.decision(reference))

    def post(  # type: ignore[override]  # the round is the next one
        self, request: AuthenticatedRequest, reference: str, part: str
    ) -> HttpResponse:
        if part not in Part.values:
            raise Http404("There is no such part.")
        number = get_or_start_round(request.user, self.decision(reference)).number
        round, form = self.form(reference, number, part, request.POST)
        saving = self.save(round, form)
        if saving and form.errors:
            return self.page(saving.round, Part(part), form)
        messages.success(request, INPUT_ADDED.format(number=number))
        return redirect("decisions:part", reference, number, part)


class StartNewRoundWithThoughts(CheckAnswers):
    """Saves thoughts sent after a round was recorded. A new round has none, so only an edited draft can conflict."""

    can_restore_input = False

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:  # type: ignore[override]
        return redirect(self.decision(reference))

    def post(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:  # type: ignore[override]
        number = get_or_start_round(request.user, self.decision(reference)).number
        round = self.round(reference, number)
        thoughts = self.thoughts(round)
        empty = [name for name in thoughts.names() if name not in round.words]
        thoughts.page = thoughts.page.with_base(empty, round.words)
        saving = self.save(round, thoughts)
        if saving and thoughts.errors:
            return self.page(saving.round, thoughts)
        messages.success(request, INPUT_ADDED.format(number=number))
        return redirect("decisions:check", reference, number)


def get_or_start_round(user: User, decision: Decision) -> Round:
    """Return the current draft, or start one."""
    try:
        return actions.start_round(by=user, decision=decision, changed="")
    except DraftInProgress as error:
        return error.round
