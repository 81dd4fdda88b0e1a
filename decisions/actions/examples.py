"""Worked examples for the guide, written from decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.ledger import record_in_ledger
from decisions.actions.locks import lock_decision
from decisions.models import ExampleOrigin, Round
from decisions.models.review import learning_review
from guidance.editing.proposals import propose_example

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def draft_example(
    *, by: User, round: Round, title: str, text: str, section: str, identifier_reason: str = ""
) -> ExampleOrigin:
    """Adds a worked example to the next draft of the guide and records its origin within the organisation.

    `identifier_reason` is the reason for a possible identifier in it. Raises NotAllowed, NotMarkedAsLearning, and
    the errors of `propose_example`.
    """
    lock_decision(round.decision_id)
    policies.check_can_draft_example(by, round)
    review = learning_review(round)
    assert review is not None
    example = propose_example(by=by, title=title, text=text, section=section)
    origin = ExampleOrigin.objects.create(
        review=review,
        version_key=example.version_id,
        example=example.slug,
        identifier_reason=identifier_reason,
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=origin)
    return origin
