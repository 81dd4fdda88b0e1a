"""The log, for IG managers to read. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse

from decisions import actions
from decisions.keys import OUTCOME, URGENCY
from decisions.models import Access, Decision, DecisionQuerySet, Round
from decisions.timeline import Happening, timeline
from guidance.reading import Question, current_version, questions
from sharingwell.accounts.models import Role


class LogAdmin(admin.ModelAdmin):
    """Read-only, for IG managers, of what `.visible_to` shows them. Being a superuser opens nothing.

    Each look at a record is logged as it is found, before it is shown.
    """

    actions = None
    list_per_page = 50
    show_full_result_count = False
    fields = ()  # the page is a record to be read, not a form

    class Media:
        css: ClassVar = {"all": ["admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined,no-any-return]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method in {"GET", "HEAD"}:
            assert request.user.is_authenticated
            assert request.resolver_match is not None
            actions.log_access(
                by=request.user,
                decision=getattr(found, "decision", found),
                round_number=getattr(found, "number", None),
                page=request.resolver_match.view_name,
                way=Access.Way.ADMIN,
            )
        return found

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Refused before anything is looked for."""
        raise PermissionDenied

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reads_the_log(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return reads_the_log(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def reads_the_log(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and user.has_role(Role.IG_MANAGER))


class AnswerFilter(admin.SimpleListFilter):
    """By the option chosen for one question, in the current guide's words."""

    question_key: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [
            (option.key, option.text)
            for question in _questions_now(request)
            if question.key == self.question_key
            for option in question.options
        ]


def _questions_now(request: HttpRequest) -> tuple[Question, ...]:
    """What the current guide asks, looked up once for all the filters of a page."""
    if not hasattr(request, "questions_now"):
        version = current_version()
        request.questions_now = questions(version) if version else ()  # type: ignore[attr-defined]
    asked: tuple[Question, ...] = request.questions_now  # type: ignore[attr-defined]
    return asked


class OrganisationFilter(admin.RelatedOnlyFieldListFilter):
    """By organisation, of those the reader sees anything of; shown even when it is one."""

    def has_output(self) -> bool:
        return True


class OutcomeFilter(AnswerFilter):
    title = "outcome"
    parameter_name = "outcome"
    question_key = OUTCOME

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return with_round(rows, outcome=self.value()) if self.value() else rows


class UrgencyFilter(AnswerFilter):
    title = "urgency"
    parameter_name = "urgency"
    question_key = URGENCY

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return with_round(rows, urgency=self.value()) if self.value() else rows


def with_round(rows: QuerySet[Any], **answer: Any) -> QuerySet[Any]:
    """Decisions of which a recorded round has this answer; rounds that have it."""
    if rows.model is Round:
        return rows.filter(**answer)
    return rows.filter(Exists(Round.objects.recorded().filter(decision=OuterRef("pk"), **answer)))


class ListWithRounds(ChangeList):
    """Each decision with its rounds, which say its outcome and state; its own page asks for more of them."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        decisions: Any = super().get_queryset(*args, **kwargs)
        with_rounds: DecisionQuerySet = decisions.with_rounds()
        return with_rounds


@admin.register(Decision)
class DecisionAdmin(LogAdmin):
    list_display = ["reference", "summary", "organisation", "direction", "outcome", "state", "started_at"]
    list_filter = [("organisation", OrganisationFilter), OutcomeFilter, "direction", UrgencyFilter]
    list_select_related = ["organisation", "team", "author"]
    date_hierarchy = "started_at"
    ordering = ["-pk"]
    search_fields = ["reference", "summary"]
    search_help_text = "Search by reference or summary."
    change_form_template = "admin/decisions/decision.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        decisions: Any = super().get_queryset(request)
        known: DecisionQuerySet = decisions.saying_if_handed_over().saying_if_asked_about()
        return known.select_related(*self.list_select_related)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ListWithRounds

    @admin.display(description="outcome")
    def outcome(self, decision: Decision) -> str:
        return ", ".join(decision.rounds_newest_first[0].recorded_outcome)

    @admin.display(description="state")
    def state(self, decision: Decision) -> str:
        latest = decision.rounds_newest_first[0]
        return f"round {latest.number} recorded" if latest.is_recorded else f"round {latest.number} in draft"

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Decision | None = None,
    ) -> HttpResponse:
        rounds = Round.objects.visible_to(request.user).recorded().filter(decision=obj).with_afterwards()
        follow_ups = obj.follow_ups.select_related("by") if obj else ()
        hand_overs = obj.hand_overs if obj else []
        asked = obj.advice_for(request.user) if obj else []
        afterwards = [
            event
            for event in timeline(rounds, follow_ups, hand_overs, asked)
            if event.happening != Happening.ROUND
        ]
        looks = Access.objects.visible_to(request.user).of(obj).latest_few() if obj else []
        context = {**context, "rounds": rounds, "afterwards": afterwards, "looks": looks}
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(Round)
class RoundAdmin(LogAdmin):
    list_display = ["decision", "number", "summary", "organisation", "outcome_words", "author", "recorded_at"]
    list_filter = [
        ("decision__organisation", OrganisationFilter),
        OutcomeFilter,
        "decision__direction",
        UrgencyFilter,
    ]
    list_select_related = ["decision__organisation", "author"]
    date_hierarchy = "recorded_at"
    ordering = ["-recorded_at"]
    search_fields = ["decision__reference", "decision__summary"]
    search_help_text = "Search by reference or summary."
    change_form_template = "admin/decisions/round.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round]:
        rounds: QuerySet[Round] = super().get_queryset(request)
        return rounds.filter(recorded_at__isnull=False)

    @admin.display(ordering="decision__summary")
    def summary(self, round: Round) -> str:
        return round.decision.summary

    @admin.display(ordering="decision__organisation__name")
    def organisation(self, round: Round) -> str:
        return round.decision.organisation.name

    @admin.display(description="outcome", ordering="outcome")
    def outcome_words(self, round: Round) -> str:
        return ", ".join(round.recorded_outcome)
