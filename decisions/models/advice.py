"""A question to an adviser about a round, and its steps. Both are append-only.

State, holder and whether a reply is overdue are derived from the steps.
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
from decisions.database.involvement import is_assigned_to, is_held_by
from decisions.database.key_range import IsAnyOf
from decisions.database.search_index import search_index_trigger, words_of
from decisions.database.triggers import OF_THE_DECISION, append_only
from decisions.domain.advice_workflow import OVER, PLACING, SETTLING, State, Step, state_after
from decisions.models.advice_step import AdviceStep
from decisions.models.advice_target import AdviceTarget
from decisions.models.base import RecordedFact
from decisions.models.readers import readable_by
from guidance.choices import Part
from sharingwell.accounts.models import Role, User

if TYPE_CHECKING:
    from decisions.models.decision import Decision
    from decisions.record.export import Record

QUESTION_MAX_LENGTH = 2000
REPLY_MAX_LENGTH = 4000
IG_TEAM = "the IG team"


class OpenAdviceKeys(Func):
    """Keys of open questions in the current organisation, from the database function `decisions_open_advice`."""

    template = "ARRAY(SELECT decisions_open_advice())"
    output_field = ArrayField(models.BigIntegerField())


class AdviceQuerySet(models.QuerySet["Advice"]):
    def visible_to(self, user: User | AnonymousUser) -> AdviceQuerySet:
        """Questions visible to their holder, the responsible person of the decision, and IG managers of the
        organisation.

        Once the round is recorded, also visible to all readers of the decision.
        """
        if not user.is_authenticated or not user.is_active or user.organisation is None:
            return self.none()
        ours = self.filter(decision__organisation=user.organisation)
        if user.has_role(Role.IG_MANAGER):
            return ours
        of_recorded = Q(round__recorded_at__isnull=False) & readable_by(user, "decision__")
        return ours.filter(is_held_by(user.pk) | is_assigned_to(user.pk, "decision") | of_recorded)

    def visible_on(self, decision: Decision, user: User) -> AdviceQuerySet:
        """Those on one decision that are `.visible_to(user)`, where the decision is known to be.

        Takes a fraction of the time: what is known of the decision is not asked for again.
        """
        of_it = self.filter(decision=decision)
        if user.has_role(Role.IG_MANAGER) or decision.responsible_person == user:
            return of_it
        return of_it.filter(is_held_by(user.pk) | Q(round__recorded_at__isnull=False))

    def ever_held_by(self, user: User) -> AdviceQuerySet:
        """Questions this person has held at any time, in their current organisation."""
        mine = self.filter(decision__organisation=user.organisation)
        return mine.filter(
            Q(adviser=user) | Exists(AdviceStep.objects.filter(advice=OuterRef("pk"), to=user))
        )

    def waiting_for(self, user: User | AnonymousUser) -> AdviceQuerySet:
        """Questions that need action by this person: a reply, an answer, or whether a reply was followed."""
        if not user.is_authenticated or not user.is_active or user.organisation is None:
            return self.none()
        held = (
            Advice.objects.open_in_current_organisation()
            .with_holder()
            .filter(Q(holder_key=user.pk), ~Q(last_kind=Step.SENT_BACK))
        )
        asked = Advice.objects.filter(is_assigned_to(user.pk, "decision")).with_holder()
        asked = asked.filter(Q(last_kind__in=[Step.SENT_BACK, Step.REPLIED]))
        found = held.order_by().values("pk").union(asked.order_by().values("pk"))
        return self.filter(pk__in=found, decision__organisation=user.organisation)

    def open(self) -> AdviceQuerySet:
        """Questions that may still get a reply."""
        return self.filter(~Exists(AdviceStep.objects.filter(advice=OuterRef("pk"), kind__in=OVER)))

    def open_in_current_organisation(self) -> AdviceQuerySet:
        """Like `.open()`, in the current organisation only; its time depends only on the number of open questions."""
        return self.filter(IsAnyOf("pk", OpenAdviceKeys()))

    def in_queue(self) -> AdviceQuerySet:
        """Open questions asked of or released to the IG team, taken or not, and those whose adviser has left."""
        here = User.objects.filter(is_active=True, team__organisation=OuterRef("decision__organisation"))
        return (
            self.open_in_current_organisation()
            .with_holder()
            .filter(
                Q(holder_step__in=[Step.TAKEN, Step.RELEASED])
                | Q(holder_key__isnull=True)
                | ~Exists(here.filter(pk=OuterRef("holder_key")))
            )
        )

    def available_to(self, user: User) -> AdviceQuerySet:
        """Questions of the IG team without a holder that do not concern this person's own work."""
        if user.organisation is None or not user.has_role(Role.IG_MANAGER):
            return self.none()
        waiting: AdviceQuerySet = self.visible_to(user).in_queue().filter(Q(holder_key=None))
        return waiting.exclude(Q(round__author=user) | Q(by=user) | is_assigned_to(user.pk, "decision"))

    def with_state(self, now: datetime.datetime) -> AdviceQuerySet:
        """Annotates the state at this moment. Takes one more query, for the target times of the organisations."""
        waits = Q(last_kind__in=["", Step.ANSWERED, *PLACING])
        times: dict[str, Combinable] = {
            "waiting_since": Coalesce(_last_step_at(Step.ANSWERED), F("at")),
            "replied_at": _last_step_at(Step.REPLIED),
        }
        facts: dict[str, Combinable] = {
            "is_open": _holds(~Q(last_kind__in=OVER)),
            "waits_for_adviser": _holds(waits),
            "is_overdue": _holds(waits & AdviceTarget.objects.overdue_if(now)),
        }
        return self.with_holder().annotate(**times).annotate(**facts)

    def with_holder(self) -> AdviceQuerySet:
        """Annotates `last_kind`, empty before the first step, `holder_key`, null in the queue, and `holder_step`."""
        steps = AdviceStep.objects.filter(advice=OuterRef("pk")).order_by("-number")
        placing = steps.filter(kind__in=PLACING)
        facts: dict[str, Combinable] = {
            "last_kind": Coalesce(Subquery(steps.values("kind")[:1]), Value("")),
            "holder_step": Coalesce(Subquery(placing.values("kind")[:1]), Value("")),
            "holder_key": Case(
                When(Exists(placing), then=Subquery(placing.values("to")[:1])),
                default=F("adviser"),
                output_field=models.BigIntegerField(),
            ),
        }
        annotated: AdviceQuerySet = self.annotate(**facts)
        return annotated

    def overdue_first(self) -> AdviceQuerySet:
        """Overdue first, then urgent, each oldest first. Needs `.with_state()`."""
        return self.order_by("-is_overdue", "-urgent", "pk")

    def after(self, last: Advice) -> AdviceQuerySet:
        """Keyset pagination in the order of `overdue_first`: questions after this one, which was fetched with its
        state.
        """
        behind = Q(is_overdue=last.is_overdue, urgent=last.urgent, pk__gt=last.pk)
        if last.urgent:
            behind |= Q(is_overdue=last.is_overdue, urgent=False)
        if last.is_overdue:
            behind |= Q(is_overdue=False)
        return self.filter(behind)

    def with_people(self) -> AdviceQuerySet:
        """Prefetches everything that a row or page shows."""
        related = ["decision__organisation", "decision__team", "decision__author", "round__author"]
        return self.with_steps().select_related(*related, "adviser__team")

    def with_steps(self) -> AdviceQuerySet:
        """Prefetches the steps and people that a record holds."""
        steps = models.Prefetch(
            "steps", AdviceStep.objects.order_by("number").select_related("by", "to__team")
        )
        return self.select_related("by", "adviser").prefetch_related(steps)


