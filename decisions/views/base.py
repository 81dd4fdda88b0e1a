"""Base class for views of a decision."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from decisions import actions
from decisions.domain.answers import AnsweredQuestion, OrphanedAnswer, answered_questions, orphaned_answers
from decisions.errors import ActionBlocked, DraftInProgress, NoLongerThere, RoundIsRecorded
from decisions.models import Access, Decision, DisposalProposal, Round, RoundQuerySet
from decisions.models.decision_state import set_state
from decisions.selectors import decision_for, round_for, stub_for
from guidance.reading import earlier_questions, questions
from sharingwell.integers import whole_number
from sharingwell.requests import AuthenticatedRequest
from sharingwell.unsaved_input import posted_fields, render_unsaved_input

LOOK_AGAIN = "Saved. Please look at what is pointed out below before you go on."

MORE_TO_ANSWER = "Saved. Because of your answer there is one more thing to say on this page."

INPUT_RESTORED = (
    "Your words are back, and not saved yet. You signed in again since you wrote them, or the page was open for long. "
    "Look through them, then save."
)


def parse_key(text: str) -> int | None:
    """Parse a primary key from a URL; None for anything else."""
    return whole_number(text)


class DecisionView(View):
    """Finds decisions visible to the user, logs each access, and translates domain errors to responses.

    Logs everything returned by `decision()` or `round()` before the response; an error in logging fails the request.
    """

    request: AuthenticatedRequest
    channel = Access.Channel.PAGE

    # Input rejected by the CSRF check can be shown in its form again, without saving it.
    can_restore_input = False
    is_restoring_input = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._accessed: dict[str, tuple[Decision, int | None]] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.respond(request, *args, **kwargs)
        if _displays_content(request, response):
            self._log_access()
        if self.is_restoring_input and response.status_code == HTTPStatus.OK:
            response.status_code = HTTPStatus.FORBIDDEN
        return response

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except DraftInProgress as error:
            return redirect(error.round)
        except RoundIsRecorded as error:
            if request.method == "POST":
                return self.render_input_for_next_round(error.round)
            return redirect(error.round)
        except (Http404, NoLongerThere) as error:
            stub = stub_for(self.request.user, kwargs["reference"]) if "reference" in kwargs else None
            if request.method == "POST" and posted_fields(request):
                return self.render_input_for_missing(stub)
            if stub is None:
                raise Http404("There is no such page any more.") from error
            return render(request, "decisions/retention/deleted.html", {"stub": stub}, status=410)
        except ActionBlocked as error:
            return self.action_blocked(error)

    def must_redisplay(self, form: BaseForm) -> bool:
        """Whether to show the form again: it is invalid, or only restores unsaved input."""
        if self.is_restoring_input:
            messages.warning(self.request, INPUT_RESTORED)
        return not form.is_valid() or self.is_restoring_input

    def render_input_for_missing(self, stub: DisposalProposal | None) -> HttpResponse:
        """Show input for an object that was discarded or disposed of, to be copied."""
        why = (
            "The decision was disposed of meanwhile: it had been kept for as long as your organisation keeps decisions."
            if stub
            else "It may have been discarded on another device or in another tab."
        )
        return render_unsaved_input(
            self.request,
            title="What you were writing in is not there any more",
            explanation=f"{why} Nothing was saved. Your words are below: copy them if you need them.",
            next_url=reverse("decisions:decision", args=[stub.reference])
            if stub
            else reverse("decisions:mine"),
            next_text="What is left of it" if stub else "My decisions",
            status=410 if stub else 404,
        )

    def render_input_for_next_round(self, round: Round) -> HttpResponse:
        """Show input for a recorded round, with a button that sends it to the next round if that has a page for it."""
        send_to = self.next_round_url(round) if round.author == self.request.user else ""
        can_continue = bool(send_to) and bool(posted_fields(self.request))
        return render_unsaved_input(
            self.request,
            title="This round was recorded before your words were saved",
            explanation="A recorded round cannot be changed. Nothing is lost: your words are below. "
            + ("You can go round again with them." if can_continue else "Copy them if you need them."),
            next_url=round.get_absolute_url(),
            next_text="See the recorded round",
            can_send_again=can_continue,
            send_to=send_to,
            send_text="Go round again with these words",
            status=409,
        )

    def action_blocked(self, error: ActionBlocked) -> HttpResponse:
        """Explain what blocks the action; on POST, show the input to be copied."""
        if self.request.method == "POST":
            return render_unsaved_input(
                self.request,
                title="Your words were not saved",
                explanation=f"{error} Your words are below: copy them if you need them.",
                next_url=error.next_url,
                next_text=error.next_text,
                status=409,
            )
        return render(self.request, "decisions/action_blocked.html", {"error": error}, status=409)

    def next_round_url(self, round: Round) -> str:
        """The URL that accepts this page's input for the next round; empty by default."""
        return ""

    def _log_access(self) -> None:
        assert self.request.resolver_match is not None
        for decision, round_number in self._accessed.values():
            actions.log_access(
                by=self.request.user,
                decision=decision,
                round_number=round_number,
                page=self.request.resolver_match.view_name,
                channel=self.channel,
            )

    def decision(self, reference: str) -> Decision:
        decision = decision_for(self.request.user, reference)
        if decision is None:
            raise Http404("There is no such decision.")
        self._accessed.setdefault(reference, (decision, None))
        return decision

    def decision_with_rounds(self, reference: str, rounds: RoundQuerySet | None = None) -> Decision:
        """The decision with its state today and its rounds, earliest first."""
        decision = self.decision(reference)
        if rounds is None:
            rounds = Round.objects.with_has_advice().select_related("version", "closure")
        prefetch_related_objects([decision], Prefetch("rounds", rounds))
        set_state(decision, timezone.localdate())
        return decision

    def round(self, reference: str, number: int) -> Round:
        round = round_for(self.request.user, reference, number)
        if round is None:
            raise Http404("There is no such round.")
        self._accessed[reference] = (round.decision, number)
        return round

    def round_of(self, decision: Decision, rounds: Iterable[Round], number: int) -> Round:
        """Pick one of the rounds prefetched with their decision."""
        for round in rounds:
            if round.number == number:
                self._accessed[decision.reference] = (decision, number)
                return round
        raise Http404("There is no such round.")

    def answered(self, round: Round) -> tuple[AnsweredQuestion, ...]:
        return answered_questions(questions(round.version), round.decision.direction, round.answers)

    def orphaned_answers(self, round: Round) -> tuple[OrphanedAnswer, ...]:
        direction = round.decision.direction
        earlier = (
            [each.worded_for(direction) for each in asked] for asked in earlier_questions(round.version)
        )
        return orphaned_answers(questions(round.version), earlier, round.answers)


def _displays_content(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the response shows recorded content: a redirect and the answer to an autosave do not."""
    if 300 <= response.status_code < 400 or response.status_code == 204:
        return False
    return request.method in {"GET", "HEAD"} or response.headers["Content-Type"].startswith("text/html")
