"""A question to an adviser about a round, and what became of it. Both are rows that are added and never altered.

Where a question stands, who has it in hand and whether a reply is overdue is derived from its steps.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Case, Combinable, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from decisions.database.advice_triggers import advice_request_triggers
from decisions.database.key_range import IsAnyOf
from decisions.database.search_index import search_index_trigger, words_of
from decisions.database.triggers import OF_THE_DECISION, append_only
from decisions.domain.advice_workflow import OVER, PLACING, SETTLING, State, Step, state_after
from decisions.models.advice_step import AdviceStep
from decisions.models.advice_target import AdviceTarget
from decisions.models.base import RecordedFact
from guidance.choices import Part
from sharingwell.accounts.models import Role, User

if TYPE_CHECKING:
    from decisions.record.export import Record

QUESTION_MAX_LENGTH = 2000
REPLY_MAX_LENGTH = 4000
IG_TEAM = "the IG team"


class StillOpen(Func):
    """The keys of the questions to which a reply may still come: see migration 0092."""

    template = "ARRAY(SELECT decisions_open_advice())"
    output_field = ArrayField(models.BigIntegerField())


class AdviceQuerySet(models.QuerySet["Advice"]):
    def visible_to(self, user: User | AnonymousUser) -> AdviceQuerySet:
        """The adviser who has it in hand, whoever looks after the decision, and the organisation's IG managers.

        Once its round is recorded, everybody who reads the decision: until then its words are not theirs to read.
        """
        if not user.is_authenticated or not user.is_active or user.organisation is None:
            return self.none()
        ours = self.filter(decision__organisation=user.organisation)
        if user.has_role(Role.IG_MANAGER):
            return ours
        decisions = user.organisation.decisions
        return ours.filter(
            Q(pk__in=Advice.objects.held_by(user).order_by().values("pk"))
            | Q(decision__in=decisions.assigned_to(user))
            | Q(round__recorded_at__isnull=False, decision__in=decisions.visible_to(user))
        )

    def held_by(self, user: User) -> AdviceQuerySet:
        """Those this adviser has in hand, or has replied to; none that were withdrawn."""
        asked = Advice.objects.filter(adviser=user).order_by().values("pk")
        placed = AdviceStep.objects.filter(to=user).order_by().values("advice")
        found = self.filter(pk__in=asked.union(placed)).placed()
        return found.filter(Q(holder_key=user.pk), ~Q(last_kind=Step.WITHDRAWN))

    def once_asked_of(self, user: User) -> AdviceQuerySet:
        """Those this person had in hand at any time, in the organisation they still work for."""
        mine = self.filter(decision__organisation=user.organisation)
        return mine.filter(
            Q(adviser=user) | Exists(AdviceStep.objects.filter(advice=OuterRef("pk"), to=user))
        )

    def waiting_for(self, user: User | AnonymousUser) -> AdviceQuerySet:
        """What waits for this person: a reply they are to give, an answer, or to say whether they followed a reply."""
        if not user.is_authenticated or not user.is_active or user.organisation is None:
            return self.none()
        held = (
            Advice.objects.still_open().placed().filter(Q(holder_key=user.pk), ~Q(last_kind=Step.SENT_BACK))
        )
        kept = user.organisation.decisions.assigned_to(user)
        asked = Advice.objects.filter(decision__in=kept).placed()
        asked = asked.filter(Q(last_kind__in=[Step.SENT_BACK, Step.REPLIED]))
        found = held.order_by().values("pk").union(asked.order_by().values("pk"))
        return self.filter(pk__in=found, decision__organisation=user.organisation)

    def open(self) -> AdviceQuerySet:
        """Those to which a reply may still come."""
        return self.filter(~Exists(AdviceStep.objects.filter(advice=OuterRef("pk"), kind__in=OVER)))

    def still_open(self) -> AdviceQuerySet:
        """The same, in the organisation that is worked for, whatever became of all that was ever asked there."""
        return self.filter(IsAnyOf("pk", StillOpen()))

    def in_queue(self) -> AdviceQuerySet:
        """The IG team's: asked of it or released to it, whoever has taken it since; and of those who have left."""
        here = User.objects.filter(is_active=True, team__organisation=OuterRef("decision__organisation"))
        return (
            self.still_open()
            .placed()
            .filter(
                Q(placed_by__in=[Step.TAKEN, Step.RELEASED])
                | Q(holder_key__isnull=True)
                | ~Exists(here.filter(pk=OuterRef("holder_key")))
            )
        )

    def to_be_taken_by(self, user: User) -> AdviceQuerySet:
        """What of the IG team's queue nobody has in hand, and is not about this person's own work."""
        if user.organisation is None or not user.has_role(Role.IG_MANAGER):
            return self.none()
        kept = user.organisation.decisions.assigned_to(user).order_by().values("pk")
        waiting: AdviceQuerySet = self.visible_to(user).in_queue().filter(Q(holder_key=None))
        return waiting.exclude(round__author=user).exclude(by=user).exclude(decision__in=kept)

    def with_state(self, now: datetime.datetime) -> AdviceQuerySet:
        """With where each stands at this moment; one more query, for the organisations' target times."""
        waits = Q(last_kind__in=["", Step.ANSWERED, *PLACING])
        times: dict[str, Combinable] = {
            "waiting_since": Coalesce(_at_of(Step.ANSWERED), F("at")),
            "replied_at": _at_of(Step.REPLIED),
        }
        facts: dict[str, Combinable] = {
            "is_open": _holds(~Q(last_kind__in=OVER)),
            "waits_for_adviser": _holds(waits),
            "is_overdue": _holds(waits & AdviceTarget.objects.overdue_if(now)),
        }
        return self.placed().annotate(**times).annotate(**facts)

    def placed(self) -> AdviceQuerySet:
        """With the last step, empty before the first, the adviser who has it in hand, if any, and by which step."""
        steps = AdviceStep.objects.filter(advice=OuterRef("pk")).order_by("-number")
        placing = steps.filter(kind__in=PLACING)
        facts: dict[str, Combinable] = {
            "last_kind": Coalesce(Subquery(steps.values("kind")[:1]), Value("")),
            "placed_by": Coalesce(Subquery(placing.values("kind")[:1]), Value("")),
            "holder_key": Case(
                When(Exists(placing), then=Subquery(placing.values("to")[:1])),
                default=F("adviser"),
                output_field=models.BigIntegerField(),
            ),
        }
        placed: AdviceQuerySet = self.annotate(**facts)
        return placed

    def overdue_first(self) -> AdviceQuerySet:
        """Then the urgent, then the others, each the oldest first. Needs `.with_state()`."""
        return self.order_by("-is_overdue", "-urgent", "pk")

    def after(self, last: Advice) -> AdviceQuerySet:
        """What follows this one in the order of `overdue_first`; it was fetched with its state."""
        behind = Q(is_overdue=last.is_overdue, urgent=last.urgent, pk__gt=last.pk)
        if last.urgent:
            behind |= Q(is_overdue=last.is_overdue, urgent=False)
        if last.is_overdue:
            behind |= Q(is_overdue=False)
        return self.filter(behind)

    def with_people(self) -> AdviceQuerySet:
        """With all that a line or a page of one shows, in one more query however many there are."""
        related = ["decision__organisation", "decision__team", "decision__author", "round__author"]
        return self.with_what_was_said().select_related(*related, "adviser__team")

    def with_what_was_said(self) -> AdviceQuerySet:
        """By whom, and what became of it: all that a record has of it, in one more query however many there are."""
        steps = models.Prefetch(
            "steps", AdviceStep.objects.order_by("number").select_related("by", "to__team")
        )
        return self.select_related("by", "adviser").prefetch_related(steps)


