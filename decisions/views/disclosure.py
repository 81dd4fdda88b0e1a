"""Views for subject access requests: records about one person, without the withheld passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from decisions import actions, policies
from decisions.forms.retention import CaseReferenceForm, DisclosureForm
from decisions.models import (
    Access,
    Advice,
    Decision,
    DisclosureMark,
    Hold,
    PassageToWithhold,
    Round,
    SubjectAccess,
)
from decisions.record.build import snapshot_of
from decisions.record.considerations import considered
from decisions.record.decision_export import thread_of
from decisions.record.redaction import (
    Disclosed,
    Passage,
    disclosure_as_json,
    disclosure_as_pdf,
    document_of,
    passages,
    passages_of_round,
    withheld_passages,
)
from decisions.record.timeline import timeline
from decisions.views.base import DecisionView
from guidance.reading import questions
from sharingwell.requests import AuthenticatedRequest

COPIES: dict[str, tuple[str, Callable[[dict[str, Any]], str | bytes]]] = {
    "pdf": ("application/pdf", disclosure_as_pdf),
    "json": ("application/json", disclosure_as_json),
}


def disclosed(decisions: list[Decision]) -> list[Disclosed]:
    """Each decision with its withheld passages. Runs no query per decision.

    Needs `.with_history()` and `disclosure_prefetches()`.
    """
    found = []
    for decision in decisions:
        events = timeline(
            decision.rounds.all(),
            decision.follow_up_list,
            decision.hand_overs,
            decision.advice.all(),
            decision.holds.all(),
        )
        thread = thread_of(decision, events)
        marked = {passage: mark.reason for passage, mark in marks_of(decision).items() if mark.withheld}
        found.append(Disclosed(thread, withheld_passages(thread, {**_planned_reasons(decision), **marked})))
    return found


def _planned_reasons(decision: Decision) -> dict[str, str]:
    """Reasons by passage that the writer planned for a draft; they apply to the draft as advice was asked on it."""
    return {
        passage: reason for round in decision.rounds.all() for passage, reason in round.passages_to_withhold
    }


def marks_of(decision: Decision) -> dict[str, DisclosureMark]:
    """The latest mark of each passage."""
    return {mark.passage: mark for mark in decision.disclosure_marks.all()}  # ordered by key


def disclosure_prefetches() -> list[Prefetch[Any]]:
    return [
        Prefetch("rounds", Round.objects.with_history().with_passages_to_withhold()),
        Prefetch("advice", Advice.objects.with_people().order_by("pk")),
        Prefetch("holds", Hold.objects.select_related("by", "release__by").order_by("pk")),
        Prefetch("disclosure_marks", DisclosureMark.objects.order_by("pk").select_related("by")),
    ]


class ShowPassages(DecisionView):
    """Lists every recorded passage of a decision with its disclosure mark."""

    def get(self, request: AuthenticatedRequest, reference: str) -> HttpResponse:
        decision, found, marks = self.passages(reference)
        places: dict[str, list[tuple[Passage, DisclosureMark | None, str]]] = defaultdict(list)
        for passage in found:
            address = reverse("decisions:passage", args=[reference, passage.name])
            places[passage.place].append((passage, marks.get(passage.name), address))
        context = {
            "decision": decision,
            "places": list(places.items()),
            "back_url": decision.get_absolute_url(),
        }
        return render(request, "decisions/disclosure/passages.html", context)

    def passages(self, reference: str) -> tuple[Decision, list[Passage], dict[str, DisclosureMark]]:
        decision = self.decision(reference)
        prefetch_related_objects([decision], *disclosure_prefetches())
        policies.check_can_mark_for_disclosure(self.request.user, decision)
        [disclosure] = disclosed([decision])
        return decision, list(passages(disclosure.thread)), marks_of(decision)


class MarkPassage(ShowPassages):
    """Marks one passage as withheld or disclosed."""

    def get(self, request: AuthenticatedRequest, reference: str, passage: str) -> HttpResponse:  # type: ignore[override]
        return self.page(reference, passage, DisclosureForm())

    def post(self, request: AuthenticatedRequest, reference: str, passage: str) -> HttpResponse:
        form = DisclosureForm(request.POST)
        if not form.is_valid():
            return self.page(reference, passage, form)
        decision, found, _ = self.passages(reference)
        get_passage(found, passage)
        mark = actions.mark_for_disclosure(
            by=request.user, decision=decision, passage=passage, **form.facts()
        )
        messages.success(request, f"Recorded: {mark}.")
        return redirect("decisions:disclosure", reference)

    def page(self, reference: str, name: str, form: DisclosureForm) -> HttpResponse:
        decision, found, marks = self.passages(reference)
        context = {
            "decision": decision,
            "passage": get_passage(found, name),
            "mark": marks.get(name),
            "form": form,
            "back_url": reverse("decisions:disclosure", args=[reference]),
        }
        return render(self.request, "decisions/disclosure/passage.html", context)


class ShowPassagesOfDraft(DecisionView):
    """Lists the passages of a draft, for its writer to plan what to withhold once it is recorded."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round, found, planned = self.passages(reference, number)
        rows = [
            (
                passage,
                planned.get(passage.name),
                reverse("decisions:withhold-passage", args=[reference, number, passage.name]),
            )
            for passage in found
        ]
        places = [(f"Round {number}, not recorded yet", rows)] if rows else []
        context = {
            "decision": round.decision,
            "places": places,
            "back_url": round.check_url(),
            "is_draft": True,
        }
        return render(request, "decisions/disclosure/passages.html", context)

    def passages(
        self, reference: str, number: int
    ) -> tuple[Round, list[Passage], dict[str, PassageToWithhold]]:
        round = self.round(reference, number)
        policies.check_can_write(self.request.user, round)
        stands = snapshot_of(round, questions(round.version), considered(round), timezone.now())
        return (
            round,
            list(passages_of_round(stands)),
            {each.passage: each for each in round.to_withhold.all()},
        )


