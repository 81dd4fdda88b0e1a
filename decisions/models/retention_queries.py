"""Queries for decisions whose retention period is over."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from decisions.domain.periods import start_of_day
from decisions.domain.retention_rules import Rules, years_before
from decisions.models.advice import Advice
from decisions.models.advice_step import AdviceStep
from decisions.models.closure import Closure
from decisions.models.decision import Decision
from decisions.models.decision_queryset import DecisionQuerySet
from decisions.models.draft_expiry import last_written
from decisions.models.follow_up import FollowUp
from decisions.models.postponement import Postponement
from decisions.models.retention import DisposalProposal, Hold, RetentionRule
from decisions.models.round import Round


def _latest(rows: QuerySet[Any], of: str, at: Any) -> Subquery:
    rows = rows.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Subquery(rows.annotate(latest=Max(at)).values("latest"), output_field=DateTimeField())


def with_last_activity(decisions: DecisionQuerySet) -> DecisionQuerySet:
    """Annotates `last_activity_at`, `latest_outcome` of the latest recorded round, and `has_something_recorded`: a
    round, or advice asked on a draft. Decisions without either expire as drafts.
    """
    recorded = Round.objects.filter(decision=OuterRef("pk"), recorded_at__isnull=False).order_by("-number")
    asked_about = Exists(Advice.objects.filter(decision=OuterRef("pk")))
    facts: dict[str, Any] = {
        "latest_outcome": Coalesce(
            Subquery(recorded.values("outcome")[:1]), Value(""), output_field=TextField()
        ),
        "has_something_recorded": ~Q(latest_outcome="") | asked_about,
        "last_activity_at": Greatest(
            "started_at",
            _latest(Round.objects.all(), "decision", Greatest("recorded_at", last_written())),
            _latest(FollowUp.objects.all(), "decision", "at"),
            _latest(Postponement.objects.all(), "round__decision", "at"),
            _latest(Closure.objects.all(), "round__decision", "at"),
            _latest(Advice.objects.all(), "decision", "at"),
            _latest(AdviceStep.objects.all(), "advice__decision", "at"),
        ),
    }
    return decisions.annotate(**facts)


def fallen_due(decisions: DecisionQuerySet, rules: Rules, on: datetime.date) -> DecisionQuerySet:
    """Decisions with something recorded whose retention period is over on this day, annotated with their last activity.

    Excludes early those started too late for the shortest rule.
    """
    shortest = min([rules.years, *rules.by_outcome.values()])
    ended = Case(
        *(
            When(latest_outcome=outcome, then=_end_of(on, years))
            for outcome, years in rules.by_outcome.items()
        ),
        default=_end_of(on, rules.years),
        output_field=DateTimeField(),
    )
    old_enough: Any = with_last_activity(decisions.filter(started_at__lt=_end_of(on, shortest)))
    found: DecisionQuerySet = old_enough.filter(has_something_recorded=True, last_activity_at__lt=ended)
    return found


def _end_of(on: datetime.date, years: int) -> Value:
    """The end of the day this many years ago."""
    next_day = years_before(on, years) + datetime.timedelta(days=1)
    return Value(start_of_day(next_day), output_field=DateTimeField())


def for_disposal(decisions: DecisionQuerySet, rules: Rules, on: datetime.date) -> DecisionQuerySet:
    """Decisions fallen due that are neither held nor proposed, oldest first."""
    held = Hold.objects.in_force().filter(decision=OuterRef("pk"))
    proposed = DisposalProposal.objects.waiting().filter(decision_key=OuterRef("pk"))
    return fallen_due(decisions, rules, on).filter(~Exists(held), ~Exists(proposed)).order_by("pk")


def retention_of(decision: Decision) -> tuple[Decision, Rules, datetime.date]:
    """One decision annotated with its last activity, its organisation's rules, and the day it falls due."""
    found = with_last_activity(Decision.objects.filter(pk=decision.pk)).get()
    rules = RetentionRule.objects.current(decision.organisation)
    return found, rules, rules.due_on(timezone.localdate(found.last_activity_at), found.latest_outcome)
