"""Other people involved in a decision: shares and hand-overs."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from decisions.database.triggers import (
    OF_THE_DECISION,
    OF_THE_REFERENCE,
    append_only,
    requires_colleague,
    requires_recorded_round,
)
from decisions.models.base import RecordedFact
from sharingwell.accounts.models import Organisation


class ShareQuerySet(models.QuerySet["Share"]):
    def open(self) -> ShareQuerySet:
        return self.filter(end__isnull=True)


class Share(models.Model):
    """Lets a colleague read a decision until a `ShareEnd`."""

    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="shares")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shares")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers: list[pgtrigger.Trigger] = [
            *append_only(of=OF_THE_DECISION),
            requires_recorded_round(),
            requires_colleague("person_id", of="decision.id = NEW.decision_id"),
        ]

    def __str__(self) -> str:
        return f"shared {self.at:%-d %B %Y}"


class ShareEnd(models.Model):
    """Ends a share."""

    share = models.OneToOneField(Share, on_delete=models.PROTECT, related_name="end")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        triggers = append_only(of="(SELECT decision_id FROM decisions_share WHERE id = OLD.share_id)")

    def __str__(self) -> str:
        return f"ended {self.at:%-d %B %Y}"


class HandOver(RecordedFact):
    """Makes another person responsible for a decision; the latest counts.

    References the decision by its reference, so that it outlives a discarded draft. Disposal of the decision
    deletes it; its ledger entry keeps actor and time.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    decision = models.ForeignKey(
        "decisions.Decision",
        to_field="reference",
        db_column="reference",
        db_constraint=False,
        db_index=False,
        on_delete=models.DO_NOTHING,
    )
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta(RecordedFact.Meta):
        indexes = [models.Index(fields=["decision", "-id"], name="hand_over_by_reference")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="hand_over_gives_a_reason")]
        triggers: list[pgtrigger.Trigger] = [
            *append_only(of=OF_THE_REFERENCE),
            requires_colleague(
                "to_id",
                of="decision.reference = NEW.reference AND decision.organisation_id = NEW.organisation_id",
            ),
        ]

    def __str__(self) -> str:
        return f"handed over {self.at:%-d %B %Y}"