class MarkPassageOfDraft(ShowPassagesOfDraft):
    """Plans to withhold one passage of a draft, or to disclose it."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int, passage: str) -> HttpResponse:  # type: ignore[override]
        return self.page(reference, number, passage, DisclosureForm())

    def post(self, request: AuthenticatedRequest, reference: str, number: int, passage: str) -> HttpResponse:
        form = DisclosureForm(request.POST)
        if not form.is_valid():
            return self.page(reference, number, passage, form)
        round, found, _ = self.passages(reference, number)
        get_passage(found, passage)
        facts = form.facts()
        if facts.pop("withheld"):
            actions.withhold_draft_passage(by=request.user, round=round, passage=passage, **facts)
            messages.success(request, "Once this round is recorded, this is left out.")
        else:
            actions.disclose_draft_passage(by=request.user, round=round, passage=passage)
            messages.success(request, "This is given to the person, if they ask.")
        return redirect("decisions:withhold", reference, number)

    def page(self, reference: str, number: int, name: str, form: DisclosureForm) -> HttpResponse:
        round, found, planned = self.passages(reference, number)
        context = {
            "decision": round.decision,
            "passage": get_passage(found, name),
            "planned": planned.get(name),
            "form": form,
            "back_url": reverse("decisions:withhold", args=[reference, number]),
        }
        return render(self.request, "decisions/disclosure/passage.html", context)


def get_passage(found: list[Passage], name: str) -> Passage:
    for passage in found:
        if passage.name == name:
            return passage
    raise Http404("There is no such passage.")


class FindRecords(View):
    """Finds records by case reference. POST and redirect keep the reference out of the URL."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_manage_records(request.user)
        return self.page(CaseReferenceForm())

    def post(self, request: AuthenticatedRequest) -> HttpResponse:
        policies.check_can_manage_records(request.user)
        form = CaseReferenceForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        visible = Decision.objects.visible_to(request.user).filter(organisation=request.user.organisation)
        decisions = list(visible.with_case_reference(form.cleaned_data["case_reference"]))
        if not decisions:
            form.add_error(
                "case_reference",
                "Nothing is kept under this case reference. Check it, and how else it may have been entered.",
            )
            return self.page(form)
        subject_access = actions.prepare_subject_access(by=request.user, decisions=decisions)
        return redirect("decisions:subject-access-found", subject_access.pk)

    def page(self, form: CaseReferenceForm) -> HttpResponse:
        recent = SubjectAccess.objects.visible_to(self.request.user).select_related("by")[:10]
        return render(self.request, "decisions/disclosure/find.html", {"form": form, "recent": recent})


class ShowSubjectAccess(View):
    """Shows the records found and their withheld passages, before export."""

    channel = Access.Channel.PAGE

    def get(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        subject_access, decisions = self.find_records(request, key)
        rows = [
            (decision, each, sum(1 for _ in passages(each.thread)))
            for decision, each in zip(decisions, disclosed(decisions), strict=True)
        ]
        context = {"subject_access": subject_access, "rows": rows, "drafts": count_drafts(decisions)}
        return render(request, "decisions/disclosure/found.html", context)

    def find_records(self, request: AuthenticatedRequest, key: int) -> tuple[SubjectAccess, list[Decision]]:
        """Decisions of the request that still exist. Logs an access to each."""
        policies.check_can_manage_records(request.user)
        subject_access = get_object_or_404(
            SubjectAccess.objects.visible_to(request.user).select_related("organisation", "by"), pk=key
        )
        readable = Decision.objects.visible_to(request.user).with_history()
        readable = readable.filter(
            organisation=subject_access.organisation, reference__in=subject_access.references
        )
        decisions = list(readable.prefetch_related(*disclosure_prefetches()).order_by("pk"))
        assert request.resolver_match is not None
        actions.log_subject_access_copy(
            by=request.user, decisions=decisions, page=request.resolver_match.view_name, channel=self.channel
        )
        return subject_access, decisions


class CopySubjectAccess(ShowSubjectAccess):
    """Serves the copy for the person as `records.pdf` or `records.json`."""

    def get(self, request: AuthenticatedRequest, key: int, kind: str) -> HttpResponse:  # type: ignore[override]
        if kind not in COPIES:
            raise Http404("There is no such copy.")
        self.channel = Access.Channel(kind)
        subject_access, decisions = self.find_records(request, key)
        document = document_of(
            disclosed([decision for decision in decisions if has_recorded_content(decision)]),
            organisation=subject_access.organisation.name,
            prepared_at=timezone.now(),
            drafts=count_drafts(decisions),
        )
        content_type, make = COPIES[kind]
        return HttpResponse(
            make(document),
            content_type=content_type,
            headers={
                "Content-Disposition": f'attachment; filename="subject-access-{subject_access.pk}.{kind}"'
            },
        )


def count_drafts(decisions: list[Decision]) -> int:
    return sum(not round.is_recorded for decision in decisions for round in decision.rounds.all())


def has_recorded_content(decision: Decision) -> bool:
    return any(round.is_recorded for round in decision.rounds.all()) or bool(decision.advice.all())
