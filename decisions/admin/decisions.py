"""The log: a list filtered by query parameters, a record of each decision, and exports of the list."""

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
from decisions.log.files import MAX_SHEET_ROWS, WRITERS
from decisions.log.filters import common_filters
from decisions.log.query_params import InvalidFilter
from decisions.models import Access, Decision, DecisionQuerySet, Export, Round
from decisions.record.timeline import EventKind, timeline
from decisions.selectors import advice_on_decision

TOO_LONG = (
    "A sheet of Excel holds 1,048,575 decisions, and this asks for more. Narrow it by a date, or take CSV."
)


def _row(decision: Decision) -> Any:
    """The `decisions.log.rows.Row` that the list attached to the decision."""
    return decision.row  # type: ignore[attr-defined]


@admin.register(Decision)
class DecisionAdmin(LogAdmin):
    list_display = [
        "reference", "summary", "review", "state", "direction", "outcome", "urgency", "relationship", "kinds",
        "categories", "guide", "started", "team_name", "organisation_name",
    ]  # fmt: skip
    search_fields = ["summary"]  # shows the search box; `apply_filters` does the search
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
                    "common_filters": common_filters(timezone.localdate()),
                    "is_nav_sidebar_enabled": False,  # leaves room for the table
                },
            )
        except InvalidFilter as error:
            return self.invalid_filter(request, error)
        return shown

    def invalid_filter(self, request: HttpRequest, error: InvalidFilter) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "The log cannot be asked for that",
            "error": error,
            "opts": self.opts,
            "common_filters": common_filters(timezone.localdate()),
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
        """Stream the filtered list as a file. The export is logged before its first line is sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in WRITERS:
            raise Http404
        assert request.user.is_authenticated
        try:
            log = HasLogQuery(request)
        except InvalidFilter as error:
            return self.invalid_filter(request, error)
        decisions = list(log.scan.all())
        if kind == Export.Format.XLSX and len(decisions) >= MAX_SHEET_ROWS:
            return self.invalid_filter(request, InvalidFilter(TOO_LONG))
        export = actions.log_export(
            by=request.user,
            kind=kind,
            query=urlencode(sorted(log.query.url_params.items())),
            by_words=bool(log.query.words),
            decisions=decisions,
        )
        content_type, _ = WRITERS[kind]
        name = f"decisions-{timezone.localtime(export.at):%Y-%m-%d-%H%M}.{kind}"
        return StreamingHttpResponse(
            ExportStream(export).chunks(),
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @admin.display(description="outcome")
    def outcome(self, decision: Decision) -> str:
        return _row(decision).outcome or "Draft"

    @admin.display(description="urgency")
    def urgency(self, decision: Decision) -> str:
        return str(_row(decision).urgency)

    @admin.display(description="relationship")
    def relationship(self, decision: Decision) -> str:
        return str(_row(decision).relationship)

    @admin.display(description="kinds of information")
    def kinds(self, decision: Decision) -> str:
        return str(_row(decision).kinds)

    @admin.display(description="special category, offences")
    def categories(self, decision: Decision) -> str:
        return str(_row(decision).categories)

    @admin.display(description="guide")
    def guide(self, decision: Decision) -> str:
        return str(_row(decision).guide)

    @admin.display(description="review")
    def review(self, decision: Decision) -> str:
        row = _row(decision)
        return f"{row.review_state}: {str(row.review).lower()}" if row.review else str(row.review_state)

    @admin.display(description="where it stands")
    def state(self, decision: Decision) -> str:
        row = _row(decision)
        labels = ["Overdue" if row.overdue else "", "Recorded afterwards" if row.afterwards else ""]
        return ", ".join(filter(None, labels))

    @admin.display(description="team")
    def team_name(self, decision: Decision) -> str:
        return str(_row(decision).decision.team_name)

    @admin.display(description="organisation")
    def organisation_name(self, decision: Decision) -> str:
        return str(_row(decision).decision.organisation_name)

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
        """Template context with all recorded content of a decision; drafts are left out."""
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
            "example_rounds": [round for round in rounds if policies.can_draft_example(request.user, round)],
            "accesses": Access.objects.visible_to(request.user).of(decision).recent(),
            "ledger": ledger_state(decision),
        }
