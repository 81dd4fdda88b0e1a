"""Target times of organisations for replies to questions. The latest row is current."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q

from decisions.database.triggers import append_only
from decisions.domain.working_time import HOURS_IN_A_DAY, working_hours_after, working_hours_before
from decisions.models.retention import OrganisationQuerySet
from sharingwell.accounts.models import Organisation

MAX_HOURS, MAX_DAYS = 40, 20


@dataclass(frozen=True)
class Targets:
    """Working hours for urgent questions, working days for others."""

    urgent_hours: int = 2
    days: int = 2

    def hours(self, *, urgent: bool) -> int:
        return self.urgent_hours if urgent else self.days * HOURS_IN_A_DAY

    def due_at(self, since: datetime.datetime, *, urgent: bool) -> datetime.datetime:
        return working_hours_after(since, self.hours(urgent=urgent))


class AdviceTargetQuerySet(OrganisationQuerySet):
    def current(self, organisation: Organisation) -> Targets:
        """Current targets of an organisation, in one query."""
        latest = self.filter(organisation=organisation).order_by("-pk").first()
        return Targets(latest.urgent_hours, latest.days) if latest else Targets()

    def overdue_if(self, now: datetime.datetime) -> Q:
        """Condition for overdue `Advice` annotated with `waiting_since`; takes one query for all organisations."""
        latest = self.order_by("organisation_id", "-pk").distinct("organisation_id")
        targets_of = {row.organisation_id: Targets(row.urgent_hours, row.days) for row in latest}
        late = _late(Targets(), now) & ~Q(decision__organisation__in=list(targets_of))
        for organisation, targets in targets_of.items():
            late |= _late(targets, now) & Q(decision__organisation=organisation)
        return late


def _late(targets: Targets, now: datetime.datetime) -> Q:
    condition = Q()
    for urgent in [True, False]:
        asked_before = working_hours_before(now, targets.hours(urgent=urgent))
        condition |= Q(urgent=urgent, waiting_since__lt=asked_before)
    return condition


class AdviceTarget(models.Model):
    """Target for replies: working hours if urgent, otherwise working days."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    urgent_hours = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AdviceTargetQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["organisation", "-id"], name="advice_target_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(urgent_hours__range=(1, MAX_HOURS), days__range=(1, MAX_DAYS)),
                name="advice_target_in_range",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.urgent_hours} working hours, {self.days} working days"
