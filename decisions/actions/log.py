"""What is taken out of the log, and how much of it is reviewed each month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.ledger import record_in_ledger
from decisions.models import Export, ExportEnd, SampleRule

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def set_sample_rule(*, by: User, share: int, urgent: bool, refusals: bool) -> SampleRule:
    """Review this much of each month, from this month on. Raises NotAllowed."""
    policies.check_can_review_log(by)
    assert by.organisation is not None
    rule = SampleRule.objects.create(
        organisation=by.organisation,
        share=share,
        urgent=urgent,
        refusals=refusals,
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=rule)
    return rule


@transaction.atomic(savepoint=False)  # nothing leaves where it fails, so there is nothing to go back to
def log_export(
    *, by: User, kind: Export.Format | str, asked: str, by_words: bool = False, decisions: Sequence[int]
) -> Export:
    """Write down what is about to be taken out: a look at each of these decisions, given by their keys.

    `asked` is the filter as the address had it, but for words that were searched for (`by_words`). Raises NotAllowed.
    Whatever goes wrong here, nothing is to leave.
    """
    policies.check_can_review_log(by)
    assert by.organisation is not None
    export = Export.objects.create(
        organisation=by.organisation,
        filter=asked,
        by_words=by_words,
        format=kind,
        count=len(decisions),
        decisions=list(decisions),
        by=by,
        at=timezone.now(),
    )
    record_in_ledger(by=by, row=export)
    return export


@transaction.atomic
def end_export(*, by: User, export: Export, sent: int, is_whole: bool) -> ExportEnd:
    """Write down whether the file went out to its end."""
    end = ExportEnd.objects.create(export=export, sent=sent, is_whole=is_whole, by=by, at=timezone.now())
    record_in_ledger(by=by, row=end)
    return end