def _at_of(kind: Step) -> Subquery:
    steps = AdviceStep.objects.filter(advice=OuterRef("pk"), kind=kind).order_by("-number")
    return Subquery(steps.values("at")[:1])


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField())


class Advice(RecordedFact):
    """A question about a round, to one adviser or to the IG team's queue (`adviser` is null).

    `part` is where it was asked, empty for the page on which all answers are checked. `as_it_stood` is the round as it
    read when it was asked (see `decisions.record.build.as_it_stands`): what the adviser is shown, whatever is written since.
    """

    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="advice")
    round = models.ForeignKey("decisions.Round", on_delete=models.PROTECT, related_name="advice")
    part = models.CharField(max_length=10, choices=Part.choices, blank=True)
    question = models.TextField()
    urgent = models.BooleanField(default=False)
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    as_it_stood: models.JSONField[Record, Record] = models.JSONField()

    last_kind: str  # where asked for with `.with_state()`, as the others here
    placed_by: str
    holder_key: int | None
    waiting_since: datetime.datetime
    replied_at: datetime.datetime | None
    is_open: bool
    waits_for_adviser: bool
    is_overdue: bool

    objects = AdviceQuerySet.as_manager()

    class Meta(RecordedFact.Meta):
        verbose_name = "question to an adviser"
        verbose_name_plural = "advice"
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="advice_asks_something"),
            models.CheckConstraint(condition=Q(part__in=["", *Part.values]), name="advice_part_known"),
        ]
        triggers: list[pgtrigger.Trigger] = [
            *append_only(of=OF_THE_DECISION),
            advice_request_triggers(),
            search_index_trigger(words_of("question")),
        ]

    def __str__(self) -> str:
        return f"asked {self.at:%-d %B %Y}"

    @property
    def organisation_key(self) -> int:
        return self.decision.organisation_id

    @property
    def asked_of(self) -> str:
        return self.adviser.name if self.adviser else IG_TEAM

    @property
    def holder(self) -> User | None:
        """The adviser who has it in hand; nobody while it waits in the IG team's queue."""
        for step in reversed(self.steps.all()):
            if step.kind in PLACING:
                return step.to
        return self.adviser

    @property
    def state(self) -> State:
        steps = list(self.steps.all())
        return state_after(steps[-1].kind if steps else "", is_held=self.holder is not None)

    @property
    def adviser_has_left(self) -> bool:
        """Whether it waits for somebody who is not there any more."""
        holder = self.holder
        if holder is None or not self.state.is_open:
            return False
        return (
            not holder.is_active
            or holder.team is None
            or holder.team.organisation_id != self.organisation_key
        )

    @property
    def reply(self) -> AdviceStep | None:
        return self._step_of(Step.REPLIED)

    @property
    def settlement(self) -> AdviceStep | None:
        """Whether the reply was followed, once that is said."""
        return self._step_of(*SETTLING)

    def at_of(self, kind: Step) -> datetime.datetime | None:
        """When this happened last."""
        return next((step.at for step in reversed(self.steps.all()) if step.kind == kind), None)

    def _step_of(self, *kinds: Step) -> AdviceStep | None:
        return next((step for step in self.steps.all() if step.kind in kinds), None)

    def get_absolute_url(self) -> str:
        return reverse("advice:question", args=[self.pk])
