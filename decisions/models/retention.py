"""Retention rules, legal holds, and disposals by two people.

Rows are append-only. A rule applies until the next for the same outcome; a hold until its release. A confirmed disposal
deletes the decision with all related rows, holds too; its proposal and answer remain as a stub.
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
from decisions.domain.retention_rules import DEFAULT_YEARS, MAX_YEARS, Rules, years_after
from decisions.models.access import Access
from decisions.models.base import RecordedFact
from decisions.models.ledger import LedgerEntry
from sharingwell.accounts.models import Organisation, Role
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


class OrganisationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of the organisation are visible to its IG managers."""
        if not user.is_authenticated or not user.is_active or not user.has_role(Role.IG_MANAGER):
            return self.none()
        return self.filter(organisation=user.organisation) if user.organisation else self.none()


class RetentionRuleQuerySet(OrganisationQuerySet):
    def current(self, organisation: Organisation) -> Rules:
        """Current rules of an organisation, in one query."""
        latest = self.filter(organisation=organisation).order_by("outcome", "-pk").distinct("outcome")
        by_outcome = dict(latest.values_list("outcome", "years"))
        return Rules(
            years=by_outcome.pop("", None) or DEFAULT_YEARS,
            by_outcome={outcome: years for outcome, years in by_outcome.items() if years is not None},
        )


class RetentionRule(models.Model):
    """Retention period in years after the last activity, for one outcome or, with an empty outcome, for all others.

    Without years, the outcome follows the general rule again.
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
                condition=Q(years__isnull=False, years__range=(1, MAX_YEARS))
                | (Q(years__isnull=True) & ~Q(outcome="")),
                name="retention_rule_has_years",
            ),
        ]
        triggers = [*append_only(), requires_ig_manager()]

    def __str__(self) -> str:
        return f"{self.years} years"


def no_delete_while_held() -> pgtrigger.Trigger:
    """Trigger that prevents deletion of drafts on legal hold. Recorded rounds are protected anyway."""
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
    """A legal hold: prevents disposal of the decision until it is released."""

    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()

    objects = HoldQuerySet.as_manager()

    class Meta(RecordedFact.Meta):
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="hold_gives_a_reason")]
        triggers = [*append_only(of=OF_THE_DECISION), requires_recorded_round_or_advice()]

    def __str__(self) -> str:
        return f"held since {self.at:%-d %B %Y}"


class Release(RecordedFact):
    """Ends a legal hold."""

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
        """Proposals without an answer."""
        return self.filter(answer__isnull=True)

    def disposed(self) -> DisposalProposalQuerySet:
        """Stubs of disposed decisions."""
        return self.filter(answer__confirmed=True).select_related("by", "answer__by")

    def known_to(self, user: User | AnonymousUser) -> DisposalProposalQuerySet:
        """Proposals for decisions this person could read: all for IG managers, for others those they have accessed."""
        accessed = Access.objects.filter(by_id=user.pk, reference=OuterRef("reference"))
        return self.filter(
            Q(pk__in=DisposalProposal.objects.visible_to(user).values("pk")) | Exists(accessed)
        )


class DisposalProposal(models.Model):
    """Proposal to dispose of a decision, and the stub that remains of it. Holds no text of the decision.

    Refers to the decision by key and reference, because its row is deleted.
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
            models.CheckConstraint(condition=Q(years__range=(1, MAX_YEARS)), name="proposal_has_years"),
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
        """Ledger entries of the deleted hand-overs: actor and time, without reasons."""
        keys = self.answer.removed.get("hand_over", [])
        entries = LedgerEntry.objects.filter(organisation_id=self.organisation_id, kind="hand_over")
        return entries.filter(subject__in=keys).select_related("actor").order_by("sequence")


class DisposalAnswer(models.Model):
    """Answer to a proposal. Rows can be deleted only once it is confirmed by a second person and in the ledger.

    `removed` lists the deleted rows by kind and key, for verification of the ledger.
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
