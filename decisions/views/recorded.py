"""Views for what comes after recording: the confirmation, a message to send, and the calendar entry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from decisions import actions, policies
from decisions.domain.question_keys import ADVICE_FIRST, OUTCOME
from decisions.forms import MessageForm
from decisions.models import Decision, FollowUp, Round
from decisions.record.build import identifiers_in
from decisions.record.calendar import Entry, calendar_of
from decisions.record.message import ComposedMessage, messages_of
from decisions.selectors import advice_on_round
from decisions.views.base import DecisionView
from sharingwell.accounts.models import User
from sharingwell.requests import AuthenticatedRequest


def recorded_url(round: Round) -> str:
    return reverse("decisions:recorded", args=[round.decision.reference, round.number])


class ShowConfirmation(DecisionView):
    """Confirms that a round is recorded, and says what to do now."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        decision = self.decision_with_rounds(reference)
        round = self.round_of(decision, decision.rounds.all(), number)
        if not round.is_recorded:
            return redirect(round)
        after = after_recording(request.user, decision, round)
        return render(request, "decisions/recorded.html", {"round": round, "decision": decision, **after})


def after_recording(user: User, decision: Decision, round: Round) -> dict[str, Any]:
    """Template context: what somebody may do after a recorded round. The decision has its state."""
    is_latest = decision.latest_round == round.pk
    is_responsible = policies.can_follow_up(user, decision)
    return {
        "is_latest": is_latest,
        "is_responsible": is_responsible,
        "to_send": messages_of(round, sender=user) if is_responsible else (),
        "entries": calendar_entries(decision, round) if is_latest else [],
        "can_ask": is_latest and is_responsible,
        "wants_advice": round.answers.get(OUTCOME) == ADVICE_FIRST,
        "advice_requests": advice_on_round(user, round),
        "identifiers": pointed_out(user, round) if is_latest else (),
    }


def pointed_out(user: User, round: Round) -> tuple[tuple[str, str], ...]:
    """What may identify the person in the latest round, for its writer, if it was recorded urgently."""
    return identifiers_in(round.record or {}) if round.urgent and round.author == user else ()


class ComposeMessage(DecisionView):
    """Shows a message to copy, with its identifiers pointed out. Keeps nothing, unless told that it was sent."""

    can_restore_input = True

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.recorded(reference, number)
        found = messages_of(round, sender=request.user)
        chosen = self.chosen(found, request.GET.get("which", ""))
        return self.page(round, found, chosen, MessageForm(text=chosen.text))

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.recorded(reference, number)
        found = messages_of(round, sender=request.user)
        chosen = self.chosen(found, request.POST.get("which", ""))
        form = MessageForm(request.POST)
        if self.must_redisplay(form):
            return self.page(round, found, chosen, form)
        if "sent" not in request.POST:
            return self.page(round, found, chosen, MessageForm(text=form.facts()["note"]))
        actions.add_follow_up(
            by=request.user, decision=round.decision, kind=FollowUp.Kind.SENT, **form.facts()
        )
        messages.success(request, "Recorded that you sent it.")
        return redirect(round.decision)

    def recorded(self, reference: str, number: int) -> Round:
        round = self.round(reference, number)
        policies.check_can_follow_up(self.request.user, round.decision)
        if not round.is_recorded:
            raise Http404("Nothing of this round is recorded.")
        return round

    def chosen(self, found: tuple[ComposedMessage, ...], key: str) -> ComposedMessage:
        """The message with this key, else the first. Without one, an empty text to write."""
        first = found[0] if found else ComposedMessage("", "", "")
        return next((each for each in found if each.key == key), first)

    def page(
        self, round: Round, found: tuple[ComposedMessage, ...], chosen: ComposedMessage, form: MessageForm
    ) -> HttpResponse:
        context: dict[str, Any] = {"round": round, "to_send": found, "chosen": chosen, "form": form}
        return render(self.request, "decisions/message.html", context)


class DownloadCalendar(DecisionView):
    """Serves the days of a decision for a calendar. It holds the reference and no word of the case."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision_with_rounds(reference)
        entries = calendar_entries(decision, list(decision.rounds.all())[-1])
        if not entries:
            raise Http404("There is no day to look again.")
        url = request.build_absolute_uri(decision.get_absolute_url())
        return HttpResponse(
            calendar_of(entries, url=url, at=timezone.now()),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{decision.reference}.ics"'},
        )


def calendar_entries(decision: Decision, latest: Round) -> list[Entry]:
    """The days on which something is to be done, of a decision with its state."""
    reference, entries = decision.reference, []
    if decision.look_again_on:
        entries.append(Entry(f"{reference}-look-again", f"Look again at {reference}", decision.look_again_on))
    if decision.is_to_be_completed and latest.complete_by:
        entries.append(Entry(f"{reference}-complete", f"Complete {reference}", latest.complete_by))
    return entries
