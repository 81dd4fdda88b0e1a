"""Shares decisions and hands them over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.ledger import record_in_ledger
from decisions.actions.locks import lock_decision
from decisions.models import Decision, HandOver, Round, Share, ShareEnd

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def share_decision(*, by: User, decision: Decision, person: User) -> Share:
    """Shares a decision with a colleague. Repeated calls have no effect. Raises NotAllowed, NothingRecorded or
    NotAColleague.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_share(by, decision)
    policies.check_can_be_shared_with(person, decision)
    existing = decision.shares.open().filter(person=person).first()
    if existing:
        return existing
    share = Share.objects.create(decision=decision, person=person, by=by, at=timezone.now())
    record_in_ledger(by=by, row=share)
    return share


@transaction.atomic
def end_share(*, by: User, share: Share) -> ShareEnd:
    """Ends a share. Repeated calls have no effect. Raises NotAllowed."""
    decision = lock_decision(share.decision_id)
    policies.check_can_end_share(by, decision)
    existing = ShareEnd.objects.filter(share=share).first()
    if existing:
        return existing
    end = ShareEnd.objects.create(share=share, by=by, at=timezone.now())
    record_in_ledger(by=by, row=end)
    return end


@transaction.atomic
def hand_over_decision(
    *, by: User, decision: Decision, to: User, reason: str, identifier_reason: str = ""
) -> HandOver:
    """Makes a colleague responsible for a decision, and author of its draft, if any.

    Raises NotAllowed or NotAColleague.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_hand_over(by, decision)
    policies.check_can_be_handed(to, decision)
    Round.objects.filter(decision=decision, recorded_at__isnull=True).update(author=to)
    hand_over = HandOver.objects.create(
        organisation_id=decision.organisation_id,
        decision=decision,
        to=to,
        reason=reason,
        identifier_reason=identifier_reason,
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=hand_over)
    return hand_over
