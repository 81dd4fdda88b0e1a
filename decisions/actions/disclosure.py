"""What a person may be given of what is recorded about them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.ledger import record_all_in_ledger, record_in_ledger
from decisions.actions.locks import lock_decision, lock_round
from decisions.models import Access, Decision, DisclosureMark, PassageToWithhold, Round, SubjectAccess
from decisions.record.redaction import passages_of_round

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def mark_for_disclosure(
    *, by: User, decision: Decision, passage: str, withheld: bool, reason: str, identifier_reason: str = ""
) -> DisclosureMark:
    """Say whether a passage is withheld from the person it is about; what was said last counts.

    Raises NotAllowed or NothingRecorded.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_mark_for_disclosure(by, decision)
    mark = DisclosureMark.objects.create(
        decision=decision,
        passage=passage,
        withheld=withheld,
        reason=reason,
        identifier_reason=identifier_reason,
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=mark)
    return mark


@transaction.atomic
def withhold_draft_passage(
    *, by: User, round: Round, passage: str, reason: str, identifier_reason: str = ""
) -> None:
    """Mean to withhold a passage of a draft; what was said last counts. Raises NotAllowed or RoundIsRecorded."""
    policies.check_can_write(by, lock_round(round, by=by))
    PassageToWithhold.objects.update_or_create(
        round=round, passage=passage, defaults={"reason": reason, "identifier_reason": identifier_reason}
    )


@transaction.atomic
def disclose_draft_passage(*, by: User, round: Round, passage: str) -> None:
    """Mean to withhold it no more. Raises NotAllowed or RoundIsRecorded."""
    policies.check_can_write(by, lock_round(round, by=by))
    PassageToWithhold.objects.filter(round=round, passage=passage).delete()


def withhold_marked_passages(*, by: User, round: Round) -> None:
    """Part of recording a round: marks take the place of what its writer meant to withhold and is still in it."""
    to_withhold = list(round.to_withhold.all())
    if not to_withhold:
        return
    assert round.record is not None
    there = {passage.name for passage in passages_of_round(round.record)}
    for meant in to_withhold:
        if meant.passage in there:
            mark_for_disclosure(
                by=by,
                decision=round.decision,
                passage=meant.passage,
                withheld=True,
                reason=meant.reason,
                identifier_reason=meant.identifier_reason,
            )
    round.to_withhold.all().delete()


@transaction.atomic
def prepare_subject_access(*, by: User, decisions: Collection[Decision]) -> SubjectAccess:
    """Begin to prepare what is disclosed: that these were found is recorded. Raises NotAllowed."""
    policies.check_can_manage_records(by)
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
    *, by: User, decisions: Collection[Decision], page: str, channel: Access.Channel
) -> list[Access]:
    """Log a look at each of these, in as many statements for one as for a hundred."""
    now = timezone.now()
    looks = Access.objects.bulk_create(
        Access(
            organisation_id=decision.organisation_id,
            reference=decision.reference,
            page=page,
            channel=channel,
            by=by,
            at=now,
        )
        for decision in decisions
    )
    record_all_in_ledger(by=by, rows=looks)
    return looks
