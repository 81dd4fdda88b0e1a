"""Views of decisions: lists, a new decision, one decision with its rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from decisions import actions, policies
from decisions.actions import SaveResult
from decisions.forms import CompareForm, DescriptionForm, FindForm, UrgentForm
from decisions.forms.draft import DraftForm
from decisions.models import Access, Decision, DecisionQuerySet, ExampleOrigin, Round
from decisions.models.open_reviews import open_review
from decisions.models.review import has_learning_review
from decisions.record.decision_export import Thread, thread_as_json, thread_as_pdf, thread_as_text, thread_of
from decisions.record.diff import compare_records
from decisions.record.timeline import Event, timeline
from decisions.selectors import PAGE_SIZE, advice_on_decision, decisions_shared_with
from decisions.views.autosave import DraftView
from decisions.views.base import LOOK_AGAIN, DecisionView
from decisions.views.pagination import KeysetPage
from decisions.views.recorded import recorded_url
from guidance.choices import Part
from guidance.models import GuideVersion
from guidance.news import render_with_news
from sharingwell.requests import AuthenticatedRequest, sign_in_optional
from sharingwell.serving.address_limit import is_within_limit
from sharingwell.unsaved_input import render_unsaved_input_until_sign_in

COPIES: dict[str, tuple[str, Callable[[Thread], str | bytes]]] = {
    "pdf": ("application/pdf", thread_as_pdf),
    "txt": ("text/plain; charset=utf-8", thread_as_text),
    "json": ("application/json", thread_as_json),
}

URGENT_WORDS = "urgent_words"  # in the session: what was written on the page for emergencies before sign-in


class ListDecisions(DecisionView):
    """Lists decisions, open ones first. `?before=` is the reference of the last row of the previous page."""

    def list_context(self, request: AuthenticatedRequest, decisions: DecisionQuerySet) -> dict[str, Any]:
        form = FindForm(request.GET)
        before = request.GET.get("before")
        is_filtered = any(request.GET.get(name) for name in form.fields)
        decisions = decisions.with_state(timezone.localdate())
        found = form.find(decisions, reader=request.user).open_first().with_rounds()
        if before:
            found = found.after(get_object_or_404(decisions, reference=before))
        page = KeysetPage.of(found, PAGE_SIZE)
        return {
            "decisions": page.rows,
            "older_than": page.last,
            "before": before,
            "form": form,
            "is_filtered": is_filtered,
        }


class ShowMyDecisions(ListDecisions):
    """Decisions for which this person is responsible."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        return render_with_news(
            request,
            "decisions/mine.html",
            {
                **self.list_context(request, Decision.objects.assigned_to(request.user)),
                "can_start": policies.can_start(request.user),
                "can_manage_records": policies.can_manage_records(request.user),
                "can_review_log": policies.can_review_log(request.user),
                "can_see_partnership": policies.can_see_partnership(request.user),
                "can_see_team": policies.can_see_team(request.user),
                "expiring": Round.objects.expiring().by(request.user).count(),
                "shared": decisions_shared_with(request.user),
            },
        )