def _last_step_at(kind: Step) -> Subquery:
    steps = AdviceStep.objects.filter(advice=OuterRef("pk"), kind=kind).order_by("-number")
    return Subquery(steps.values("at")[:1])


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField())


class Advice(RecordedFact):
    """A question about a round, to one adviser or, where `adviser` is null, to the IG team's queue.

    `part` is the part it was asked on, empty for the page that checks all answers. `as_it_stood` is the snapshot of
    the round shown to the adviser (see `decisions.record.build.snapshot_of`), independent of later changes.
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

    # Annotated by `.with_state()`.
    last_kind: str
    holder_step: str
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
        return self.adviser.name_at(self.at) if self.adviser else IG_TEAM

    @property
    def holder(self) -> User | None:
        """The adviser who holds the question; None in the IG team's queue."""
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
        """Whether the holder of an open question has left the organisation."""
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
        """The step that says whether the reply was followed, if any."""
        return self._step_of(*SETTLING)

    def last_step_at(self, kind: Step) -> datetime.datetime | None:
        """Time of the last step of this kind."""
        return next((step.at for step in reversed(self.steps.all()) if step.kind == kind), None)

    def _step_of(self, *kinds: Step) -> AdviceStep | None:
        return next((step for step in self.steps.all() if step.kind in kinds), None)

    def get_absolute_url(self) -> str:
        return reverse("advice:question", args=[self.pk])
