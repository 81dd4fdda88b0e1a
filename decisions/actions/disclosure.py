"""What a person may be given of what is recorded about them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.ledger import record_all_in_ledger, record_in_ledger
from decisions.models import Access, Decision, DisclosureMark, SubjectAccess

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def mark_for_disclosure(
    *, by: User, decision: Decision, passage: str, withheld: bool, reason: str, needed: str = ""
) -> DisclosureMark:
    """Say whether a passage is withheld from the person it is about; what was said last counts.

    Raises NotAllowed or NothingRecorded.
    """
    policies.check_can_mark_for_disclosure(by, decision)
    mark = DisclosureMark.objects.create(
        decision=decision,
        passage=passage,
        withheld=withheld,
        reason=reason,
        needed=needed,
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=mark)
    return mark


@transaction.atomic
def prepare_subject_access(*, by: User, decisions: Collection[Decision]) -> SubjectAccess:
    """Begin to prepare what is disclosed: that these were found is recorded. Raises NotAllowed."""
    policies.check_can_look_after_records(by)
    assert by.organisation is not None
    prepared = SubjectAccess.objects.create(
        organisation=by.organisation,
        references=sorted(decision.reference for decision in decisions),
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=prepared)
    return prepared


@transaction.atomic(savepoint=False)
def log_subject_access_copy(
    *, by: User, decisions: Collection[Decision], page: str, way: Access.Way
) -> list[Access]:
    """Log a look at each of these, in as many statements for one as for a hundred."""
    now = timezone.now()
    looks = Access.objects.bulk_create(
        Access(
            organisation_id=decision.organisation_id,
            reference=decision.reference,
            page=page,
            way=way,
            by=by,
            at=now,
        )
        for decision in decisions
    )
    record_all_in_ledger(by=by, rows=looks)
    return looks
