"""What every view of a decision does."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from decisions import actions
from decisions.domain.answers import AnsweredQuestion, LeftOver, answered_questions, left_over
from decisions.errors import ActionBlocked, DraftInProgress, NoLongerThere, RoundIsRecorded
from decisions.models import Access, Decision, DisposalProposal, Round
from decisions.selectors import decision_for, round_for, stub_for
from guidance.reading import questions, questions_before
from sharingwell.requests import AuthenticatedRequest
from sharingwell.unsaved_input import posted_fields, render_unsaved_input

LOOK_AGAIN = "Saved. Please look at what is pointed out below before you go on."

WORDS_ARE_BACK = (
    "Your words are back, and not saved yet. You signed in again since you wrote them, or the page was open for long. "
    "Look through them, then save."
)


def key_in(text: str) -> int | None:
    """A row's key as an address has it; None for whatever else was typed there."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


class DecisionView(View):
    """What every view of a decision does: find it for this person, log that they looked, and say so when a round takes
    no more answers.

    Whatever is found with `decision()` or `round()` is logged before the page leaves; a page that cannot be logged is
    not shown.
    """

    request: AuthenticatedRequest
    channel = Access.Channel.PAGE

    # Words that could not be saved, for want of a fresh token, are put back in their form, and nothing is saved.
    can_show_words_again = False
    only_shows = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._found: dict[str, tuple[Decision, int | None]] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.answer(request, *args, **kwargs)
        if _shows_something(request, response):
            self._log_access()
        if self.only_shows and response.status_code == HTTPStatus.OK:
            response.status_code = HTTPStatus.FORBIDDEN
        return response

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except DraftInProgress as error:
            return redirect(error.round)
        except RoundIsRecorded as error:
            if request.method == "POST":
                return self.keep_for_the_next_round(error.round)
            return redirect(error.round)
        except (Http404, NoLongerThere) as error:
            stub = stub_for(self.request.user, kwargs["reference"]) if "reference" in kwargs else None
            if request.method == "POST" and posted_fields(request):
                return self.keep_from_what_is_gone(stub)
            if stub is None:
                raise Http404("There is no such page any more.") from error
            return render(request, "decisions/retention/deleted.html", {"stub": stub}, status=410)
        except ActionBlocked as error:
            return self.action_blocked(error)

    def goes_back(self, form: BaseForm) -> bool:
        """Whether a form is shown again rather than acted on: it is not in order, or its words are only shown."""
        if self.only_shows:
            messages.warning(self.request, WORDS_ARE_BACK)
        return not form.is_valid() or self.only_shows

    def keep_from_what_is_gone(self, stub: DisposalProposal | None) -> HttpResponse:
        """Words that came when what they belong to was discarded or disposed of: shown, to be copied."""
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

    def keep_for_the_next_round(self, round: Round) -> HttpResponse:
        """Words that came when the round was final: shown, and offered for the next where it has a place for them."""
        address = self.next_round_at(round) if round.author == self.request.user else ""
        goes_on = bool(address) and bool(posted_fields(self.request))
        return render_unsaved_input(
            self.request,
            title="This round was recorded before your words were saved",
            explanation="A recorded round cannot be changed. Nothing is lost: your words are below. "
            + ("You can go round again with them." if goes_on else "Copy them if you need them."),
            next_url=round.get_absolute_url(),
            next_text="See the recorded round",
            can_send_again=goes_on,
            send_to=address,
            send_text="Go round again with these words",
            status=409,
        )

    def action_blocked(self, error: ActionBlocked) -> HttpResponse:
        """Says what comes first; words that were sent are shown, to be copied."""
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

    def next_round_at(self, round: Round) -> str:
        """Where what was sent to this page can go into the next round; nowhere, unless a page says so."""
        return ""

    def _log_access(self) -> None:
        assert self.request.resolver_match is not None
        for decision, round_number in self._found.values():
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
        self._found.setdefault(reference, (decision, None))
        return decision

    def round(self, reference: str, number: int) -> Round:
        round = round_for(self.request.user, reference, number)
        if round is None:
            raise Http404("There is no such round.")
        self._found[reference] = (round.decision, number)
        return round

    def round_of(self, decision: Decision, rounds: Iterable[Round], number: int) -> Round:
        """One of the rounds that were found with their decision."""
        for round in rounds:
            if round.number == number:
                self._found[decision.reference] = (decision, number)
                return round
        raise Http404("There is no such round.")

    def answered(self, round: Round) -> tuple[AnsweredQuestion, ...]:
        return answered_questions(questions(round.version), round.decision.direction, round.answers)

    def left_over(self, round: Round) -> tuple[LeftOver, ...]:
        direction = round.decision.direction
        earlier = (
            [each.worded_for(direction) for each in asked] for asked in questions_before(round.version)
        )
        return left_over(questions(round.version), earlier, round.answers)


def _shows_something(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A redirect shows nothing, and neither does what a script is told of words it has saved."""
    if 300 <= response.status_code < 400 or response.status_code == 204:
        return False
    return request.method in {"GET", "HEAD"} or response.headers["Content-Type"].startswith("text/html")
