"""Exports of the log, and the size of the monthly review sample."""

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
    """Sets the review sample from this month on. Raises NotAllowed."""
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


@transaction.atomic(savepoint=False)  # the request fails with it
def log_export(
    *, by: User, kind: Export.Format | str, query: str, by_words: bool = False, decisions: Sequence[int]
) -> Export:
    """Logs an export as an access to each of these decisions, given by key, before it is sent.

    `query` is the query string of the filter without search words; `by_words` says that there were some. Raises
    NotAllowed. The caller must not send the file if this raises.
    """
    policies.check_can_review_log(by)
    assert by.organisation is not None
    export = Export.objects.create(
        organisation=by.organisation,
        filter=query,
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
    """Logs whether the whole file was sent."""
    end = ExportEnd.objects.create(export=export, sent=sent, is_whole=is_whole, by=by, at=timezone.now())
    record_in_ledger(by=by, row=end)
    return end