class ShowTeamDecisions(ListDecisions):
    """Decisions of a manager's team, with the responsible person of each."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_see_team(request.user)
        readable = Decision.objects.visible_to(request.user).filter(team=request.user.team)
        context = self.list_context(request, readable.with_history().select_related("author"))
        return render(request, "decisions/team.html", {**context, "names_responsible_person": True})


class StartDecision(DecisionView):
    can_restore_input = True

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_start(request.user)
        return self.page(DescriptionForm())

    def post(self, request: AuthenticatedRequest) -> HttpResponse:
        form = DescriptionForm(request.POST)
        if self.must_redisplay(form):
            return self.page(form)
        decision = actions.start_decision(by=request.user, **form.description())
        if form.has_new_identifier_warning:
            messages.warning(request, LOOK_AGAIN)
            return redirect("decisions:describe", decision.reference)
        return redirect("decisions:part", decision.reference, 1, Part.WHAT)

    def page(self, form: DescriptionForm) -> HttpResponse:
        return render(self.request, "decisions/start.html", {"form": form})


@method_decorator([sign_in_optional, never_cache], name="dispatch")
class RecordUrgently(DecisionView):
    """Records a round from one page when someone is at immediate risk; the rest is completed later.

    The page can be filled in before sign-in: its words wait in the session until it is shown again.
    """

    can_restore_input = True

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.page(UrgentForm())
        policies.check_can_start(request.user)
        words = request.session.pop(URGENT_WORDS, None)
        if words is None:
            return self.page(UrgentForm())
        messages.warning(request, "You are signed in. Your words are below, and not recorded yet.")
        return self.page(UrgentForm(words))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UrgentForm(request.POST)
        if self.must_redisplay(form):
            return self.page(form)
        if not request.user.is_authenticated:
            if not is_within_limit(request, "urgent"):
                return render_unsaved_input_until_sign_in(request)
            return self.ask_for_sign_in(form)
        round = actions.record_urgent_round(by=request.user, **form.cleaned_data)
        return redirect(recorded_url(round))

    def ask_for_sign_in(self, form: UrgentForm) -> HttpResponse:
        session = self.request.session
        session.set_expiry(0)  # until the browser closes, as for signed-in users
        type(session).clear_expired()  # expired sessions of other visitors
        session[URGENT_WORDS] = {
            name: value
            for name, value in self.request.POST.items()
            if name in form.fields or name.rpartition("_")[0] in form.fields  # one part of a date
        }
        return redirect_to_login(self.request.path)

    def page(self, form: UrgentForm) -> HttpResponse:
        return render(self.request, "decisions/urgent.html", {"form": form})


class DescribeDecision(DraftView):
    """Correct direction, summary and case reference, until the first round is recorded."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        return self.page(*self.form(reference))

    def post(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        round, form = self.form(reference, request.POST)
        saving = self.save(round, form)
        if saving and self.is_autosave:
            return self.autosave_response(form, saving)
        if saving is None or form.errors:
            return self.page(round, form)
        if form.has_new_identifier_warning:
            messages.warning(request, LOOK_AGAIN)
            return redirect("decisions:describe", reference)
        return redirect(round.decision)

    def form(self, reference: str, data: Any = None) -> tuple[Round, DescriptionForm]:
        decision = self.decision(reference)
        policies.check_can_describe(self.request.user, decision)
        round = decision.rounds.latest("number")
        return round, DescriptionForm(data, draft={**round.words, **decision.description})

    def write(self, round: Round, form: DraftForm) -> SaveResult:
        return actions.describe_decision(
            by=self.request.user, decision=round.decision, words=form.words(), page=form.page
        )

    def page(self, round: Round, form: DescriptionForm) -> HttpResponse:
        return render(
            self.request,
            "decisions/describe.html",
            {"decision": round.decision, "form": form},
            status=self.status(form),
        )


class ThreadView(DecisionView):
    """Loads a decision with its rounds and the facts stated after them."""

    def thread(self, reference: str) -> tuple[Decision, tuple[Event, ...]]:
        """The decision and its timeline, earliest event first."""
        decision = self.decision_with_rounds(reference, Round.objects.with_history())
        return decision, timeline(
            decision.rounds.all(),
            decision.follow_up_list,
            decision.hand_overs,
            advice_on_decision(self.request.user, decision),
        )


class ShowDecision(ThreadView):
    """Shows the thread, latest event first."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision, events = self.thread(reference)
        rounds = list(decision.rounds.all())
        is_responsible = decision.responsible_person == request.user
        return render(
            request,
            "decisions/decision.html",
            {
                "decision": decision,
                "latest": rounds[-1],
                "is_recorded": any(round.is_recorded for round in rounds),
                "events": events[::-1],
                "is_responsible": is_responsible,
                "can_share": policies.can_share(request.user, decision),
                "can_hand_over": policies.can_hand_over(request.user, decision),
                "can_start_new_round": policies.can_start_new_round(request.user, decision),
                "can_follow_up": policies.can_follow_up(request.user, decision),
                "can_move_look_again": policies.can_move_look_again(request.user, decision),
                "can_close": policies.can_close(request.user, decision),
                "can_describe": policies.can_describe(request.user, decision),
                "can_manage_retention": policies.can_manage_retention(request.user, decision),
                "can_mark_for_disclosure": policies.can_mark_for_disclosure(request.user, decision),
                "requested_by_review": open_review(rounds, decision.follow_up_list)
                if is_responsible
                else None,
                "origins": self.origins(decision) if has_learning_review(rounds) else [],
                "example_rounds": [
                    round for round in rounds if policies.can_draft_example(request.user, round)
                ],
                "accesses": Access.objects.visible_to(request.user).of(decision).recent(),
            },
        )

    def origins(self, decision: Decision) -> list[tuple[ExampleOrigin, GuideVersion | None]]:
        """Each origin with its guide version; None if that version was a draft that was discarded."""
        origins = list(ExampleOrigin.objects.visible_to(self.request.user).of(decision))
        versions = GuideVersion.objects.in_bulk([origin.version_key for origin in origins])
        return [(origin, versions.get(origin.version_key)) for origin in origins]


class CopyThread(ThreadView):
    """Serves the whole thread as `thread.pdf`, `thread.txt` or `thread.json`, earliest event first."""

    def get(self, request: AuthenticatedRequest, reference: str, kind: str) -> HttpResponse:
        decision, events = self.thread(reference)
        thread = thread_of(decision, events)
        if kind not in COPIES or (kind == "pdf" and not thread["happened"]):
            raise Http404("There is no such copy.")
        self.channel = Access.Channel(kind)
        content_type, make = COPIES[kind]
        return HttpResponse(
            make(thread),
            content_type=content_type,
            headers={"Content-Disposition": f'inline; filename="{decision.reference}.{kind}"'},
        )


class CompareRounds(DecisionView):
    """Compares two recorded rounds, `?since=1&to=2`; the last two by default."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision = self.decision(reference)
        recorded = list(decision.rounds.recorded().order_by("number"))
        if len(recorded) < 2:
            return redirect(decision)
        chosen = {"since": str(recorded[-2].number), "to": str(recorded[-1].number), **request.GET.dict()}
        form = CompareForm(recorded, chosen)
        comparison = None
        if form.is_valid():
            by_number = {str(round.number): round.record for round in recorded}
            comparison = compare_records(
                by_number[form.cleaned_data["since"]] or {}, by_number[form.cleaned_data["to"]] or {}
            )
        context = {"decision": decision, "form": form, "comparison": comparison}
        return render(request, "decisions/compare.html", context, status=200 if comparison else 400)
