"""The log: a list that is filtered by its address, a record of each decision, and files of what the list shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from decisions import actions, policies
from decisions.admin.base import LogAdmin
from decisions.admin.lists import HasLogQuery, LogList
from decisions.ledger.verification import ledger_state
from decisions.log.export import ExportStream
from decisions.log.files import LINES_OF_A_SHEET, WRITERS
from decisions.log.filters import useful
from decisions.log.query_params import InvalidFilter
from decisions.models import Access, Decision, DecisionQuerySet, Export, Round
from decisions.record.timeline import EventKind, timeline
from decisions.selectors import advice_on_decision

TOO_LONG = (
    "A sheet of Excel holds 1,048,575 decisions, and this asks for more. Narrow it by a date, or take CSV."
)


def _said(decision: Decision) -> Any:
    """What the list says of it: a `decisions.log.rows.Row`."""
    return decision.row  # type: ignore[attr-defined]


@admin.register(Decision)
class DecisionAdmin(LogAdmin):
    list_display = [
        "reference", "summary", "review", "stands", "direction", "outcome", "urgency", "relationship", "kinds",
        "protected", "guide", "started", "of_team", "of_organisation",
    ]  # fmt: skip
    search_fields = ["summary"]  # so that there is a box; what is found, `mentioning` says
    search_help_text = "Search by words in any form, or by reference."
    change_form_template = "admin/decisions/decision.html"
    change_list_template = "admin/decisions/log.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        decisions: Any = super().get_queryset(request)
        known: DecisionQuerySet = decisions.with_history().with_has_advice().with_adviser_ids()
        return known.select_related("organisation", "team", "author")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LogList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            shown: HttpResponse = super().changelist_view(
                request,
                {
                    **(extra_context or {}),
                    "useful": useful(timezone.localdate()),
                    "is_nav_sidebar_enabled": False,  # the table wants its place
                },
            )
        except InvalidFilter as error:
            return self.not_a_filter(request, error)
        return shown

    def not_a_filter(self, request: HttpRequest, error: InvalidFilter) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "The log cannot be asked for that",
            "error": error,
            "opts": self.opts,
            "useful": useful(timezone.localdate()),
        }
        return TemplateResponse(request, "admin/decisions/invalid_filter.html", context, status=400)

    def get_urls(self) -> list[Any]:
        export = path(
            "export.<slug:kind>",
            self.admin_site.admin_view(require_GET(self.export_view)),
            name="decisions_decision_export",
        )
        return [export, *super().get_urls()]

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """What the list shows at this address, as a file. It is written down before its first line leaves."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in WRITERS:
            raise Http404
        assert request.user.is_authenticated
        try:
            log = HasLogQuery(request)
        except InvalidFilter as error:
            return self.not_a_filter(request, error)
        decisions = list(log.looking.all())
        if kind == Export.Format.XLSX and len(decisions) >= LINES_OF_A_SHEET:
            return self.not_a_filter(request, InvalidFilter(TOO_LONG))
        export = actions.log_export(
            by=request.user,
            kind=kind,
            query=urlencode(sorted(log.asked.chosen_and_dates.items())),
            by_words=bool(log.asked.words),
            decisions=decisions,
        )
        content_type, _ = WRITERS[kind]
        name = f"decisions-{timezone.localtime(export.at):%Y-%m-%d-%H%M}.{kind}"
        return StreamingHttpResponse(
            ExportStream(export).pieces(),
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @admin.display(description="outcome")
    def outcome(self, decision: Decision) -> str:
        return _said(decision).outcome or "Draft"

    @admin.display(description="urgency")
    def urgency(self, decision: Decision) -> str:
        return str(_said(decision).urgency)

    @admin.display(description="relationship")
    def relationship(self, decision: Decision) -> str:
        return str(_said(decision).relationship)

    @admin.display(description="kinds of information")
    def kinds(self, decision: Decision) -> str:
        return str(_said(decision).kinds)

    @admin.display(description="special category, offences")
    def protected(self, decision: Decision) -> str:
        return str(_said(decision).categories)

    @admin.display(description="guide")
    def guide(self, decision: Decision) -> str:
        return str(_said(decision).guide)

    @admin.display(description="review")
    def review(self, decision: Decision) -> str:
        row = _said(decision)
        return f"{row.review_state}: {str(row.review).lower()}" if row.review else str(row.review_state)

    @admin.display(description="where it stands")
    def stands(self, decision: Decision) -> str:
        row = _said(decision)
        said = ["Overdue" if row.overdue else "", "Recorded afterwards" if row.afterwards else ""]
        return ", ".join(filter(None, said))

    @admin.display(description="team")
    def of_team(self, decision: Decision) -> str:
        return str(_said(decision).decision.team_name)

    @admin.display(description="organisation")
    def of_organisation(self, decision: Decision) -> str:
        return str(_said(decision).decision.organisation_name)

    @admin.display(description="started")
    def started(self, decision: Decision) -> str:
        return f"{timezone.localtime(decision.started_at):%-d %B %Y}"

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Decision | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context = {**context, **self.record_of(request, obj)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def record_of(self, request: HttpRequest, decision: Decision) -> dict[str, Any]:
        """Everything there is to read of a decision. A draft is its writer's alone."""
        assert request.user.is_authenticated
        prefetch_related_objects([decision], Prefetch("rounds", Round.objects.with_history()))
        rounds = [round for round in decision.rounds.all() if round.is_recorded]
        advice = advice_on_decision(request.user, decision)
        events = timeline(rounds, decision.follow_up_list, decision.hand_overs, advice)
        stated = {EventKind.ROUND, EventKind.REVIEWED}
        can_review = policies.can_review(request.user, decision)
        return {
            "rounds": rounds,
            "afterwards": [event for event in events if event.kind not in stated],
            "can_review": can_review,
            "took_part": rounds and not can_review,
            "learning": [round for round in rounds if policies.can_draft_example(request.user, round)],
            "looks": Access.objects.visible_to(request.user).of(decision).recent(),
            "ledger": ledger_state(decision),
        }
