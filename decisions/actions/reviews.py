"""Reviews of recorded rounds."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.follow_up import recent_duplicate
from decisions.actions.ledger import record_in_ledger
from decisions.actions.locks import lock_decision
from decisions.models import LawfulBasis, OffenceCondition, Review, Round, SpecialCategoryCondition
from decisions.tasks.notifications import tell_of_review

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def review_round(
    *,
    by: User,
    round: Round,
    finding: Review.Finding | str,
    comment: str = "",
    lawful_basis: LawfulBasis | str = "",
    special_category_condition: SpecialCategoryCondition | str = "",
    offence_condition: OffenceCondition | str = "",
    identifier_reason: str = "",
    at: datetime.datetime | None = None,
) -> Review:
    """Records a finding on this round, which need not be the latest. A repeated submission is recorded once.

    Notifies the responsible person of findings in `Review.NEEDS_RESPONSE`. `identifier_reason` is the reason for a
    possible identifier in the comment; `at` defaults to now. Raises NotAllowed or NothingRecorded.
    """
    decision = lock_decision(round.decision_id)
    policies.check_can_review(by, decision)
    at = at or timezone.now()
    facts = {
        "by": by,
        "finding": finding,
        "comment": comment,
        "lawful_basis": lawful_basis,
        "special_category_condition": special_category_condition,
        "offence_condition": offence_condition,
        "identifier_reason": identifier_reason,
    }
    reviews = Review.objects.filter(round=round)
    if duplicate := recent_duplicate(reviews, at, facts):
        return duplicate
    review = Review.objects.create(round=round, at=at, **facts)
    record_in_ledger(by=by, row=review)
    tell_of_review(review, decision)
    return review
