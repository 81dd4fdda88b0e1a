"""Retention rules, legal holds, and disposal by two people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.ledger import record_in_ledger
from decisions.actions.locks import lock_decision
from decisions.domain.retention_rules import Rules
from decisions.errors import AlreadyProposed, NotDue, NotProposed, OnHold
from decisions.ledger.facts import KINDS
from decisions.models import (
    Decision,
    DisposalAnswer,
    DisposalProposal,
    Hold,
    Release,
    RetentionRule,
)
from decisions.models.retention_queries import retention_of

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def set_retention_rule(*, by: User, years: int | None, outcome: str = "") -> RetentionRule:
    """Sets the retention period in years for this outcome, or for all others. Raises NotAllowed.

    Without years, the outcome follows the general rule.
    """
    policies.check_can_manage_records(by)
    assert by.organisation is not None
    rule = RetentionRule.objects.create(
        organisation=by.organisation, outcome=outcome, years=years, by=by, at=timezone.now()
    )
    record_in_ledger(by=by, row=rule)
    return rule


@transaction.atomic
def set_retention_rules(*, by: User, years: Mapping[str, int | None]) -> list[RetentionRule]:
    """Sets several rules in one transaction: years by outcome, the empty one for all others. Raises NotAllowed."""
    return [set_retention_rule(by=by, years=length, outcome=outcome) for outcome, length in years.items()]


@transaction.atomic
def hold_decision(*, by: User, decision: Decision, reason: str, identifier_reason: str = "") -> Hold:
    """Places a decision on legal hold. Raises NotAllowed, NothingRecorded, or OnHold if it is held."""
    decision = lock_decision(decision.pk)
    policies.check_can_hold(by, decision)
    check_not_held(decision)
    hold = Hold.objects.create(
        decision=decision, reason=reason, identifier_reason=identifier_reason, by=by, at=timezone.now()
    )
    record_in_ledger(by=by, row=hold)
    return hold


@transaction.atomic
def lift_hold(*, by: User, hold: Hold, reason: str, identifier_reason: str = "") -> Release:
    """Releases a hold. Repeated calls have no effect. Raises NotAllowed."""
    policies.check_can_manage_retention(by, lock_decision(hold.decision_id))
    earlier = Release.objects.filter(hold=hold).first()
    if earlier:
        return earlier
    release = Release.objects.create(
        hold=hold, reason=reason, identifier_reason=identifier_reason, by=by, at=timezone.now()
    )
    record_in_ledger(by=by, row=release)
    return release


@transaction.atomic
def propose_disposal(*, by: User, decision: Decision) -> DisposalProposal:
    """Proposes to dispose of a decision. Raises NotAllowed, OnHold, NotDue or AlreadyProposed."""
    decision = lock_decision(decision.pk)
    policies.check_can_manage_retention(by, decision)
    check_not_held(decision)
    if DisposalProposal.objects.waiting().filter(decision_key=decision.pk).exists():
        raise AlreadyProposed(decision)
    found, rules = _check_due(decision)
    proposal = DisposalProposal.objects.create(
        organisation=decision.organisation,
        decision_key=decision.pk,
        reference=decision.reference,
        started_at=decision.started_at,
        last_activity_at=found.last_activity_at,
        years=rules.years_for(found.latest_outcome),
        outcome=found.latest_outcome if found.latest_outcome in rules.by_outcome else "",
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=proposal)
    return proposal


@transaction.atomic
def decline_disposal(
    *, by: User, decision: Decision, reason: str, identifier_reason: str = ""
) -> DisposalAnswer:
    """Declines a disposal with a reason; the proposer may do so too. Raises NotAllowed or NotProposed.

    `identifier_reason` is the reason for a possible identifier in the reason.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_manage_retention(by, decision)
    answer = DisposalAnswer.objects.create(
        proposal=_waiting(decision),
        confirmed=False,
        reason=reason,
        identifier_reason=identifier_reason,
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=answer)
    return answer


@transaction.atomic
def confirm_disposal(*, by: User, decision: Decision) -> DisposalAnswer:
    """Deletes a decision with all related rows. Only the proposal and this answer remain.

    Checks the due date again, because activity since the proposal may have moved it. Raises NotAllowed,
    NotProposed, OnHold or NotDue.
    """
    decision = lock_decision(decision.pk)
    proposal = _waiting(decision)
    policies.check_can_confirm_disposal(by, proposal)
    check_not_held(decision)
    _check_due(decision)
    answer = DisposalAnswer.objects.create(
        proposal=proposal, confirmed=True, removed=_recorded_keys(decision), by=by, at=timezone.now()
    )
    record_in_ledger(by=by, row=answer)  # first: triggers require it for deletion
    for rows in _rows_of(decision):
        rows.delete()
    decision.delete()
    return answer


def related_models(model: type[models.Model], path: str = "") -> Iterator[tuple[type[models.Model], str]]:
    """Yields dependent models with the lookup from each to the decision, deepest first.

    Read from the model registry, so that new models are included.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if (
            not relation.auto_created
            or relation.concrete
            or not (relation.one_to_many or relation.one_to_one)
        ):
            continue
        assert isinstance(relation, models.ForeignObjectRel)
        other = relation.related_model
        path_to_decision = "__".join(filter(None, [relation.field.name, path]))
        yield from related_models(other, path_to_decision)
        yield other, path_to_decision


def _rows_of(decision: Decision) -> Iterator[models.QuerySet[Any]]:
    """Querysets of the dependent rows. The access log is not among them."""
    for model, path in related_models(Decision):
        yield model._default_manager.filter(**{path: decision})


def _recorded_keys(decision: Decision) -> dict[str, list[int]]:
    """Keys of rows with ledger entries, by kind."""
    found: dict[str, set[int]] = defaultdict(set)
    for dependent in _rows_of(decision):
        for kind in KINDS.values():
            rows = kind.rows()
            if rows.model is dependent.model:
                recorded = rows.filter(pk__in=dependent.order_by().values("pk"))
                found[kind.name] |= set(recorded.values_list("pk", flat=True))
    return {name: sorted(keys) for name, keys in sorted(found.items()) if keys}


def check_not_held(decision: Decision) -> None:
    """Raises OnHold."""
    if Hold.objects.in_force().filter(decision=decision).exists():
        raise OnHold(decision)


def _check_due(decision: Decision) -> tuple[Any, Rules]:
    """Raises NotDue, also without a recorded fact: drafts expire and are not disposed of."""
    found, rules, on = retention_of(decision)
    if not found.has_something_recorded or on > timezone.localdate():
        raise NotDue(decision)
    return found, rules


def _waiting(decision: Decision) -> DisposalProposal:
    proposal: DisposalProposal | None = (
        DisposalProposal.objects.waiting().filter(decision_key=decision.pk).first()
    )
    if proposal is None:
        raise NotProposed(decision)
    return proposal
