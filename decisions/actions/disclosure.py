"""Disclosure of records to their subject."""

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
    """Marks a passage as withheld from the data subject or not; the latest mark counts.

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
    """Plans to withhold a passage of a draft; the latest counts. Raises NotAllowed or RoundIsRecorded."""
    policies.check_can_write(by, lock_round(round, by=by))
    PassageToWithhold.objects.update_or_create(
        round=round, passage=passage, defaults={"reason": reason, "identifier_reason": identifier_reason}
    )


@transaction.atomic
def disclose_draft_passage(*, by: User, round: Round, passage: str) -> None:
    """Cancels a plan to withhold a passage of a draft. Raises NotAllowed or RoundIsRecorded."""
    policies.check_can_write(by, lock_round(round, by=by))
    PassageToWithhold.objects.filter(round=round, passage=passage).delete()


def withhold_marked_passages(*, by: User, round: Round) -> None:
    """Turns planned withholdings of passages that are in the record into marks, when a round is recorded."""
    to_withhold = list(round.to_withhold.all())
    if not to_withhold:
        return
    assert round.record is not None
    names = {passage.name for passage in passages_of_round(round.record)}
    for planned in to_withhold:
        if planned.passage in names:
            mark_for_disclosure(
                by=by,
                decision=round.decision,
                passage=planned.passage,
                withheld=True,
                reason=planned.reason,
                identifier_reason=planned.identifier_reason,
            )
    round.to_withhold.all().delete()


@transaction.atomic
def prepare_subject_access(*, by: User, decisions: Collection[Decision]) -> SubjectAccess:
    """Records that a subject access request found these decisions. Raises NotAllowed."""
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
    """Logs an access to each of these decisions, in a fixed number of statements."""
    now = timezone.now()
    entries = Access.objects.bulk_create(
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
    record_all_in_ledger(by=by, rows=entries)
    return entries
