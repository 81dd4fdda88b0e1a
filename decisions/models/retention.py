"""What must go: how long decisions are kept, what holds one back, and how two people dispose of one.

Rows are added and never altered. A rule counts until the next for the same outcome; a hold until its release. A
confirmed disposal deletes the decision with all that hangs on it, holds as well; proposal and answer stay as the stub.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from decisions.database.disposal_triggers import HELD, confirmed_by_another_person, of_a_decision_not_held
from decisions.database.triggers import (
    OF_THE_DECISION,
    append_only,
    requires_ig_manager,
    requires_recorded_round_or_advice,
)
from decisions.domain.retention_rules import DEFAULT_YEARS, LONGEST, Rules, years_after
from decisions.models.access import Access
from decisions.models.base import RecordedFact
from decisions.models.ledger import LedgerEntry
from sharingwell.accounts.models import Organisation, Role
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


class OrganisationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What becomes of records is for the organisation's IG managers."""
        if not user.is_authenticated or not user.is_active or not user.has_role(Role.IG_MANAGER):
            return self.none()
        return self.filter(organisation=user.organisation) if user.organisation else self.none()


class RetentionRuleQuerySet(OrganisationQuerySet):
    def now(self, organisation: Organisation) -> Rules:
        """Those that count, in one query."""
        latest = self.filter(organisation=organisation).order_by("outcome", "-pk").distinct("outcome")
        stated = dict(latest.values_list("outcome", "years"))
        return Rules(
            years=stated.pop("", None) or DEFAULT_YEARS,
            by_outcome={outcome: years for outcome, years in stated.items() if years is not None},
        )


class RetentionRule(models.Model):
    """For how many years after the last activity decisions are kept: those with one outcome, or all others.

    Without years, the outcome is kept as long as all others from then on.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(
        max_length=60, blank=True, help_text="The key of an option; none for all others."
    )
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["organisation", "outcome", "-id"], name="retention_rule_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(years__isnull=False, years__range=(1, LONGEST))
                | (Q(years__isnull=True) & ~Q(outcome="")),
                name="retention_rule_has_years",
            ),
        ]
        triggers = [*append_only(), requires_ig_manager()]

    def __str__(self) -> str:
        return f"{self.years} years"


def refused_while_held() -> pgtrigger.Trigger:
    """A draft of a decision that is held stays; what is recorded stays in any case."""
    return NonBypassableTrigger(
        name="no_delete_while_held",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=f"""
            IF EXISTS ({HELD.format(decision="OLD.decision_id")}) THEN
                {REFUSE.format(message="A decision on legal hold is kept, with its draft.")}
            END IF;
            RETURN OLD;
        """,
    )


class HoldQuerySet(models.QuerySet["Hold"]):
    def in_force(self) -> HoldQuerySet:
        return self.filter(release__isnull=True)


class Hold(RecordedFact):
    """A legal hold: the decision is not disposed of, however old it is, until this is released."""

    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()

    objects = HoldQuerySet.as_manager()

    class Meta(RecordedFact.Meta):
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="hold_gives_a_reason")]
        triggers = [*append_only(of=OF_THE_DECISION), requires_recorded_round_or_advice()]

    def __str__(self) -> str:
        return f"held since {self.at:%-d %B %Y}"


class Release(RecordedFact):
    """The end of a hold."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="release")
    reason = models.TextField()

    class Meta(RecordedFact.Meta):
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="release_gives_a_reason")]
        triggers = [
            *append_only(of="(SELECT decision_id FROM decisions_hold WHERE id = OLD.hold_id)"),
            requires_ig_manager(
                "(SELECT decision.organisation_id FROM decisions_hold AS hold JOIN decisions_decision AS decision "
                "ON decision.id = hold.decision_id WHERE hold.id = NEW.hold_id)"
            ),
        ]

    def __str__(self) -> str:
        return f"released {self.at:%-d %B %Y}"


class DisposalProposalQuerySet(OrganisationQuerySet):
    def waiting(self) -> DisposalProposalQuerySet:
        """For a second person."""
        return self.filter(answer__isnull=True)

    def disposed(self) -> DisposalProposalQuerySet:
        """The stubs of what is gone."""
        return self.filter(answer__confirmed=True).select_related("by", "answer__by")

    def known_to(self, user: User | AnonymousUser) -> DisposalProposalQuerySet:
        """Those of decisions that this person could read: IG managers all, others what they once looked at."""
        looked = Access.objects.filter(by_id=user.pk, reference=OuterRef("reference"))
        return self.filter(Q(pk__in=DisposalProposal.objects.visible_to(user).values("pk")) | Exists(looked))


class DisposalProposal(models.Model):
    """That a decision should go, and what remains of it once it is gone: no word of what it was about.

    It names the decision by its key and reference, because the decision's row goes.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    decision_key = models.PositiveBigIntegerField(db_index=True)
    reference = models.CharField(max_length=12, db_index=True)
    started_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()
    years = models.PositiveSmallIntegerField(help_text="The rule by which it fell due.")
    outcome = models.CharField(
        max_length=60, blank=True, help_text="Of the rule; none where it is the rule for all others."
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = DisposalProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(years__range=(1, LONGEST)), name="proposal_has_years"),
        ]
        triggers = [
            *append_only(),
            requires_ig_manager(),
            of_a_decision_not_held(),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def due_on(self) -> datetime.date:
        return years_after(timezone.localdate(self.last_activity_at), self.years)

    @property
    def hand_overs(self) -> models.QuerySet[LedgerEntry]:
        """Of what is gone: that it was handed over, by whom and when. The reasons are gone."""
        keys = self.answer.removed.get("hand_over", [])
        entries = LedgerEntry.objects.filter(organisation_id=self.organisation_id, kind="hand_over")
        return entries.filter(subject__in=keys).select_related("actor").order_by("sequence")


class DisposalAnswer(models.Model):
    """What was said of a proposal. Confirmed by another person and in the ledger, it is what lets rows be deleted.

    `removed` names them, by kind and key, so that verifying the ledger can tell what is gone by right.
    """

    proposal = models.OneToOneField(DisposalProposal, on_delete=models.PROTECT, related_name="answer")
    confirmed = models.BooleanField()
    reason = models.TextField(blank=True, help_text="Why it was declined.")
    identifier_reason = models.TextField(
        blank=True, help_text="Why the reason has to hold what looks like an identifier."
    )
    removed = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [
            GinIndex(fields=["removed"], opclasses=["jsonb_path_ops"], name="disposal_removed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(confirmed=True, reason="", identifier_reason="") & ~Q(removed={}))
                | (Q(confirmed=False, removed={}) & ~Q(reason="")),
                name="disposal_names_rows_or_a_reason",
            ),
        ]
        triggers = [
            *append_only(),
            requires_ig_manager(
                "(SELECT organisation_id FROM decisions_disposalproposal WHERE id = NEW.proposal_id)"
            ),
            confirmed_by_another_person(),
        ]

    def __str__(self) -> str:
        return "confirmed" if self.confirmed else "declined"
